"""The analysis of a text: `analyze`, the one way in."""

from __future__ import annotations

from songbook.lineage.sql import budget
from songbook.lineage.sql.context import Context
from songbook.lineage.sql.dialects import dialect_named
from songbook.lineage.sql.names import Columns, Names, Schema
from songbook.lineage.sql.result import SqlLineage
from songbook.lineage.sql.script import run
from songbook.lineage.sql.session import Session


def analyze(
    sql: str,
    *,
    dialect: str,
    default_database: str | None = None,
    default_schema: str | None = None,
    schema: Schema | None = None,
) -> SqlLineage:
    """The lineage of a script.

    Names are qualified with the defaults and folded by the dialect's rules. `schema` gives the
    columns of a table by its dotted name: the plain names of the columns as the source stores
    them, without the fields of structs. Whatever the text is, it never raises, but for a dialect
    that does not exist (ConfigError).
    """
    rules = dialect_named(dialect)
    names = Names(rules, default_database, default_schema)
    session = Session(Context(names, Columns(schema, rules), budget.SECONDS))
    run(sql, session)
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
