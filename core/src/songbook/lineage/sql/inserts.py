"""INSERT: into one table or several, by position, by list or by name, with its conflicts."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.expressions import flow_of, origins_of
from songbook.lineage.sql.flows import Rows, rows_of
from songbook.lineage.sql.queries import read_query, with_ctes
from songbook.lineage.sql.relations import Field, Item, Relation
from songbook.lineage.sql.scope import Ctes, Scope, Source
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.sources import add_from, add_joins
from songbook.lineage.sql.tables import target_source


def insert(statement: exp.Insert, session: Session, ctes: Ctes | None = None) -> None:
    """INSERT INTO a table, or OVERWRITE a directory."""
    ctes = with_ctes(statement, session.context, ctes or {}, None)
    body = statement.args.get("expression") or statement.args.get("source")
    target = session.name_of(statement.this)
    relation = Relation([])
    if body is not None:
        relation = read_query(body, session.context, ctes, None)
    _put(statement, relation, session)
    conflict = statement.args.get("conflict")
    if conflict is not None and conflict.expressions:
        inserted = session.as_columns_of(target, relation, listed_columns(statement, session))
        _resolve_conflict(statement, inserted, session, ctes)


def insert_many(statement: exp.MultitableInserts, session: Session) -> None:
    """INSERT ALL / FIRST, and FROM source INSERT … INSERT …: one source, several targets."""
    ctes = with_ctes(statement, session.context, {}, None)
    scope = Scope(session.context, ctes, None, read_query)
    source = statement.args["source"]
    if isinstance(source, exp.Table):
        add_from(scope, source)
    else:
        scope.add(Source("", (), read_query(source, session.context, ctes, None)))
    for branch in statement.expressions:
        conditional = isinstance(branch, exp.ConditionalInsert)
        condition = branch.args.get("expression") if conditional else None
        decided = rows_of("FILTER", origins_of(condition, scope) if condition else ())
        one = branch.this if conditional else branch
        relation = _branch(one, scope)
        _put(one, Relation(relation.items, relation.rows | decided), session)


def listed_columns(statement: exp.Insert, session: Session) -> list[str] | None:
    """The column list of an INSERT, folded."""
    if not isinstance(statement.this, exp.Schema):
        return None
    columns = [
        getattr(it, "this", it) if isinstance(it, exp.Column) else it
        for it in statement.this.expressions
    ]
    return [session.names.fold(column) for column in columns]


def _branch(statement: exp.Insert, scope: Scope) -> Relation:
    """What one target of several gets: the source's columns, or values made of them."""
    body = statement.args.get("expression")
    rows: Rows = frozenset(scope.rows)
    if body is None:
        return Relation(scope.sources[0].relation.items, rows)
    if isinstance(body, exp.Values):
        values = body.expressions[0].expressions
        items: list[Item] = [Field("", "", flow_of(value, scope), value) for value in values]
        return Relation(items, rows)
    return read_query(body, scope.context, scope.ctes, scope)


def _put(statement: exp.Insert, relation: Relation, session: Session) -> None:
    if isinstance(statement.this, exp.Directory):
        session.write(statement.this.this.name, relation)
        return
    target = session.name_of(statement.this)
    listed = listed_columns(statement, session)
    if not statement.args.get("by_name"):
        listed = listed or _partitioned(statement, target, session)
        relation = session.as_columns_of(target, relation, listed)
    session.write(target, relation)


def _partitioned(statement: exp.Insert, target: str, session: Session) -> list[str] | None:
    """PARTITION (day = '1', hour): the constant ones are not in the query, the others come last."""
    table = statement.this
    partition = statement.args.get("partition") or table.args.get("partition")
    known = session.columns_of(target)
    if partition is None or known is None:
        return None
    constant: set[str] = set()
    last: list[str] = []
    for node in partition.expressions:
        column = node.this if isinstance(node, exp.EQ) else node
        name = session.names.fold(column.this if isinstance(column, exp.Column) else column)
        constant.add(session.names.key(name))
        if not isinstance(node, exp.EQ):
            last.append(name)
    return [name for name in known if session.names.key(name) not in constant] + last


def _resolve_conflict(
    statement: exp.Insert, inserted: Relation, session: Session, ctes: Ctes
) -> None:
    """ON CONFLICT DO UPDATE, ON DUPLICATE KEY UPDATE: assignments from the row that was refused."""
    table = statement.this.this if isinstance(statement.this, exp.Schema) else statement.this
    scope = Scope(session.context, ctes, None, read_query)
    scope.add(target_source(table, scope)._replace(hidden=True))
    scope.add(
        Source(
            session.names.key(session.names.fold(exp.to_identifier("excluded"))),
            (),
            inserted,
            hidden=True,
        )
    )
    body = statement.args.get("expression")
    if isinstance(body, exp.Select):
        add_from(scope, body.args["from_"].this if body.args.get("from_") else None)
        add_joins(scope, body)
    conflict = statement.args["conflict"]
    target = session.name_of(table)
    items: list[Item] = []
    for node in conflict.expressions:
        name = session.column_of(target, session.names.fold(node.this.this))
        items.append(Field(*name, flow_of(node.expression, scope), node.expression))
    where = conflict.args.get("where")
    rows = rows_of("FILTER", origins_of(where, scope) if where else ())
    session.write(target, Relation(items, rows))
