"""USE and SET: statements that change what an unqualified name means."""

from __future__ import annotations

import re

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


def set_search_path(statement: str, session: Session) -> bool:
    """SET search_path, and RESET: whether the statement is one of these."""
    match = _SEARCH_PATH.match(statement)
    if match is None:
        return False
    first = match[2].strip("\"' ") if match[2] else None
    names = session.names
    names.schema = names.fold(exp.to_identifier(first)) if first else session.first_schema
    return True


_SEARCH_PATH = re.compile(
    r"\s*(SET\s+(?:LOCAL\s+|SESSION\s+)?|RESET\s+)search_path(?:\s*(?:=|\bTO\b)\s*([^,;]+))?",
    re.IGNORECASE,
)


def _plain_use(name: str, session: Session) -> None:
    """USE name: a schema in Databricks, a database elsewhere."""
    if session.names.dialect.name in ("databricks", "spark", "spark2", "hive"):
        session.names.schema = name
    else:
        session.names.database = name
        session.names.schema = session.names.dialect.empty_schema
