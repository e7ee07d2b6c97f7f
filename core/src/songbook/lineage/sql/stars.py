"""Stars: `*`, `t.*` and their EXCEPT, REPLACE, RENAME and ILIKE, as lists of output columns."""

from __future__ import annotations

import re

from sqlglot import exp

from songbook.lineage.sql.expressions import flow_of
from songbook.lineage.sql.flows import AGGREGATED, COPY, TRANSFORMED, merged
from songbook.lineage.sql.relations import Anything, Field, Item, Star
from songbook.lineage.sql.scope import Scope


def star_items(node: exp.Star | exp.Column, scope: Scope) -> list[Item]:
    """The columns that a star in a select list stands for."""
    if isinstance(node, exp.Star):
        items = _all_columns(scope)
        tables = [item for item in items if isinstance(item, Star)]
        if len(tables) > 1:
            named = " or ".join(dict.fromkeys(name for star in tables for name in star.tables))
            scope.context.note(f"Which columns behind * come from {named} is not known.")
        return _changed(node, items, scope)
    names = scope.context.names
    parts = [names.fold(part) for part in node.parts[:-1]]
    source = scope.source(parts)
    if source is not None:
        return _changed(node.this, source.relation.items, scope)
    value = scope.path(parts)
    scope.context.note(f"The fields of {'.'.join(parts)} are not known.")
    return [Anything(merged([value.flow], TRANSFORMED))]


def columns_of(node: exp.Expr, columns: exp.Columns, scope: Scope) -> list[Item]:
    """DuckDB's COLUMNS('pattern') and f(COLUMNS(*)); stars stay: they may hold such columns."""
    try:
        wanted = re.compile(columns.name)
    except re.error:
        wanted = re.compile("")
    strength = COPY if node is columns else TRANSFORMED
    if isinstance(node, exp.AggFunc):
        strength = AGGREGATED
    return [
        item._replace(flow=merged([item.flow], strength), value=node if strength else item.value)
        if isinstance(item, Field)
        else item
        for item in _all_columns(scope)
        if not isinstance(item, Field) or wanted.search(item.name)
    ]


def _all_columns(scope: Scope) -> list[Item]:
    """The FROM clause from left to right; what USING merged stands first, and once."""
    items: list[Item] = []
    for position, source in enumerate(scope.sources):
        right = [] if source.hidden else source.relation.items
        merges = scope.merges.get(position)
        if merges:
            keys = frozenset(field.key for field in merges)
            items = [*merges, *_without(items, keys), *_without(right, keys)]
        else:
            items = [*items, *right]
    return items


def _without(items: list[Item], keys: frozenset[str]) -> list[Item]:
    return [
        Star(item.tables, item.without | keys) if isinstance(item, Star) else item
        for item in items
        if not (isinstance(item, Field) and item.key in keys)
    ]


def _changed(star: exp.Star, items: list[Item], scope: Scope) -> list[Item]:
    pattern = star.args.get("ilike")
    if pattern is not None:
        items = _ilike(items, pattern.name, scope)
    names = scope.context.names
    excepted = frozenset(names.key(_name(node, scope)) for node in star.args.get("except_") or [])
    if excepted:
        items = _without(items, excepted)
    for alias in star.args.get("replace") or []:
        items = _replaced(items, alias, scope)
    for alias in star.args.get("rename") or []:
        items = _renamed(items, alias, scope)
    return items


def _ilike(items: list[Item], pattern: str, scope: Scope) -> list[Item]:
    wanted = re.compile(
        "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in pattern),
        re.IGNORECASE | re.DOTALL,
    )
    if not all(isinstance(item, Field) for item in items):
        scope.context.note("The columns that ILIKE chooses are not known.")
    return [item for item in items if not isinstance(item, Field) or wanted.fullmatch(item.name)]


def _replaced(items: list[Item], alias: exp.Expr, scope: Scope) -> list[Item]:
    name = scope.context.names.fold(alias.args["alias"])
    key = scope.context.names.key(name)
    changed = Field(name, key, flow_of(alias.this, scope), alias.this)
    if any(isinstance(item, Field) and item.key == key for item in items):
        return [
            changed._replace(name=item.name)
            if isinstance(item, Field) and item.key == key
            else item
            for item in items
        ]
    return [*_without(items, frozenset({key})), changed]


def _renamed(items: list[Item], alias: exp.Expr, scope: Scope) -> list[Item]:
    names = scope.context.names
    old, new = names.key(_name(alias.this, scope)), names.fold(alias.args["alias"])
    if any(isinstance(item, Field) and item.key == old for item in items):
        return [
            item._replace(name=new, key=names.key(new))
            if isinstance(item, Field) and item.key == old
            else item
            for item in items
        ]
    field = scope.path([_name(alias.this, scope)])
    return [*_without(items, frozenset({old})), Field(new, names.key(new), field.flow)]


def _name(node: exp.Expr, scope: Scope) -> str:
    identifier = node.this if isinstance(node, exp.Column) else node
    return scope.context.names.fold(identifier)
