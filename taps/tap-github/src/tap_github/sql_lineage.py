"""Edges from SQL text: what `songbook.lineage.sql` finds, with the ends that the catalog knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from songbook import lineage
from songbook.filters import parse_name
from songbook.lineage.edges import STAR, ColumnEdge
from songbook.lineage.sql import SqlLineage, analyze
from songbook.records import Lineage
from tap_github.config import Warehouse
from tap_github.tables import End, Relation, end

Ends = Callable[[str], End | None]
"""The end for a table, by its dotted name; None for one that is no end."""

ORIGIN = "view_definition"


def analysis(text: str, warehouse: Warehouse) -> SqlLineage:
    """The lineage of a SQL text where it runs."""
    return analyze(
        text,
        dialect=warehouse.platform,
        default_database=warehouse.database,
        default_schema=warehouse.schema_name,
    )


def ends_in(warehouse: Warehouse) -> Ends:
    """The ends for tables of a warehouse."""

    def find(name: str) -> End | None:
        parts = parse_name(name)
        if len(parts) > len(Relation._fields):
            return None
        above = (None, None, *parts[:-1])[-2:]
        return end(warehouse, Relation(above[0], above[1], parts[-1]))

    return find


def tables(file: str, found: SqlLineage, ends: Ends) -> Iterator[Lineage]:
    """The edges between tables that a file's text reads and writes.

    What a query without a target gives is the file's own, and so is what lands in a table of which
    only a reference is known: only an upstream can be a reference.
    """
    targets: list[str | None] = [*sorted(found.tables_out)]
    for made in targets or [None]:
        downstream = _downstream(file, made, ends)
        for read in sorted(found.tables_in - {made}):
            upstream = ends(read)
            if upstream is not None:
                yield _edge(file, downstream, upstream, "table", found.confidence)


def columns(file: str, found: SqlLineage, ends: Ends, query: str) -> Iterator[Lineage]:
    """The edges between columns; `query` is what a query without a target makes."""
    for edge in (*found.columns, *found.indirect):
        upstream = ends(edge.upstream_table)
        if upstream is None:
            continue
        is_star = STAR in (edge.downstream_column, edge.upstream_column)
        downstream = _downstream(query, edge.downstream_table, ends)
        granularity: Literal["column", "star"] = "star" if is_star else "column"
        column = None if is_star else edge
        yield _edge(file, downstream, upstream, granularity, found.confidence, column)


def _downstream(query: str, table: str | None, ends: Ends) -> str:
    """What is made: a table that has a URN, else what the query as such makes."""
    found = ends(table) if table else None
    return (found.urn if found else None) or query


def _edge(
    file: str,
    downstream: str,
    upstream: End,
    granularity: Literal["table", "column", "star"],
    confidence: float,
    column: ColumnEdge | None = None,
) -> Lineage:
    return lineage.edge(
        asserted_by=file,
        origin=ORIGIN,
        downstream_urn=downstream,
        downstream_field=column.downstream_column if column else None,
        upstream_urn=upstream.urn,
        upstream_ref=upstream.ref,
        upstream_field=column.upstream_column if column else None,
        granularity=granularity,
        transformation_type=column.type if column else None,
        transformation_subtype=column.subtype if column else None,
        confidence=confidence,
    )
