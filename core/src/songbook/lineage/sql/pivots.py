"""PIVOT and UNPIVOT: which columns become rows, and which rows become columns."""

from __future__ import annotations

from itertools import product

from sqlglot import exp

from songbook.lineage.sql.expressions import flow_of, origins_of
from songbook.lineage.sql.flows import NOWHERE, TRANSFORMED, Origin, merged
from songbook.lineage.sql.relations import Anything, Field, Item, Relation, Star, renamed
from songbook.lineage.sql.scope import Scope, Source


def pivoted(pivot: exp.Pivot, source: Relation, scope: Scope) -> Relation:
    """The columns of a relation after one PIVOT or UNPIVOT."""
    inner = Scope(scope.context, scope.ctes, scope.parent, scope.read_query)
    inner.add(Source("", (), source))
    if pivot.args.get("unpivot"):
        result = _unpivot(pivot, source, inner)
    else:
        result = _pivot(pivot, source, inner)
    alias = pivot.args.get("alias")
    columns = [scope.context.names.fold(name) for name in alias.columns] if alias else []
    return renamed(result, [(name, scope.context.names.key(name)) for name in columns])


def _pivot(pivot: exp.Pivot, source: Relation, scope: Scope) -> Relation:
    names = scope.context.names
    aggregates = pivot.expressions
    fors = pivot.args.get("fields") or []
    deciding: set[Origin] = {origin for field in fors for origin in origins_of(field.this, scope)}
    used = {column for node in [*aggregates, *(f.this for f in fors)] for column in _columns(node)}
    items = _rest(source, frozenset(names.key(names.fold(column)) for column in used))
    values = [flow_of(aggregate, scope) for aggregate in aggregates]
    combinations = list(product(*(field.expressions for field in fors)))
    labels = pivot.args.get("columns") or []
    for position, label in enumerate(labels[: len(combinations) * len(values)]):
        flow, name = values[position % len(values)], names.fold(label)
        decided = flow.conditional | deciding
        value = aggregates[position % len(values)].unalias()
        items.append(Field(name, names.key(name), flow._replace(conditional=decided), value))
    if not labels:
        scope.context.note("The columns that PIVOT makes are only known when it runs.")
        items.append(Anything(merged(values)))
    return Relation(items, frozenset(scope.rows))


def _unpivot(pivot: exp.Pivot, source: Relation, scope: Scope) -> Relation:
    names = scope.context.names
    used: set[str] = set()
    added: list[Item] = []
    for field in pivot.args.get("fields") or []:
        groups = [_group(choice) for choice in field.expressions]
        used |= {names.key(names.fold(c)) for group in groups for n in group for c in _columns(n)}
        targets = _targets(pivot)
        for position, target in enumerate(targets):
            name = names.fold(target)
            flows = [flow_of(group[position], scope) for group in groups if position < len(group)]
            added.append(Field(name, names.key(name), merged(flows, TRANSFORMED)))
        label = names.fold(_identifier(field.this))
        added.append(Field(label, names.key(label), NOWHERE))
    return Relation([*_rest(source, frozenset(used)), *added], frozenset(scope.rows))


def _targets(pivot: exp.Pivot) -> list[exp.Expr]:
    """The value columns of an UNPIVOT: one, or one a place of each group."""
    found: list[exp.Expr] = []
    for node in pivot.expressions:
        found += [_identifier(part) for part in _group(node)]
    return found


def _group(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.PivotAlias | exp.Alias):
        node = node.this
    if isinstance(node, exp.Tuple):
        return list(node.expressions)
    return [node.this] if isinstance(node, exp.Paren) else [node]


def _identifier(node: exp.Expr) -> exp.Expr:
    return node.this if isinstance(node, exp.Column) else node


def _columns(node: exp.Expr) -> list[exp.Expr]:
    return [column.this for column in node.find_all(exp.Column)]


def _rest(source: Relation, used: frozenset[str]) -> list[Item]:
    """The columns that a PIVOT leaves as they are."""
    return [
        Star(item.tables, item.without | used) if isinstance(item, Star) else item
        for item in source.items
        if not (isinstance(item, Field) and item.key in used)
    ]
