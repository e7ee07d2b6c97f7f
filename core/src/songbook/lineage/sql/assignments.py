"""Assignments: `column = value` of UPDATE, MERGE and of an INSERT's conflicts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from songbook.lineage.sql.expressions import value_of
from songbook.lineage.sql.flows import NOWHERE, TRANSFORMED, Flow, merged
from songbook.lineage.sql.scope import Scope

Assignment = tuple[exp.Expr, Flow, exp.Expr | None]
"""A column that is set, where its value comes from, and what computes it."""


def assignments(node: exp.Expr, scope: Scope) -> Iterator[Assignment]:
    """The columns of one SET item with what they get; `(a, b) = (SELECT …)` has several."""
    if not isinstance(node, exp.EQ):
        return
    columns, value = node.this, node.expression
    if isinstance(columns, exp.Tuple | exp.Paren):
        targets = columns.expressions if isinstance(columns, exp.Tuple) else [columns.this]
        yield from _row(targets, value, scope)
        return
    flow, computed = assigned_value(value, scope)
    if isinstance(columns, exp.Bracket | exp.List):
        yield _element(columns), merged([flow], TRANSFORMED), value
    else:
        yield columns, flow, computed


def assigned_value(node: exp.Expr, scope: Scope) -> tuple[Flow, exp.Expr | None]:
    """What a value comes from; the word DEFAULT comes from nowhere."""
    is_default = isinstance(node, exp.Column) and node.name.upper() == "DEFAULT"
    return (NOWHERE, None) if is_default else value_of(node, scope)


def _element(node: exp.Bracket | exp.List) -> exp.Expr:
    """The column of which one element is set; the parser takes a column `list` for a function."""
    return node.this if isinstance(node, exp.Bracket) else exp.to_identifier("list")


def _row(targets: list[exp.Expr], value: exp.Expr, scope: Scope) -> Iterator[Assignment]:
    inner = value.unnest() if isinstance(value, exp.Subquery | exp.Paren) else value
    if isinstance(inner, exp.Query):
        relation = scope.query(inner)
        scope.rows |= relation.rows
        for column, field in zip(targets, relation.fields, strict=False):
            yield column, field.flow, field.value
        return
    is_row = isinstance(inner, exp.Tuple) or inner.name.upper() == "ROW"
    values = inner.expressions if is_row else [inner]
    for column, part in zip(targets, values, strict=False):
        yield column, *assigned_value(part, scope)
