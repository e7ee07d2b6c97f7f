"""The steps of a connection test."""

from __future__ import annotations

from songbook import Check, Evidence
from songbook.server_settings import EVERY_DATABASE
from tap_postgres.client import DATABASES, Database, grant_connect
from tap_postgres.rule_tree import KNOWN_MAJORS

OLDEST = 12
"""The oldest major version that the statements are written for."""

VISIBLE = """
SELECT count(*), count(*) FILTER (WHERE c.relkind IN ('v', 'm'))
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
"""


def _version(database: Database) -> Evidence:
    text = database.connection.info.parameter_status("server_version")
    if database.major < OLDEST:
        hint = f"PostgreSQL {OLDEST} or newer is needed."
        return Evidence(f"PostgreSQL {text} is too old.", status="warning", remediation=hint)
    if database.major < KNOWN_MAJORS.start:
        hint = f"Views get lineage at table level; PostgreSQL {KNOWN_MAJORS.start} has columns."
        return Evidence(f"PostgreSQL {text} is out of support.", status="warning", remediation=hint)
    if database.major not in KNOWN_MAJORS:
        hint = "Views get lineage at table level; a newer tap may know this server's rule trees."
        return Evidence(f"PostgreSQL {text} is not tested.", status="warning", remediation=hint)
    return Evidence(f"PostgreSQL {text}.")


def _encryption(database: Database) -> Evidence:
    if database.is_private:
        return Evidence("The link is encrypted, or a local socket.")
    hint = "Set `sslmode` to `require` or `verify-full`."
    return Evidence("The link is not encrypted.", status="warning", remediation=hint)


def _databases(database: Database) -> Evidence:
    if database.config.database != EVERY_DATABASE:
        return Evidence(f"Reading the database {database.name!r}.")
    rows = database.ask(DATABASES)
    denied = [name for name, may_connect in rows if not may_connect]
    summary = f"{len(rows) - len(denied)} of {len(rows)} databases can be read."
    if not denied:
        return Evidence(summary, DATABASES.strip())
    user = database.connection.info.user
    hint = "\n".join(grant_connect(name, user) for name in denied)
    return Evidence(summary, DATABASES.strip(), "warning", hint)


def _visible(database: Database) -> Evidence:
    ((relations, views),) = database.ask(VISIBLE)
    if relations:
        return Evidence(f"{relations} tables and views, {views} of them views.", VISIBLE.strip())
    hint = "Check the setting `database`: this one has no tables of its own."
    return Evidence("There are no tables here.", VISIBLE.strip(), "warning", hint)


CHECKS = (
    Check("version", _version, quick=True),
    Check("encryption", _encryption, quick=True),
    Check("databases", _databases),
    Check("tables", _visible),
)
