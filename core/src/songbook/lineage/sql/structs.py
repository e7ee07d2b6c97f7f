"""Structs that a query puts together itself: their fields keep flows of their own."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.expressions import value_of
from songbook.lineage.sql.flows import AGGREGATED, COPY, Flow, merged
from songbook.lineage.sql.relations import Field
from songbook.lineage.sql.scope import Scope

_ONE_OF = (exp.AnyValue, exp.ArrayAgg, exp.First, exp.Last, exp.ArgMax, exp.ArgMin)
"""Aggregates that give some of their rows as they are."""
_AROUND = (exp.Bracket, exp.Paren, exp.Order, exp.Limit, exp.IgnoreNulls, exp.Distinct)


def struct_parts(value: exp.Expr, flow: Flow, scope: Scope) -> dict[str, Field] | None:
    """The fields of STRUCT(a AS x), of a whole row, or of one picked by an aggregate."""
    strength = COPY
    while isinstance(value, _AROUND + _ONE_OF) and isinstance(value.this, exp.Expr):
        strength = AGGREGATED if isinstance(value, _ONE_OF) else strength
        value = value.this
    fields = _struct(value, scope) if isinstance(value, exp.Struct) else _row(value, scope)
    if not fields:
        return None
    return {field.key: field._replace(flow=_within(field.flow, strength, flow)) for field in fields}


def _within(field: Flow, strength: int, whole: Flow) -> Flow:
    """A field's own flow, with what decides about the whole struct."""
    own = merged([field], strength)
    return Flow(own.direct, own.conditional | whole.conditional, own.window | whole.window)


def _struct(node: exp.Struct, scope: Scope) -> list[Field]:
    names = scope.context.names
    fields: list[Field] = []
    for part in node.expressions:
        value = part.expression if isinstance(part, exp.PropertyEQ) else part
        label = part.this if isinstance(part, exp.PropertyEQ) else part.args.get("alias")
        if isinstance(part, exp.Column):
            label = part.this
        if isinstance(label, exp.Identifier):
            name = names.fold(label)
            fields.append(Field(name, names.key(name), *value_of(value, scope)))
    return fields


def _row(node: exp.Expr, scope: Scope) -> list[Field]:
    """The columns of a whole-row reference: an alias where a column would stand."""
    if not isinstance(node, exp.Column) or len(node.parts) > 1:
        return []
    name = scope.context.names.fold(node.this)
    source = scope.source([name])
    is_column = any(it.relation.find(scope.context.names.key(name)) for it in scope.sources)
    return source.relation.fields if source is not None and not is_column else []
