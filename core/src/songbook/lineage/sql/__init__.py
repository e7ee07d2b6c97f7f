"""The lineage of SQL: from a text to the tables and columns it reads and writes."""

from songbook.lineage.edges import ColumnEdge
from songbook.lineage.sql.analysis import analyze
from songbook.lineage.sql.result import SqlLineage

__all__ = ["ColumnEdge", "SqlLineage", "analyze"]
