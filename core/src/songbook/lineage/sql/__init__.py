"""The lineage of SQL: from a text to the tables and columns it reads and writes.

text → statements (words, blocks, routines, templates, repairs) → trees (parse)
     → relations (queries, sources, expressions, stars, pivots) → edges (statements, outcome)
"""

from songbook.lineage.edges import ColumnEdge
from songbook.lineage.sql.analysis import analyze, tables_of
from songbook.lineage.sql.definition import Definition
from songbook.lineage.sql.many import analyze_many, tables_of_many
from songbook.lineage.sql.result import SqlLineage

__all__ = [
    "ColumnEdge",
    "Definition",
    "SqlLineage",
    "analyze",
    "analyze_many",
    "tables_of",
    "tables_of_many",
]
