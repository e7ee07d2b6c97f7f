"""Lineage of views and materialized views, from the rule trees that the server keeps for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from songbook import Gap, lineage, urn
from songbook.records import Diagnostic, Lineage
from tap_postgres.flows import DIRECT, WHOLE, Flow, Flows
from tap_postgres.query_parts import relations
from tap_postgres.query_scope import Scope
from tap_postgres.rule_tree import KNOWN_MAJORS, Node, RuleTreeError, parse

TransformationType: TypeAlias = Literal["DIRECT", "INDIRECT"]

_ORIGIN = "view_definition"

_SEQUENCE = "S"
"""The relkind of sequences, which have URNs of their own kind."""


class Relation(NamedTuple):
    """A relation: its URN, and the names of its columns by number."""

    urn: str
    columns: Mapping[int, str]


class View(NamedTuple):
    """A view, and the relations that stand in its rule as numbers."""

    itself: Relation
    upstream: Mapping[int, Relation]


class Source(NamedTuple):
    """A column that something is made from, in the order in which edges are written."""

    urn: str
    number: int
    role: str
    name: str


def edges(
    row: Mapping[str, Any], *, namespace: str, major: int
) -> Iterator[Lineage | Diagnostic | Gap]:
    """The edges of a row of `lineage.sql`; where its rule can't be read, of tables and a gap.

    On a server older than all known rule trees there is no gap: the catalog has no finer edges
    that a later run could not find any more.
    """
    view = _view(row, namespace)
    if major < KNOWN_MAJORS.start:
        yield _of_tables(row["path"], namespace, major)
        yield from _recorded(view)
        return
    try:
        found = list(_exact(view, parse(row["tree"], major)))
    except RuleTreeError as error:
        found = list(_recorded(view))
        yield Gap("failed", _fallback(row["path"], namespace, str(error)))
    except RecursionError:
        found = list(_recorded(view))
        reason = "its queries are nested too deep"
        yield Gap("failed", _fallback(row["path"], namespace, reason))
    yield from found


def _view(row: Mapping[str, Any], namespace: str) -> View:
    itself = Relation(urn.join(namespace, row["path"]), dict(row["columns"] or ()))
    upstream = {
        each["relid"]: Relation(
            urn.join(namespace, each["path"], _kind(each["relkind"])), dict(each["columns"] or ())
        )
        for each in row["relations"] or ()
    }
    return View(itself, upstream)


def _kind(relkind: str) -> str | None:
    return "sequence" if relkind == _SEQUENCE else None


def _exact(view: View, query: Node) -> Iterator[Lineage]:
    """Edges of tables, then of the view's columns in their order, then of its rows."""
    scope = Scope(query)
    outputs = {number: scope.output(number) for number in scope.outputs()}
    if outputs.keys() != view.itself.columns.keys():
        raise RuleTreeError("the rule gives other columns than the view has")
    flowing = {it.relation for flows in outputs.values() for it in flows if it.role in DIRECT}
    read = {number: _relation(view, number) for number in relations(query)}
    for number, upstream in sorted(read.items(), key=lambda item: item[1].urn):
        yield _table_edge(view, upstream, _type(number in flowing))
    for number, flows in sorted(outputs.items()):
        yield from _column_edges(view, flows, urn.field_path(view.itself.columns[number]))
    yield from _column_edges(view, scope.rows(), None)


def _recorded(view: View) -> Iterator[Lineage]:
    """Edges of tables as the server's dependencies tell them, which know nothing of columns."""
    for upstream in sorted(view.upstream.values(), key=lambda relation: relation.urn):
        yield _table_edge(view, upstream, None)


def _column_edges(view: View, flows: Flows, field: str | None) -> Iterator[Lineage]:
    for source in sorted({source for flow in flows for source in _sources(view, flow)}):
        yield lineage.edge(
            asserted_by=view.itself.urn,
            origin=_ORIGIN,
            downstream_urn=view.itself.urn,
            downstream_field=field,
            upstream_urn=source.urn,
            upstream_field=urn.field_path(source.name),
            granularity="column",
            transformation_type=_type(source.role in DIRECT),
            transformation_subtype=source.role,
            confidence=1.0,
        )


def _table_edge(view: View, upstream: Relation, kind: TransformationType | None) -> Lineage:
    return lineage.edge(
        asserted_by=view.itself.urn,
        origin=_ORIGIN,
        downstream_urn=view.itself.urn,
        upstream_urn=upstream.urn,
        granularity="table",
        transformation_type=kind,
        confidence=1.0,
    )


def _sources(view: View, flow: Flow) -> Iterator[Source]:
    """The columns of a flow by name; system columns (ctid, xmin) are no columns of the catalog."""
    relation = _relation(view, flow.relation)
    numbers = relation.columns if flow.column == WHOLE else [flow.column]
    for number in numbers:
        if number >= WHOLE:
            yield Source(relation.urn, number, flow.role, _column(relation, number))


def _relation(view: View, number: int) -> Relation:
    if number not in view.upstream:
        raise RuleTreeError(f"there is no relation {number}")
    return view.upstream[number]


def _column(relation: Relation, number: int) -> str:
    if number not in relation.columns:
        raise RuleTreeError(f"{relation.urn} has no column {number}")
    return relation.columns[number]


def _type(is_direct: bool) -> TransformationType:
    return "DIRECT" if is_direct else "INDIRECT"


def _of_tables(path: list[str], namespace: str, major: int) -> Diagnostic:
    return Diagnostic(
        code="POSTGRES_LINEAGE_OF_TABLES",
        stream=Lineage.STREAM,
        scope_urn=urn.join(namespace, path[:1]),
        severity="info",
        title=f"PostgreSQL {major}: the lineage of views is known for whole tables only.",
        remediation=f"PostgreSQL {KNOWN_MAJORS.start} and later tell it for columns.",
        count=1,
    )


def _fallback(path: list[str], namespace: str, reason: str) -> Diagnostic:
    database, *view = path
    return Diagnostic(
        code="POSTGRES_LINEAGE_FALLBACK",
        stream=Lineage.STREAM,
        scope_urn=urn.join(namespace, [database]),
        severity="warning",
        title="The lineage of a view is known for whole tables only.",
        detail=f"{urn.field_path(*view)}: {reason}.",
        remediation="Report it with the view's definition and the server's version.",
        count=1,
    )
