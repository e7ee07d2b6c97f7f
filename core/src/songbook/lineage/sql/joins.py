"""Joins: the columns that USING and NATURAL make one of two."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.expressions import flow_of
from songbook.lineage.sql.flows import ELEMENT, TRANSFORMED, merged, rows_of
from songbook.lineage.sql.relations import Field, Relation
from songbook.lineage.sql.scope import Scope, Source


def array_join(scope: Scope, join: exp.Join) -> None:
    """ClickHouse's ARRAY JOIN array AS element: a column, and a row for each element."""
    for item in [join.this, *(join.args.get("expressions") or [])]:
        if not isinstance(item, exp.Alias):
            continue
        flow = merged([flow_of(item.this, scope)], ELEMENT)
        name = scope.context.names.fold(item.args["alias"])
        field = Field(name, scope.context.names.key(name), flow)
        scope.add(Source("", (), Relation([field], rows_of("JOIN", flow.origins()))))


def using_columns(using: list[exp.Expr], scope: Scope) -> list[str]:
    """The names in USING (…), folded."""
    names = [name.this if isinstance(name, exp.Column) else name for name in using]
    return [scope.context.names.fold(name) for name in names]


def hide(scope: Scope, first: int) -> None:
    """Take the columns of a semi or anti join's right side out of sight."""
    scope.sources[first:] = [source._replace(hidden=True) for source in scope.sources[first:]]


def shared_columns(scope: Scope, first: int) -> list[str]:
    """The columns that both sides of a NATURAL JOIN have."""
    if any(source.relation.stars for source in scope.sources):
        scope.context.note("The columns that a NATURAL JOIN compares are not known.")
    right = {
        field.key: field.name
        for source in scope.sources[first:]
        for field in source.relation.fields
    }
    left = [field for source in scope.sources[:first] for field in source.relation.fields]
    return list(dict.fromkeys(field.name for field in left if field.key in right))


def merge(scope: Scope, join: exp.Join, first: int, columns: list[str]) -> None:
    """Make one column of the two that USING names; the right side begins at `first`."""
    merges: list[Field] = []
    for column in columns:
        key = scope.context.names.key(column)
        left = _side(scope, scope.sources[:first], column)
        right = _side(scope, scope.sources[first:], column)
        scope.rows |= rows_of("JOIN", left.flow.origins() | right.flow.origins())
        flow = {"RIGHT": right.flow, "FULL": merged((left.flow, right.flow), TRANSFORMED)}
        if join.is_semi_or_anti_join:
            continue
        field = Field(left.name, key, flow.get(join.side, left.flow))
        merges.append(field)
    scope.merges[first] = merges
    scope.merged |= {field.key: field for field in merges}


def _side(scope: Scope, sources: list[Source], column: str) -> Field:
    """The column on one side of a join."""
    side = Scope(scope.context, scope.ctes, None, scope.read_query)
    side.sources = [source._replace(hidden=False) for source in sources]
    if sources and sources[0] is scope.sources[0]:
        side.merged = scope.merged
    return side.path([column])
