"""What the analysis of a SQL text gives."""

from __future__ import annotations

from dataclasses import dataclass

from songbook.lineage.edges import ColumnEdge


@dataclass(frozen=True, slots=True)
class SqlLineage:
    """The tables and columns that a script reads and writes; names are dotted and qualified.

    `columns` are DIRECT edges, `indirect` the others. `errors` says in plain sentences what is
    missing or was read tolerantly; `confidence` is 1.0 exactly when there are none.
    """

    tables_in: frozenset[str] = frozenset()
    tables_out: frozenset[str] = frozenset()
    columns: tuple[ColumnEdge, ...] = ()
    indirect: tuple[ColumnEdge, ...] = ()
    errors: tuple[str, ...] = ()
    confidence: float = 1.0
