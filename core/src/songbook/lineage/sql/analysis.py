"""The analysis of a script: statement after statement, none of which can stop the others."""

from __future__ import annotations

from sqlglot import Token, exp

from songbook.lineage.sql import budget
from songbook.lineage.sql.context import Context, OutOfTime
from songbook.lineage.sql.dialects import dialect_named
from songbook.lineage.sql.names import Columns, Names, Schema
from songbook.lineage.sql.parse import Unreadable, parsed, split, tokens_of
from songbook.lineage.sql.result import SqlLineage
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.statements import perform
from songbook.lineage.sql.tables import table_name
from songbook.lineage.sql.tolerant import mentions


def analyze(
    sql: str,
    *,
    dialect: str,
    default_database: str | None = None,
    default_schema: str | None = None,
    schema: Schema | None = None,
) -> SqlLineage:
    """The lineage of a script.

    Names are qualified with the defaults and folded by the dialect's rules; `schema` gives the
    columns of tables. Whatever the text is, it never raises, but for a dialect that does not exist
    (ConfigError).
    """
    rules = dialect_named(dialect)
    names = Names(rules, default_database, default_schema)
    session = Session(Context(names, Columns(schema, rules), budget.SECONDS))
    _run(sql, session)
    return _result(session)


def _run(sql: str, session: Session) -> None:
    session.context.text = sql
    try:
        tokens = tokens_of(sql, session.names.dialect.sqlglot)
    except Unreadable as reason:
        _mentioned(sql[: budget.CHARACTERS], session, str(reason))
        return
    for chunk in split(tokens):
        _statement(chunk, sql, session)


def _statement(chunk: list[Token], sql: str, session: Session) -> None:
    text = sql[chunk[0].start : chunk[-1].end + 1]
    try:
        trees = parsed(chunk, sql, session.names.dialect.sqlglot)
    except Unreadable as reason:
        _mentioned(text, session, str(reason))
        return
    for tree in trees:
        _perform(tree, session)


def _perform(tree: exp.Expr, session: Session) -> None:
    try:
        perform(tree, session)
    except OutOfTime:
        _named(tree, session, f"The analysis took more than {budget.SECONDS:.0f} seconds.")
    except RecursionError:
        _named(tree, session, "The statement is nested too deep.")
    except Exception as error:  # noqa: BLE001  # tables must survive whatever the tree holds
        _named(tree, session, f"The columns can't be told ({type(error).__name__}: {error}).")


def _named(tree: exp.Expr, session: Session, reason: str) -> None:
    """Keep the tables of a statement whose columns fail."""
    session.context.note(reason)
    session.context.changes.clear()
    target = tree.this if isinstance(tree, exp.DDL | exp.DML) else None
    target = target.this if isinstance(target, exp.Schema) else target
    defined = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.name in defined:
            continue
        name = table_name(table, session.context)
        if table is target:
            session.outcome.tables_out.add(name)
        else:
            session.context.tables_in.add(name)


def _mentioned(text: str, session: Session, reason: str) -> None:
    """Keep the tables that the words of an unreadable text name."""
    session.context.note(reason)
    for mention in mentions(text):
        parts = [
            session.names.fold(exp.to_identifier(part.text, quoted=part.quoted))
            for part in mention.parts
        ]
        name = session.context.columns.stored_name(session.names.qualified(parts))
        if name in session.context.temporary:
            continue
        (session.outcome.tables_out if mention.written else session.context.tables_in).add(name)


def _result(session: Session) -> SqlLineage:
    direct, indirect = session.outcome.direct_edges(), session.outcome.indirect_edges()
    errors = tuple(session.context.notes)
    return SqlLineage(
        tables_in=frozenset(session.context.tables_in),
        tables_out=frozenset(session.outcome.tables_out),
        columns=direct,
        indirect=indirect,
        errors=errors,
        confidence=1.0 if not errors else 0.5 if direct else 0.25,
    )
