"""The lineage of views: from their definitions in SQL to the edges of the catalog.

A tap gives the views and, in one more statement, the columns of the tables that they mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from songbook import lineage, urn
from songbook.connector import Gap
from songbook.lineage.cache import Cache
from songbook.lineage.edges import STAR, ColumnEdge
from songbook.lineage.sql import SqlLineage, analyze
from songbook.lineage.sql.dialects import dialect_named
from songbook.lineage.sql.tolerant import mentions
from songbook.records import Diagnostic, Lineage

Path: TypeAlias = tuple[str, ...]
"""The identifiers of a table, outermost first."""

ORIGIN = "view_definition"

_QUERY = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:select|with)\b", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')


class View(NamedTuple):
    """A view: where it stands, and the query, or the whole statement, that defines it."""

    path: Path
    definition: str


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of the place that the views are from."""

    namespace: str
    scope: str
    """The URN that diagnostics are about."""
    dialect: str
    columns: Mapping[Path, Sequence[str]]
    """The columns of tables, in their order."""
    recorded: Mapping[Path, Sequence[Path]] = field(default_factory=dict)
    """The tables that views read by the source's own account, for those that can't be analyzed."""
    cache: Cache | None = None


def mentioned(views: Iterable[View], dialect: str) -> set[Path]:
    """The tables whose columns have to be known, the views themselves among them; not all exist."""
    return {path for view in views for path in (view.path, *_named(view, dialect))}


def from_definitions(views: Iterable[View], source: Source) -> Iterator[Lineage | Gap]:
    """The edges of views, of tables and columns; a gap where a definition is not understood."""
    for view in views:
        result = _analyzed(view, source)
        recorded = source.recorded.get(view.path, ()) if result.errors else ()
        yield from _of_tables(view, result, recorded, source.namespace)
        yield from _of_columns(view, result, source)
        if result.errors:
            yield _not_understood(view, result.errors, source.scope)


def from_records(recorded: Mapping[Path, Iterable[Path]], namespace: str) -> Iterator[Lineage]:
    """The edges between views and the tables that they read by the source's own account."""
    for view, tables in recorded.items():
        yield from (_table_edge(view, table, namespace) for table in sorted(tables))


def _analyzed(view: View, source: Source) -> SqlLineage:
    statement = _statement(view, source.columns.get(view.path, ()))
    named = _named(view, source.dialect)
    known = {
        urn.field_path(*path): source.columns[path] for path in named if path in source.columns
    }
    *above, _ = view.path

    def analyzed() -> SqlLineage:
        return analyze(
            statement,
            dialect=source.dialect,
            default_database=above[0],
            default_schema=above[-1],
            schema=known,
        )

    if source.cache is None:
        return analyzed()
    return source.cache.of((source.dialect, statement, above, sorted(known.items())), analyzed)


def _named(view: View, dialect: str) -> list[Path]:
    """The paths that a definition names; parts that it leaves out are the view's own."""
    rules = dialect_named(dialect).identifiers
    paths = []
    for mention in mentions(view.definition):
        parts = [
            _folded(part.text, rules.quoted if part.quoted else rules.unquoted)
            for part in mention.parts
        ]
        paths.append(_whole(parts, view))
    return paths


def _folded(name: str, rule: Literal["lower", "upper", "keep"]) -> str:
    return name if rule == "keep" else name.lower() if rule == "lower" else name.upper()


def _statement(view: View, outputs: Sequence[str]) -> str:
    """What is analyzed: a query gets labels for its columns, whose names it may not tell."""
    if not _is_labelled(view, outputs):
        return view.definition
    labels = ", ".join(f"c{number}" for number in range(len(outputs)))
    return f"CREATE VIEW v ({labels}) AS {view.definition}"


def _is_labelled(view: View, outputs: Sequence[str]) -> bool:
    return bool(outputs) and _QUERY.match(view.definition) is not None


def _of_tables(
    view: View, result: SqlLineage, recorded: Iterable[Path], namespace: str
) -> Iterator[Lineage]:
    flowing = {_path(one.upstream_table, view) for one in result.columns}
    named = {_path(name, view) for name in result.tables_in}
    for table in sorted({*named, *recorded}):
        flows = None if result.errors else table in flowing
        yield _table_edge(view.path, table, namespace, flows, result.confidence)


def _of_columns(view: View, result: SqlLineage, source: Source) -> Iterator[Lineage]:
    outputs = source.columns.get(view.path, ())
    names: Mapping[str, str] = {}
    if _is_labelled(view, outputs):
        names = {f"c{number}": urn.field_path(name) for number, name in enumerate(outputs)}
    found = []
    for edge in (*result.columns, *result.indirect):
        label = edge.downstream_column
        if (label == STAR) == (edge.upstream_column == STAR):
            name = None if label is None else names.get(label, label)
            found.append(_column_edge(view, edge, name, source.namespace, result.confidence))
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
    view: Path, upstream: Path, namespace: str, flows: bool | None = None, confidence: float = 1.0
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


def _path(name: str, view: View) -> Path:
    """The identifiers of a dotted name."""
    found = _PART.findall(name)
    return _whole([plain or quoted.replace('""', '"') for quoted, plain in found], view)


def _whole(parts: Sequence[str], view: View) -> Path:
    """A path with the view's own parts in place of those that are left out."""
    return (*view.path[: max(0, len(view.path) - len(parts))], *parts)


def _not_understood(view: View, errors: Sequence[str], scope: str) -> Gap:
    return Gap(
        "failed",
        Diagnostic(
            code="VIEW_NOT_UNDERSTOOD",
            stream=Lineage.STREAM,
            scope_urn=scope,
            severity="warning",
            title="Definitions of views were not understood in full: lineage may be missing.",
            detail=f"{urn.field_path(*view.path)}: {' '.join(errors)}",
            remediation="Report it with the view's definition and the server's version.",
            count=1,
        ),
    )
