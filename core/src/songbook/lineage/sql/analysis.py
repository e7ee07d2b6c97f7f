"""The analysis of a text: `analyze`, the one way in."""

from __future__ import annotations

from songbook.lineage.sql import budget
from songbook.lineage.sql.context import Context
from songbook.lineage.sql.definition import Analysis, Definition
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
    definition = Definition(sql, dialect, default_database, default_schema)
    return analysis_of(definition, schema).lineage


def tables_of(
    sql: str,
    *,
    dialect: str,
    default_database: str | None = None,
    default_schema: str | None = None,
) -> frozenset[str]:
    """The tables whose columns `analyze` would ask for: those that a text reads, and targets."""
    definition = Definition(sql, dialect, default_database, default_schema)
    return frozenset(analysis_of(definition, None).asked)


def analysis_of(definition: Definition, schema: Schema | None) -> Analysis:
    """The lineage of a definition, and what it asked the schema for."""
    rules = dialect_named(definition.dialect)
    names = Names(rules, definition.default_database, definition.default_schema)
    columns = Columns(schema, rules)
    session = Session(Context(names, columns, budget.SECONDS))
    run(definition.sql, session)
    return Analysis(_result(session), tuple(sorted(columns.asked)))


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
