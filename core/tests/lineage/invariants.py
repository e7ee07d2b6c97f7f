"""What holds for every lineage, whatever the text it was read from."""

from __future__ import annotations

from collections.abc import Iterator

from songbook.lineage.sql import ColumnEdge, SqlLineage

DIRECT = {"IDENTITY", "TRANSFORMATION", "AGGREGATION"}
OF_THE_ROWS = {"JOIN", "GROUP_BY", "FILTER", "SORT"}
OF_A_COLUMN = {"WINDOW", "CONDITIONAL"}


def broken(found: SqlLineage) -> list[str]:
    """The rules that a lineage breaks, in words."""
    return [
        *_errors(found),
        *(f"direct: {it}: {why}" for it in found.columns for why in _direct(it, found)),
        *(f"indirect: {it}: {why}" for it in found.indirect for why in _indirect(it, found)),
        *_twice(found.columns),
        *_twice(found.indirect),
    ]


def _errors(found: SqlLineage) -> Iterator[str]:
    if not 0.0 <= found.confidence <= 1.0:
        yield f"confidence {found.confidence}"
    if (found.confidence < 1.0) != bool(found.errors):
        yield f"confidence {found.confidence} with errors {found.errors}"
    for error in found.errors:
        if not error.endswith(".") or "\n" in error or "Traceback" in error or len(error) > 500:
            yield f"no plain sentence: {error[:600]!r}"


def _direct(edge: ColumnEdge, found: SqlLineage) -> Iterator[str]:
    if edge.subtype not in DIRECT or edge.type != "DIRECT":
        yield "its subtype"
    if edge.upstream_table not in found.tables_in:
        yield "upstream is not in tables_in"
    if edge.downstream_table is not None and edge.downstream_table not in found.tables_out:
        yield "downstream is not in tables_out"
    if not edge.downstream_column or not edge.upstream_column:
        yield "a column has no name"
    if edge.subtype == "IDENTITY" and edge.expression is not None:
        yield "a plain copy has an expression"


def _indirect(edge: ColumnEdge, found: SqlLineage) -> Iterator[str]:
    if edge.subtype not in OF_THE_ROWS | OF_A_COLUMN or edge.type != "INDIRECT":
        yield "its subtype"
    if edge.upstream_table not in found.tables_in | found.tables_out:
        yield "upstream is in no set"
    if edge.downstream_table is not None and edge.downstream_table not in found.tables_out:
        yield "downstream is not in tables_out"
    if (edge.downstream_column is None) != (edge.subtype in OF_THE_ROWS):
        yield "its column"


def _twice(edges: tuple[ColumnEdge, ...]) -> Iterator[str]:
    """One pair of columns has one DIRECT edge; an INDIRECT one for each kind."""
    ends = [
        (
            it.downstream_table,
            it.downstream_column,
            it.upstream_table,
            it.upstream_column,
            "" if it.type == "DIRECT" else it.subtype,
        )
        for it in edges
    ]
    for end in set(ends):
        if ends.count(end) > 1:
            yield f"twice: {end}"
