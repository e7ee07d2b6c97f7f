"""CREATE, ALTER and DROP: what comes into being with rows, and what changes its name."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.queries import read_query, with_ctes
from songbook.lineage.sql.relations import Relation, Star, renamed
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.tables import table_name

_DEFINED = {"TABLE", "VIEW", "MATERIALIZED VIEW", "DYNAMIC TABLE", "STREAM"}


def create(statement: exp.Create, session: Session) -> None:
    """CREATE TABLE or VIEW, from a query, as a clone, or empty."""
    if statement.kind not in _DEFINED:
        return
    target = session.name_of(statement.this)
    temporary = _is_temporary(statement, target)
    clone = statement.args.get("clone")
    if clone is not None:
        session.define(
            target, session.context.read_table(session.name_of(clone.this)), temporary=temporary
        )
    elif statement.expression is not None:
        _from_query(statement, target, session, temporary=temporary)
    else:
        session.declare(target, _declared(statement, session), temporary=temporary)
        _from_location(statement, target, session)


def alter(statement: exp.Alter, session: Session) -> None:
    """ALTER … RENAME, SWAP WITH, and MySQL's ALTER VIEW … AS."""
    table = statement.this
    if not isinstance(table, exp.Table):
        return
    name = table_name(table, session.context)
    for action in statement.actions:
        if isinstance(action, exp.AlterRename) and isinstance(action.this, exp.Table):
            rename(name, beside(table, action.this, session), session)
        elif isinstance(action, exp.SwapTable):
            swap(name, session.name_of(action.this), session)
        elif isinstance(action, exp.Query):
            relation = read_query(action, session.context, {}, None)
            session.define(name, relation)


def drop(statement: exp.Drop, session: Session) -> None:
    """DROP: the script's own knowledge of a table ends."""
    for table in statement.args.get("tables") or []:
        if isinstance(table, exp.Table):
            session.drop(session.name_of(table))


def rename(old: str, new: str, session: Session) -> None:
    """A table goes on under another name."""
    temporary = old in session.context.temporary
    relation = session.context.read_table(old)
    session.define(new, relation, temporary=temporary)
    session.drop(old)


def swap(one: str, other: str, session: Session) -> None:
    """Two tables change their names with each other."""
    temporary = session.context.temporary
    if one in temporary or other in temporary:
        mine, its = session.context.read_table(one), session.context.read_table(other)
        session.define(one, its, temporary=one in temporary)
        session.define(other, mine, temporary=other in temporary)
        return
    relations = session.context.read_table(one), session.context.read_table(other)
    session.define(one, relations[1])
    session.define(other, relations[0])


def beside(table: exp.Table, new: exp.Table, session: Session) -> str:
    """A new name: without a schema it stays in the old one's."""
    parts = session.names.parts(new)
    if len(parts) == 1:
        parts = [*session.names.parts(table)[:-1], *parts]
    return session.names.qualified(parts)


def _from_query(statement: exp.Create, target: str, session: Session, *, temporary: bool) -> None:
    ctes = with_ctes(statement, session.context, {}, None)
    relation = read_query(statement.expression, session.context, ctes, None)
    listed = [] if _adds_columns(statement, session) else _declared(statement, session)
    if listed and relation.stars:
        session.context.note(f"Which column feeds each column of {target} is not known.")
    key = session.names.key
    relation = renamed(relation, [(name, key(name)) for name in listed])
    session.define(target, relation, temporary=temporary)
    for node in _properties(statement):
        if isinstance(node, exp.ToTableProperty) and isinstance(node.this, exp.Table):
            session.write(session.name_of(node.this), relation)


def _adds_columns(statement: exp.Create, session: Session) -> bool:
    """MySQL's CREATE TABLE t (more columns) SELECT …: the query's columns follow the listed."""
    columns = statement.this.expressions if isinstance(statement.this, exp.Schema) else []
    return (
        session.names.dialect.levels == 2
        and statement.kind == "TABLE"
        and any(isinstance(column, exp.ColumnDef) for column in columns)
    )


def _declared(statement: exp.Create, session: Session) -> list[str]:
    """The columns in the list of a CREATE, constraints left out."""
    nodes = statement.this.expressions if isinstance(statement.this, exp.Schema) else []
    names: list[str] = []
    for node in nodes:
        identifier = node.this if isinstance(node, exp.ColumnDef | exp.Column) else node
        if isinstance(identifier, exp.Identifier):
            names.append(session.names.fold(identifier))
        elif isinstance(node, exp.LikeProperty) and isinstance(node.this, exp.Table):
            names += session.columns_of(session.name_of(node.this)) or []
    for node in _properties(statement):
        if isinstance(node, exp.LikeProperty) and isinstance(node.this, exp.Table):
            names += session.columns_of(session.name_of(node.this)) or []
    return names


def _from_location(statement: exp.Create, target: str, session: Session) -> None:
    """An external table shows what its files hold."""
    if not any(isinstance(node, exp.ExternalProperty) for node in _properties(statement)):
        return
    for node in _properties(statement):
        if isinstance(node, exp.LocationProperty):
            session.context.tables_in.add(node.this.name)
            session.outcome.write(target, Relation([Star((node.this.name,))]))


def _properties(statement: exp.Create) -> list[exp.Expr]:
    properties = statement.args.get("properties")
    return list(properties.expressions) if properties is not None else []


def _is_temporary(statement: exp.Create, target: str) -> bool:
    return any(
        isinstance(node, exp.TemporaryProperty) for node in _properties(statement)
    ) or target.rpartition(".")[2].startswith("#")
