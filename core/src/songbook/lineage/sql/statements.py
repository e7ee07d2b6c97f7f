"""Statements: what each kind reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from songbook.lineage.sql.changes import delete, merge, update
from songbook.lineage.sql.definitions import alter, create, drop
from songbook.lineage.sql.inserts import insert, insert_many
from songbook.lineage.sql.loads import copy, export, load
from songbook.lineage.sql.queries import read_query
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.settings import use

_Perform = Callable[[Any, Session], None]


def perform(statement: exp.Expr, session: Session) -> None:
    """Take over what a statement does; what has no lineage does nothing."""
    action = _ACTIONS.get(type(statement))
    if action is not None:
        action(statement, session)
    elif isinstance(statement, exp.Query | exp.Pivot):
        _query(statement, session)
    while session.context.changes:
        change, ctes = session.context.changes.pop(0)
        _ACTIONS[type(change)](change, session, ctes)  # type: ignore[call-arg]


def _query(statement: exp.Expr, session: Session) -> None:
    relation = read_query(statement, session.context, {}, None)
    into = statement.args.get("into")
    if into is None:
        session.show(relation)
    elif isinstance(into.this, exp.Table):
        temporary = bool(into.args.get("temporary"))
        session.define(session.name_of(into.this), relation, temporary=temporary)


def _cache(statement: exp.Cache, session: Session) -> None:
    """CACHE TABLE name AS query: a temporary view."""
    if statement.expression is not None:
        relation = read_query(statement.expression, session.context, {}, None)
        session.define(session.name_of(statement.this), relation, temporary=True)


_ACTIONS: dict[type[exp.Expr], _Perform] = {
    exp.Alter: alter,
    exp.Cache: _cache,
    exp.Copy: copy,
    exp.Create: create,
    exp.Delete: delete,
    exp.Drop: drop,
    exp.Export: export,
    exp.Insert: insert,
    exp.LoadData: load,
    exp.Merge: merge,
    exp.MultitableInserts: insert_many,
    exp.Update: update,
    exp.Use: use,
}
