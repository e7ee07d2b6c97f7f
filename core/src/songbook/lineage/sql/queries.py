"""Queries: SELECT, set operations, VALUES and WITH, each read into a relation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from songbook.lineage.edges import Indirect
from songbook.lineage.sql.context import Context
from songbook.lineage.sql.dialects import Clause
from songbook.lineage.sql.expressions import flow_of, origins_of, value_of
from songbook.lineage.sql.flows import (
    COPY,
    NOWHERE,
    TRANSFORMED,
    Flow,
    Origin,
    Rows,
    merged,
    rows_of,
)
from songbook.lineage.sql.labels import label_of
from songbook.lineage.sql.relations import (
    EMPTY,
    Anything,
    Field,
    Item,
    Relation,
    by_name,
    renamed,
    side_by_side,
)
from songbook.lineage.sql.scope import Ctes, Scope
from songbook.lineage.sql.sources import add_from, add_joins
from songbook.lineage.sql.stars import columns_of, star_items
from songbook.lineage.sql.tables import target_source

_ROUNDS = 20
"""Passes over a recursive query after which its columns are taken as they are."""
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


def with_ctes(query: exp.Expr, context: Context, ctes: Ctes, parent: Scope | None) -> Ctes:
    """The common table expressions that a query can name: those around it, and its own."""
    clause = query.args.get("with_")
    if clause is None:
        return ctes
    ctes = dict(ctes)
    for cte in clause.expressions:
        key = context.names.key(context.names.fold(cte.args["alias"].this))
        ctes[key] = _cte(cte, key, clause, context, ctes, parent)
    return ctes


def _cte(
    cte: exp.CTE, key: str, clause: exp.With, context: Context, ctes: Ctes, parent: Scope | None
) -> Relation:
    names = [context.names.fold(column) for column in cte.args["alias"].columns]
    columns = [(name, context.names.key(name)) for name in names]
    body = cte.this
    may_recurse = clause.recursive or context.names.dialect.name in ("snowflake", "tsql", "oracle")
    if not (may_recurse and isinstance(body, exp.SetOperation) and _mentions(body, key, context)):
        return renamed(read_query(body, context, ctes, parent), columns)
    own = with_ctes(body, context, ctes, parent)
    found = renamed(read_query(body.this, context, own, parent), columns)
    for _ in range(_ROUNDS):
        step = read_query(body.expression, context, {**own, key: found}, parent)
        grown = side_by_side(found, step)
        if _same(grown, found):
            break
        found = grown
    return found


def _mentions(body: exp.SetOperation, key: str, context: Context) -> bool:
    """Whether the later branches of a set operation read the relation that it defines."""
    return any(
        context.names.key(context.names.fold(table.this)) == key
        for table in body.expression.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and not table.args.get("db")
    )


def _same(one: Relation, other: Relation) -> bool:
    return one.rows == other.rows and all(
        mine.flow == its.flow for mine, its in zip(one.fields, other.fields, strict=False)
    )


def _select(select: exp.Select, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:
    scope = Scope(context, with_ctes(select, context, ctes, parent), parent, read_query)
    source = select.args.get("from_")
    add_from(scope, source.this if source is not None else None)
    add_joins(scope, select)
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
    return Relation(items, frozenset(scope.rows))


def _projections(select: exp.Expr, scope: Scope) -> list[Item]:
    items: list[Item] = []
    for position, node in enumerate(select.expressions):
        if isinstance(node, exp.Star) or (
            isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
        ):
            items += star_items(node, scope)
        elif isinstance(node, exp.Dot) and isinstance(node.expression, exp.Star):
            scope.context.note("The fields behind * are not known.")
            items.append(Anything(merged([flow_of(node.this, scope)], TRANSFORMED)))
        elif (columns := node.find(exp.Columns)) is not None:
            items += columns_of(node, columns, scope)
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
        if isinstance(value, exp.Struct):
            field = field._replace(parts=_struct(value, scope))
        scope.aliases.setdefault(field.key, field)
        return field
    name = label_of(node, position, scope.context)
    return Field(name, scope.context.names.key(name), flow, computed)


def _field(scope: Scope, identifier: exp.Expr, flow: Flow, value: exp.Expr | None) -> Field:
    name = scope.context.names.fold(identifier)
    return Field(name, scope.context.names.key(name), flow, value)


def _struct(node: exp.Struct, scope: Scope) -> dict[str, Field]:
    """The fields of STRUCT(a AS x, b), each with its own flow."""
    fields: dict[str, Field] = {}
    for part in node.expressions:
        value = part.expression if isinstance(part, exp.PropertyEQ) else part
        name = part.this if isinstance(part, exp.PropertyEQ) else getattr(part, "this", None)
        if isinstance(name, exp.Identifier):
            field = _field(scope, name, *value_of(value, scope))
            fields[field.key] = field
    return fields


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
    ctes = with_ctes(query, context, ctes, parent)
    chain: list[exp.SetOperation] = []
    left: exp.Expr = query
    while isinstance(left, exp.SetOperation) and (left is query or not left.args.get("with_")):
        chain.append(left)
        left = left.this
    result = read_query(left, context, ctes, parent)
    for operation in reversed(chain):
        right = read_query(operation.expression, context, ctes, parent)
        result = _combined(operation, result, right)
    scope = Scope(context, ctes, parent, read_query)
    scope.aliases = {field.key: field for field in result.fields}
    _sort(query, result.items, scope)
    return Relation(result.items, result.rows | scope.rows)


def _combined(operation: exp.SetOperation, left: Relation, right: Relation) -> Relation:
    decided: Rows = frozenset()
    if not isinstance(operation, exp.Union):
        both = left.whole().origins() | right.whole().origins()
        decided = left.rows | right.rows | rows_of("FILTER", both)
    if isinstance(operation, exp.Except):
        return Relation(left.items, decided)
    if operation.args.get("by_name"):
        return by_name(left, right)
    relation = side_by_side(left, right)
    return Relation(relation.items, relation.rows | decided)


def _parenthesized(
    node: exp.Subquery, context: Context, ctes: Ctes, parent: Scope | None
) -> Relation:
    ctes = with_ctes(node, context, ctes, parent)
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
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
    width = max((len(row) for row in rows), default=0)
    items: list[Item] = []
    for position in range(width):
        flow = merged((flow_of(row[position], scope) for row in rows if position < len(row)), COPY)
        name = context.names.fold(exp.to_identifier(f"column{position + 1}"))
        items.append(Field(name, context.names.key(name), flow))
    return Relation(items, frozenset(scope.rows))


def _table(node: exp.Table, context: Context, ctes: Ctes, parent: Scope | None) -> Relation:
    scope = Scope(context, with_ctes(node, context, ctes, parent), parent, read_query)
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
    return Relation(_projections(returning, scope))


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
