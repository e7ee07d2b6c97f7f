"""USE and SET: statements that change what an unqualified name means."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.session import Session

_NOT_NAMES = {"ROLE", "WAREHOUSE", "SECONDARY ROLES"}


def use(statement: exp.Use, session: Session) -> None:
    """USE a database, catalog or schema."""
    kind = statement.args.get("kind")
    what = kind.name.upper() if kind is not None else ""
    table = statement.this
    if what in _NOT_NAMES or not isinstance(table, exp.Table):
        return
    parts = session.names.parts(table)
    names = session.names
    if names.dialect.levels == 2 or (len(parts) == 1 and what == "SCHEMA"):
        names.schema = parts[-1]
    elif len(parts) > 1:
        names.database, names.schema = parts[-2:]
    elif what in ("DATABASE", "CATALOG"):
        names.database = parts[0]
        names.schema = names.dialect.empty_schema
    else:
        _plain_use(parts[0], session)


def _plain_use(name: str, session: Session) -> None:
    """USE name: a schema in Databricks, a database elsewhere."""
    if session.names.dialect.name in ("databricks", "spark", "spark2", "hive"):
        session.names.schema = name
    else:
        session.names.database = name
        session.names.schema = session.names.dialect.empty_schema
