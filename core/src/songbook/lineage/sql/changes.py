"""UPDATE, DELETE and MERGE: which columns feed the changed ones, and which choose the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlglot import exp

from songbook.lineage.sql.expressions import origins_of, value_of
from songbook.lineage.sql.flows import NOWHERE, Flow, Rows
from songbook.lineage.sql.queries import read_query, with_ctes
from songbook.lineage.sql.relations import Field, Item, Relation, Star
from songbook.lineage.sql.scope import Ctes, Scope, Source
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.sources import add_from
from songbook.lineage.sql.tables import table_name, target_source

_Assignment = tuple[exp.Expr, Flow, exp.Expr | None]
"""A column that is set, where its value comes from, and what computes it."""


def update(statement: exp.Update, session: Session, ctes: Ctes | None = None) -> None:
    """UPDATE: SET … FROM, a join as the target, or an alias of the FROM clause as the target."""
    scope = _scope(statement, session, ctes)
    before = set(session.context.tables_in)
    target = _read_target(statement, scope)
    if statement.args.get("where") is not None:
        scope.rows |= {("FILTER", it) for it in origins_of(statement.args["where"], scope)}
    changed: dict[str, list[Item]] = defaultdict(list)
    for node in statement.expressions:
        for column, flow, value in _assignments(node, scope):
            table = _owner(column, target, scope)
            changed[table].append(_field(session, table, column, flow, value))
    once = [table for table in changed if [it.table for it in scope.sources].count(table) == 1]
    session.context.tables_in.difference_update(set(once) - before)
    rows: Rows = frozenset(scope.rows)
    for table, items in changed.items():
        session.write(table, Relation(items, rows))


def delete(statement: exp.Delete, session: Session, ctes: Ctes | None = None) -> None:
    """DELETE: no value flows; the other tables that it names choose its rows."""
    scope = _scope(statement, session, ctes)
    tables: list[exp.Table] = statement.args.get("tables") or _tables(statement.this)
    using: list[exp.Expr] = statement.args.get("using") or []
    if statement.args.get("tables") and statement.this is not None:
        using = [statement.this]
    before = set(session.context.tables_in)
    for source in using:
        add_from(scope, source)
    written = [_deleted(table, scope) for table in tables]
    session.context.tables_in.difference_update(set(written) - before)
    if statement.args.get("where") is not None:
        scope.rows |= {("FILTER", it) for it in origins_of(statement.args["where"], scope)}
    others = bool(using) or session.context.tables_in != before
    for table in written:
        session.touch(table, frozenset(scope.rows) if others else frozenset())


def merge(statement: exp.Merge, session: Session, ctes: Ctes | None = None) -> None:
    """MERGE: each branch assigns its own columns."""
    scope = _scope(statement, session, ctes)
    scope.add(target_source(statement.this, scope))
    target = table_name(statement.this, session.context)
    add_from(scope, statement.args["using"])
    source = Scope(session.context, scope.ctes, None, read_query)
    source.sources = scope.sources[1:]
    if statement.args.get("on") is not None:
        scope.rows |= {("JOIN", it) for it in origins_of(statement.args["on"], scope)}
    items: list[Item] = []
    for when in statement.args["whens"].expressions:
        items += _branch(when, target, scope, source, session)
    session.write(target, Relation(items, frozenset(scope.rows | source.rows)))


def _scope(statement: exp.Expr, session: Session, ctes: Ctes | None) -> Scope:
    inner = with_ctes(statement, session.context, ctes or {}, None)
    return Scope(session.context, inner, None, read_query)


def _read_target(statement: exp.Update, scope: Scope) -> Source | None:
    """Read the tables of an UPDATE; gives the changed one, or None if its SET says which it is."""
    table = statement.this
    source = statement.args.get("from_")
    if source is not None and isinstance(table, exp.Table):
        add_from(scope, source.this)
        named = scope.source(scope.context.names.parts(table))
        if named is not None and named.table is not None and named.parts == ():
            return named
        target = target_source(table, scope)
        scope.sources.insert(0, target)
        return target
    if isinstance(table, exp.Table) and not table.args.get("joins"):
        scope.add(target_source(table, scope))
        return scope.sources[0]
    add_from(scope, table)
    return None


def _tables(node: exp.Expr | None) -> list[exp.Table]:
    """A table and those that are joined to it."""
    if not isinstance(node, exp.Table):
        return []
    return [node, *(join.this for join in node.args.get("joins") or [])]


def _deleted(table: exp.Table, scope: Scope) -> str:
    """The table that a DELETE names, which may be an alias of its USING."""
    named = scope.source(scope.context.names.parts(table))
    if named is not None and named.table is not None:
        return named.table
    scope.add(target_source(table, scope))
    return table_name(table, scope.context)


def _assignments(node: exp.Expr, scope: Scope) -> Iterator[_Assignment]:
    """The columns of one SET item with what they get; `(a, b) = (SELECT …)` has several."""
    if not isinstance(node, exp.EQ):
        return
    columns, value = node.this, node.expression
    if not isinstance(columns, exp.Tuple):
        yield columns, *_value(value, scope)
        return
    inner = value.unnest() if isinstance(value, exp.Subquery | exp.Paren) else value
    if isinstance(inner, exp.Query):
        relation = scope.query(inner)
        scope.rows |= relation.rows
        for column, field in zip(columns.expressions, relation.fields, strict=False):
            yield column, field.flow, field.value
    elif isinstance(inner, exp.Tuple):
        for column, part in zip(columns.expressions, inner.expressions, strict=False):
            yield column, *_value(part, scope)


def _value(node: exp.Expr, scope: Scope) -> tuple[Flow, exp.Expr | None]:
    is_default = isinstance(node, exp.Column) and node.name.upper() == "DEFAULT"
    return (NOWHERE, None) if is_default else value_of(node, scope)


def _owner(column: exp.Expr, target: Source | None, scope: Scope) -> str:
    """The table whose column is set."""
    if target is not None and target.table is not None:
        return target.table
    parts = column.parts[:-1] if isinstance(column, exp.Column) else []
    named = scope.source([scope.context.names.fold(part) for part in parts]) if parts else None
    if named is not None and named.table is not None:
        return named.table
    identifier = column.this if isinstance(column, exp.Column) else column
    key = scope.context.names.key(scope.context.names.fold(identifier))
    having = [source for source in scope.sources if source.relation.find(key)]
    owner = (having or scope.sources)[0]
    if len(having) != 1 and len(scope.sources) > 1:
        scope.context.note(f"Which table has the column {column.name} that is set is not known.")
    return owner.table or owner.key


def _field(
    session: Session, table: str, column: exp.Expr, flow: Flow, value: exp.Expr | None
) -> Field:
    name = session.names.fold(column.this if isinstance(column, exp.Column) else column)
    return Field(*session.column_of(table, name), flow, value)


def _branch(
    when: exp.When, target: str, scope: Scope, source: Scope, session: Session
) -> list[Item]:
    """The columns that one WHEN of a MERGE sets."""
    condition, then = when.args.get("condition"), when.args["then"]
    decided = frozenset(origins_of(condition, scope)) if condition is not None else frozenset()
    if isinstance(then, exp.Update):
        items = _updated(then, target, scope, source, session)
    elif isinstance(then, exp.Insert):
        items = _inserted(then, target, source, session)
    else:
        scope.rows |= {("FILTER", origin) for origin in decided}
        return []
    return [
        item._replace(flow=item.flow._replace(conditional=item.flow.conditional | decided))
        if isinstance(item, Field)
        else item
        for item in items
    ]


def _updated(
    then: exp.Update, target: str, scope: Scope, source: Scope, session: Session
) -> list[Item]:
    items: list[Item] = []
    for node in then.expressions:
        if isinstance(node, exp.Star):
            items += _same_names(target, source, session)
        for column, flow, value in _assignments(node, scope):
            items.append(_field(session, target, column, flow, value))
    return items


def _inserted(then: exp.Insert, target: str, source: Scope, session: Session) -> list[Item]:
    columns, values = then.this, then.expression
    if isinstance(columns, exp.Star):
        return _same_names(target, source, session)
    if isinstance(columns, exp.Var):
        row = [item for it in source.sources for item in it.relation.items]
        return session.as_columns_of(target, Relation(row), None).items
    nodes = values.expressions if isinstance(values, exp.Tuple) else [values.this]
    fields: list[Item] = [
        Field(f"column{place}", "", *_value(node, source)) for place, node in enumerate(nodes, 1)
    ]
    listed = None
    if columns is not None:
        parts = columns.expressions if isinstance(columns, exp.Tuple) else [columns.this]
        listed = [session.names.fold(it.this if isinstance(it, exp.Column) else it) for it in parts]
    return session.as_columns_of(target, Relation(fields), listed).items


def _same_names(target: str, source: Scope, session: Session) -> list[Item]:
    """SET * and INSERT *: each column of the target from the source's column of that name."""
    items = [item for it in source.sources for item in it.relation.items]
    known = session.columns_of(target)
    if known is None:
        return items
    if any(isinstance(item, Star) for item in items):
        return [Field(name, session.names.key(name), source.path([name]).flow) for name in known]
    keys = {session.names.key(name): name for name in known}
    return [
        item._replace(name=keys[item.key])
        for item in items
        if isinstance(item, Field) and item.key in keys
    ]
