"""COPY, LOAD and EXPORT: between tables and files, whose places stand for tables."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.flows import copy_of
from songbook.lineage.sql.queries import read_query
from songbook.lineage.sql.relations import Field, Item, Relation, Star
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.tables import location


def copy(statement: exp.Copy, session: Session) -> None:
    """COPY into a table from files or from a query over them, or out of a table into files."""
    files = statement.args.get("files") or []
    place = _place(statement.this)
    if place is not None:
        for source in files:
            session.outcome.write(place, _columns(source, session))
    elif statement.args.get("kind"):
        _load(statement.this, files, session)
    else:
        relation = _columns(statement.this, session)
        for to in filter(None, map(_place, files)):
            session.outcome.write(to, relation)


def load(statement: exp.LoadData, session: Session) -> None:
    """LOAD DATA INTO a table FROM FILES."""
    inpath = statement.args.get("inpath")
    nodes = [inpath] if inpath is not None else _uris(statement.args.get("files"))
    _load(statement.this, nodes, session)


def export(statement: exp.Export, session: Session) -> None:
    """EXPORT DATA: a query into files."""
    relation = read_query(statement.this, session.context, {}, None)
    for uri in _uris(statement.args.get("options")):
        session.outcome.write(uri.name, relation)


def _load(target: exp.Expr, files: list[exp.Expr], session: Session) -> None:
    name = session.name_of(target)
    listed = (
        [session.names.fold(it) for it in target.expressions]
        if isinstance(target, exp.Schema)
        else None
    )
    for node in files:
        place = _place(node)
        if place is None:
            relation = read_query(node, session.context, {}, None)
            session.write(name, session.as_columns_of(name, relation, listed))
        else:
            session.context.tables_in.add(place)
            session.write(name, _from_file(name, place, listed, session))
    if not files:
        session.touch(name, frozenset())


def _from_file(target: str, place: str, listed: list[str] | None, session: Session) -> Relation:
    """Columns of a file that nobody can tell apart."""
    if listed is None:
        return Relation([Star((place,))])
    items: list[Item] = [
        Field(*session.column_of(target, name), copy_of(place, "*")) for name in listed
    ]
    return Relation(items)


def _columns(source: exp.Expr, session: Session) -> Relation:
    """What a table, some of its columns, or a query gives to a file."""
    if isinstance(source, exp.Schema):
        listed = exp.Select(expressions=[exp.Column(this=it) for it in source.expressions])
        listed.set("from_", exp.From(this=source.this))
        source = listed
    return read_query(source, session.context, {}, None)


def _place(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Table):
        return location(node)
    if isinstance(node, exp.Literal | exp.Var):
        return str(node.name)
    return None


def _uris(options: exp.Expr | None) -> list[exp.Expr]:
    """The places that the option `uri` or `uris` names."""
    for node in options.expressions if options is not None else []:
        if isinstance(node, exp.Property) and node.this.name.lower() in ("uri", "uris"):
            return list(node.args["value"].find_all(exp.Literal))
    return []
