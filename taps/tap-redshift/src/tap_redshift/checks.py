"""The steps of a connection test."""

from __future__ import annotations

from songbook import Check, Evidence, Request
from tap_redshift.client import Database, quote
from tap_redshift.sources import SQL, facts
from tap_redshift.tables import SIZES

VISIBLE = """
SELECT COUNT(*) AS relations
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v')
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
"""


def _version(database: Database) -> Evidence:
    (row,) = database.ask(SQL["systems"])
    edition = database.endpoint.edition or "unknown edition"
    return Evidence(f"{row['version']} ({edition}).", SQL["systems"])


def _encryption(database: Database) -> Evidence:
    if database.is_private:
        return Evidence("The link is encrypted.")
    hint = "Set `sslmode` to `require` or `verify-full`."
    return Evidence("The link is not encrypted.", status="warning", remediation=hint)


def _visible(database: Database) -> Evidence:
    (row,) = database.ask(VISIBLE)
    if row["relations"]:
        return Evidence(f"{row['relations']} tables and views.", VISIBLE.strip())
    hint = "Check the setting `database`: this one has no tables of its own."
    return Evidence("There are no tables here.", VISIBLE.strip(), "warning", hint)


def _sizes(database: Database) -> Evidence:
    rows, gaps = facts(SIZES, database, Request())
    if not gaps:
        return Evidence(f"Rows and sizes of {len(rows)} tables.", SIZES.statement)
    told = gaps[0].diagnostic
    return Evidence(told.title, SIZES.statement, "warning", told.remediation)


def _log(database: Database) -> Evidence:
    if not database.config.history_days:
        return Evidence("The query log is not asked for.")
    if any(row["sees_all"] for row in database.ask(SQL["log_access"])):
        return Evidence("The user sees what all users ran.", SQL["log_access"])
    hint = f"ALTER USER {quote(database.user)} SYSLOG ACCESS UNRESTRICTED;"
    return Evidence("The user sees only its own queries.", SQL["log_access"], "warning", hint)


CHECKS = (
    Check("version", _version, quick=True),
    Check("encryption", _encryption, quick=True),
    Check("tables", _visible),
    Check("sizes", _sizes),
    Check("query log", _log),
)
