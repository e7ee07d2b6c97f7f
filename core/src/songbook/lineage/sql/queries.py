"""Queries: SELECT, set operations, VALUES and WITH, each read into a relation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from songbook.lineage.edges import Indirect
from songbook.lineage.sql.common_tables import with_ctes
from songbook.lineage.sql.context import Context
from songbook.lineage.sql.dialects import Clause
from songbook.lineage.sql.expressions import flow_of, origins_of, value_of
from songbook.lineage.sql.flows import (
    COPY,
    NOWHERE,
    TRANSFORMED,
    Flow,
    Origin,
    merged,
    rows_of,
)
from songbook.lineage.sql.labels import label_of
from songbook.lineage.sql.match_recognize import recognize
from songbook.lineage.sql.relations import (
    EMPTY,
    Anything,
    Field,
    Item,
    Relation,
    by_name,
    union,
)
from songbook.lineage.sql.scope import Ctes, Scope
from songbook.lineage.sql.sources import add_from, add_joins, read_tables
from songbook.lineage.sql.stars import columns_of, star_items
from songbook.lineage.sql.structs import struct_parts
from songbook.lineage.sql.tables import target_source

_FILTERS: tuple[tuple[str, Clause], ...] = (
    ("where", "where"),
    ("prewhere", "where"),
    ("having", "having"),
    ("qualify", "having"),
    ("connect", "where"),
)


def read_query(query: exp.Expr, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:
    """The output columns of a query; `parent` is the query whose columns it may use."""
    context.check_time()
    reader = _READERS.get(type(query))
    if reader is not None:
        return reader(query, context, ctes, parent)
    if isinstance(query, exp.SetOperation):
        return _set_operation(query, context, ctes, parent)
    context.note(f"{type(query).__name__} is not read as a query.")
    return EMPTY


def _select(select: exp.Select, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:
    scope = Scope(context, with_ctes(select, context, ctes, parent, read_query), parent, read_query)
    source = select.args.get("from_")
    add_from(scope, source.this if source is not None else None)
    add_joins(scope, select)
    match = select.args.get("match")
    if match is not None:
        recognize(scope, match)
    for window in select.args.get("windows") or []:
        scope.windows[window.this.name.lower()] = window
    if select.args.get("connect") is not None:
        level = Field("LEVEL", scope.context.names.key("LEVEL"), NOWHERE)
        scope.merged[level.key] = level
    items = _projections(select, scope)
    for name, clause in _FILTERS:
        _decide(scope, select.args.get(name), "FILTER", clause)
    distinct = select.args.get("distinct")
    _decide(scope, distinct.args.get("on") if distinct is not None else None, "FILTER", "order")
    _group(select, items, scope)
    _sort(select, items, scope)
    for name in ("limit", "offset"):
        read_tables(select.args.get(name), scope)
    return Relation(items, frozenset(scope.rows))


def _projections(select: exp.Expr, scope: Scope) -> list[Item]:
    items: list[Item] = []
    expands = scope.context.names.dialect.name in ("duckdb", "clickhouse")
    for position, node in enumerate(select.expressions):
        if isinstance(node, exp.Star) or (
            isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
        ):
            items += star_items(node, scope)
            scope.context.check_columns(len(items))
        elif isinstance(node, exp.Dot) and isinstance(node.expression, exp.Star):
            scope.context.note("The fields behind * are not known.")
            items.append(Anything(merged([flow_of(node.this, scope)], TRANSFORMED)))
        elif expands and (columns := node.find(exp.Columns)) is not None:
            items += columns_of(node, columns, scope)
        elif isinstance(node, exp.QueryTransform):
            flow = merged([flow_of(it, scope) for it in node.expressions], TRANSFORMED)
            columns = node.args["schema"].expressions if node.args.get("schema") else []
            items += [_field(scope, column.this, flow, node) for column in columns]
        elif isinstance(node, exp.Aliases):
            flow = flow_of(node.this, scope)
            items += [_field(scope, name, flow, node.this) for name in node.expressions]
        else:
            items.append(_projection(node, position, scope))
    return items


def _projection(node: exp.Expr, position: int, scope: Scope) -> Field:
    value = node.this if isinstance(node, exp.Alias) else node
    flow, computed = value_of(value, scope)
    if isinstance(node, exp.Alias):
        field = _field(scope, node.args["alias"], flow, computed)
        field = field._replace(parts=struct_parts(value, flow, scope))
        scope.aliases.setdefault(field.key, field)
        return field
    name = label_of(node, position, scope.context)
    return Field(name, scope.context.names.key(name), flow, computed)


def _field(scope: Scope, identifier: exp.Expr, flow: Flow, value: exp.Expr | None) -> Field:
    name = scope.context.names.fold(identifier)
    return Field(name, scope.context.names.key(name), flow, value)


def _decide(scope: Scope, node: exp.Expr | None, kind: Indirect, clause: Clause) -> None:
    """Take the columns of a clause as deciding which rows there are."""
    if node is not None:
        scope.clause = clause
        scope.rows |= {(kind, origin) for origin in origins_of(node, scope)}


def _group(select: exp.Select, items: list[Item], scope: Scope) -> None:
    group = select.args.get("group")
    if group is None:
        return
    scope.clause = "group"
    nodes = list(group.expressions)
    for name in ("grouping_sets", "cube", "rollup"):
        nodes += group.args.get(name) or []
    if group.args.get("all"):
        nodes += [node for node in select.expressions if not node.find(exp.AggFunc)]
    for node in nodes:
        scope.rows |= {("GROUP_BY", origin) for origin in _by(node, items, scope)}


def _sort(query: exp.Expr, items: list[Item], scope: Scope) -> None:
    scope.clause = "order"
    for name in ("order", "sort", "cluster", "distribute"):
        order = query.args.get(name)
        for node in order.expressions if order is not None else []:
            value = node.this if isinstance(node, exp.Ordered) else node
            scope.rows |= {("SORT", origin) for origin in _by(value, items, scope)}


def _by(node: exp.Expr, items: list[Item], scope: Scope) -> set[Origin]:
    """What GROUP BY or ORDER BY names: an expression, or the position of a select item."""
    if isinstance(node, exp.Column) and node.name.upper() == "ALL" and not node.table:
        return Relation(items).whole().origins()
    if isinstance(node, exp.Literal) and not node.is_string:
        position = int(node.name) - 1 if node.name.isdigit() else -1
        item = items[position] if 0 <= position < len(items) else None
        return item.flow.origins() if isinstance(item, Field) else set()
    return origins_of(node, scope)


def _set_operation(
    query: exp.SetOperation, context: Context, ctes: Ctes, parent: Scope | None
) -> Relation:
    """A chain of set operations, however long, from left to right."""
    ctes = with_ctes(query, context, ctes, parent, read_query)
    chain: list[exp.SetOperation] = []
    left: exp.Expr = query
    while isinstance(left, exp.SetOperation) and (left is query or not left.args.get("with_")):
        chain.append(left)
        left = left.this
    branches = [read_query(left, context, ctes, parent)]
    for operation in reversed(chain):
        right = read_query(operation.expression, context, ctes, parent)
        if isinstance(operation, exp.Union) and not operation.args.get("by_name"):
            branches.append(right)
        else:
            branches = [_combined(operation, union(branches), right)]
    result = union(branches)
    scope = Scope(context, ctes, parent, read_query)
    scope.aliases = {field.key: field for field in result.fields}
    _sort(query, result.items, scope)
    return Relation(result.items, result.rows | scope.rows)


def _combined(operation: exp.SetOperation, left: Relation, right: Relation) -> Relation:
    if isinstance(operation, exp.Union):
        return by_name(left, right)
    both = left.whole().origins() | right.whole().origins()
    rows = left.rows | right.rows | rows_of("FILTER", both)
    relation = left if isinstance(operation, exp.Except) else union([left, right])
    return Relation(relation.items, rows)


def _parenthesized(
    node: exp.Subquery, context: Context, ctes: Ctes, parent: Scope | None
) -> Relation:
    ctes = with_ctes(node, context, ctes, parent, read_query)
    inner = node.this
    if isinstance(inner, exp.Table) or node.args.get("joins") or node.args.get("pivots"):
        scope = Scope(context, ctes, parent, read_query)
        add_from(scope, node)
        items = [item for source in scope.sources for item in source.relation.items]
        return Relation(items, frozenset(scope.rows))
    relation = read_query(inner, context, ctes, parent)
    scope = Scope(context, ctes, parent, read_query)
    scope.aliases = {field.key: field for field in relation.fields}
    _sort(node, relation.items, scope)
    return Relation(relation.items, relation.rows | scope.rows)


def _values(node: exp.Values, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:
    scope = Scope(context, ctes, parent, read_query)
    rows = [_row(row) for row in node.expressions]
    width = max((len(row) for row in rows), default=0)
    items: list[Item] = []
    for position in range(width):
        flow = merged((flow_of(row[position], scope) for row in rows if position < len(row)), COPY)
        name = context.names.fold(exp.to_identifier(f"column{position + 1}"))
        items.append(Field(name, context.names.key(name), flow))
    return Relation(items, frozenset(scope.rows))


def _row(node: exp.Expr) -> list[exp.Expr]:
    values = list(node.expressions) if isinstance(node, exp.Tuple) else [node]
    if len(values) == 1 and isinstance(values[0], exp.Anonymous) and values[0].name == "ROW":
        return list(values[0].expressions)
    return values


def _table(node: exp.Table, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:
    scope = Scope(context, with_ctes(node, context, ctes, parent, read_query), parent, read_query)
    add_from(scope, node)
    items = [item for source in scope.sources for item in source.relation.items]
    return Relation(items, frozenset(scope.rows))


def _change(node: exp.Expr, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:  # noqa: ARG001  # a reader
    """INSERT, UPDATE, DELETE or MERGE … RETURNING as a common table expression."""
    context.changes.append((node, ctes))
    returning = node.args.get("returning")
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if returning is None or not isinstance(table, exp.Table):
        return EMPTY
    scope = Scope(context, ctes, None, read_query)
    scope.add(target_source(table, scope))
    source = node.args.get("from_")
    for other in [*(node.args.get("using") or []), source.this if source else None]:
        add_from(scope, other if isinstance(node, exp.Delete | exp.Update) else None)
    _decide(scope, node.args.get("where"), "FILTER", "where")
    return Relation(_projections(returning, scope), frozenset(scope.rows))


_READERS: dict[type[exp.Expr], Callable[[Any, Context, Ctes, Scope | None], Relation]] = {
    exp.Delete: _change,
    exp.Insert: _change,
    exp.Merge: _change,
    exp.Select: _select,
    exp.Subquery: _parenthesized,
    exp.Paren: _parenthesized,
    exp.Table: _table,
    exp.Update: _change,
    exp.Values: _values,
}
