"""The lineage of views: from their definitions in SQL to the edges of the catalog.

A tap gives the views and, in one more statement, the columns of the tables that they mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from songbook import lineage, urn
from songbook.connector import Gap
from songbook.lineage.edges import STAR, ColumnEdge
from songbook.lineage.sql import Definition, SqlLineage, analyze_many
from songbook.records import Diagnostic, Lineage

TablePath: TypeAlias = tuple[str, ...]
"""The identifiers of a table, outermost first."""

ORIGIN = "view_definition"

NOT_UNDERSTOOD = Diagnostic(
    code="VIEW_NOT_UNDERSTOOD",
    stream=Lineage.STREAM,
    scope_urn="",
    severity="warning",
    title="Definitions of views were not understood in full: lineage may be missing.",
    remediation="Report it with the view's definition and the server's version.",
)
BROKEN = Diagnostic(
    code="VIEW_BROKEN",
    stream=Lineage.STREAM,
    scope_urn="",
    severity="info",
    title="Views name columns that are not there.",
    remediation="Change or drop the views.",
)

_QUERY = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:select|with)\b", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')


class View(NamedTuple):
    """A view: where it stands, and the query, or the whole statement, that defines it."""

    path: TablePath
    definition: str


Columns: TypeAlias = Mapping[TablePath, Sequence[str]]
"""The columns of tables, in their order."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of the place that the views are from."""

    namespace: str
    scope: str
    """The URN that diagnostics are about."""
    dialect: str
    columns: Callable[[Collection[TablePath]], Columns]
    """Asks for the columns of tables, by the names they are stored under, which may differ in case
    from those asked for; tables that are not there are left out. Called once."""
    recorded: Mapping[TablePath, Collection[TablePath]] = field(default_factory=dict)
    """The tables that views read by the source's own account, for those that can't be analyzed."""
    cache_dir: str | None = None
    """A folder for what was analyzed before."""


def from_definitions(views: Sequence[View], source: Source) -> Iterator[Lineage | Gap | Diagnostic]:
    """The edges of views, of tables and columns; a gap where a definition is not understood.

    Each is analyzed twice: to know its tables, and then with their columns. What is understood
    without the columns only is a view that is broken: it names some that are not there.
    """
    alone = list(_alone(views, source))
    columns = source.columns({path for tables, _ in alone for path in tables})
    outputs = [
        columns.get(view.path, ()) if _QUERY.match(view.definition) else () for view in views
    ]
    statements = map(_statement, views, outputs)
    schema = {urn.field_path(*path): list(names) for path, names in columns.items()}
    results = _analyzed(views, statements, source, schema)
    for view, own, (_, errors), result in zip(views, outputs, alone, results, strict=True):
        recorded = source.recorded.get(view.path, ()) if result.errors else ()
        yield from _of_tables(view, result, recorded, source.namespace)
        yield from _of_columns(view, result, own, source.namespace)
        if result.errors and errors:
            yield Gap("failed", _diagnostic(NOT_UNDERSTOOD, view, result.errors, source.scope))
        elif result.errors:
            yield _diagnostic(BROKEN, view, result.errors, source.scope)


def _alone(views: Sequence[View], source: Source) -> Iterator[tuple[set[TablePath], Sequence[str]]]:
    """For each definition the tables that it names, the view itself among them, and what is not
    understood of it, as long as no columns are known."""
    definitions = (view.definition for view in views)
    for view, result in zip(views, _analyzed(views, definitions, source, {}), strict=True):
        yield {view.path, *(_path(name, view) for name in result.tables_in)}, result.errors


def _analyzed(
    views: Sequence[View],
    statements: Iterable[str],
    source: Source,
    schema: Mapping[str, Sequence[str]],
) -> Iterator[SqlLineage]:
    """The lineage of statements that stand where views do."""
    definitions = (
        Definition(statement, source.dialect, view.path[0], view.path[-2])
        for view, statement in zip(views, statements, strict=True)
    )
    folder = Path(source.cache_dir) if source.cache_dir else None
    return analyze_many(definitions, schema=schema, cache_dir=folder)


def _statement(view: View, outputs: Sequence[str]) -> str:
    """What is analyzed: a query gets labels for its columns, whose names it may not tell."""
    if not outputs:
        return view.definition
    labels = ", ".join(f"c{number}" for number in range(len(outputs)))
    return f"CREATE VIEW v ({labels}) AS {view.definition}"


def _of_tables(
    view: View, result: SqlLineage, recorded: Iterable[TablePath], namespace: str
) -> Iterator[Lineage]:
    flowing = {_path(one.upstream_table, view) for one in result.columns}
    named = {_path(name, view) for name in result.tables_in}
    for table in sorted({*named, *recorded}):
        flows = None if result.errors else table in flowing
        yield _table_edge(view.path, table, namespace, flows, result.confidence)


def _of_columns(
    view: View, result: SqlLineage, outputs: Sequence[str], namespace: str
) -> Iterator[Lineage]:
    names = {f"c{number}": urn.field_path(name) for number, name in enumerate(outputs)}
    found = []
    for edge in (*result.columns, *result.indirect):
        label = edge.downstream_column
        if (label == STAR) == (edge.upstream_column == STAR):
            name = None if label is None else names.get(label, label)
            found.append(_column_edge(view, edge, name, namespace, result.confidence))
    yield from sorted(found, key=_order)


def _order(edge: Lineage) -> tuple[str, ...]:
    """Of the same edges always the same order, those about rows last."""
    ends = (edge.downstream_field or "\U0010ffff", edge.upstream_urn, edge.upstream_field)
    return (*(end or "" for end in ends), edge.transformation_subtype or "")


def _column_edge(
    view: View, edge: ColumnEdge, name: str | None, namespace: str, confidence: float
) -> Lineage:
    is_star = edge.upstream_column == STAR
    whole = urn.join(namespace, view.path)
    return lineage.edge(
        asserted_by=whole,
        origin=ORIGIN,
        downstream_urn=whole,
        downstream_field=None if is_star else name,
        upstream_urn=urn.join(namespace, _path(edge.upstream_table, view)),
        upstream_field=None if is_star else edge.upstream_column,
        granularity="star" if is_star else "column",
        transformation_type=edge.type,
        transformation_subtype=edge.subtype,
        transformation=edge.expression,
        confidence=confidence,
    )


def _table_edge(
    view: TablePath, upstream: TablePath, namespace: str, flows: bool | None, confidence: float
) -> Lineage:
    whole = urn.join(namespace, view)
    return lineage.edge(
        asserted_by=whole,
        origin=ORIGIN,
        downstream_urn=whole,
        upstream_urn=urn.join(namespace, upstream),
        granularity="table",
        transformation_type=None if flows is None else "DIRECT" if flows else "INDIRECT",
        confidence=confidence,
    )


def _path(name: str, view: View) -> TablePath:
    """The identifiers of a dotted name."""
    found = _PART.findall(name)
    return _whole([plain or quoted.replace('""', '"') for quoted, plain in found], view)


def _whole(parts: Sequence[str], view: View) -> TablePath:
    """A path with the view's own parts in place of those that are left out."""
    return (*view.path[: max(0, len(view.path) - len(parts))], *parts)


def _diagnostic(kind: Diagnostic, view: View, errors: Sequence[str], scope: str) -> Diagnostic:
    detail = f"{urn.field_path(*view.path)}: {' '.join(errors)}"
    return msgspec.structs.replace(kind, scope_urn=scope, detail=detail, count=1)
