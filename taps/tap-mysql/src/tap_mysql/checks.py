"""The steps of a connection test."""

from __future__ import annotations

from songbook import Check, Evidence
from songbook.errors import ConfigError
from tap_mysql.config import EVERY_DATABASE
from tap_mysql.server import DATABASES, Server
from tap_mysql.visibility import NEEDS, hidden

OLDEST_MARIADB = (10, 4)
OLDEST_MYSQL = (5, 7)
"""The oldest versions that the statements are written for."""

VISIBLE = """
SELECT table_schema, table_type = 'VIEW', COUNT(*)
FROM information_schema.tables
GROUP BY table_schema, table_type = 'VIEW'
"""


def _version(server: Server) -> Evidence:
    title = "MariaDB" if server.is_mariadb else "MySQL"
    oldest = OLDEST_MARIADB if server.is_mariadb else OLDEST_MYSQL
    if server.release < oldest:
        hint = f"{title} {'.'.join(map(str, oldest))} or newer is needed."
        return Evidence(f"{title} {server.version} is too old.", status="warning", remediation=hint)
    return Evidence(f"{title} {server.version}.")


def _encryption(server: Server) -> Evidence:
    if server.is_private:
        return Evidence("The link is encrypted, or a local socket.")
    hint = "Set `sslmode` to `require` or `verify-full`."
    return Evidence("The link is not encrypted.", status="warning", remediation=hint)


def _databases(server: Server) -> Evidence:
    one = server.config.database
    if one == EVERY_DATABASE:
        return Evidence(f"{len(server.databases)} databases can be read.", DATABASES.strip())
    if server.databases:
        return Evidence(f"Reading the database {one!r}.", DATABASES.strip())
    raise ConfigError(
        f"There is no database {one!r} that the user may see.",
        hint="Check the setting `database`, or run the tap with --grants.",
    )


def _privileges(server: Server) -> Evidence:
    gaps = [gap for stream in ("containers", *NEEDS) for gap in hidden(server, stream)]
    if not gaps:
        return Evidence("Nothing is hidden from the account.", "SHOW GRANTS")
    streams = ", ".join(dict.fromkeys(gap.diagnostic.stream for gap in gaps))
    statements = dict.fromkeys(str(gap.diagnostic.remediation) for gap in gaps)
    return Evidence(
        f"Some of these may be hidden: {streams}.", "SHOW GRANTS", "warning", "\n".join(statements)
    )


def _visible(server: Server) -> Evidence:
    rows = [
        (is_view, count) for name, is_view, count in server.ask(VISIBLE) if name in server.databases
    ]
    total, views = sum(count for _, count in rows), sum(count for is_view, count in rows if is_view)
    if total:
        return Evidence(f"{total} tables and views, {views} of them views.", VISIBLE.strip())
    hint = "Check the setting `database`, and the privileges: run the tap with --grants."
    return Evidence("There are no tables to be seen.", VISIBLE.strip(), "warning", hint)


CHECKS = (
    Check("version", _version, quick=True),
    Check("encryption", _encryption, quick=True),
    Check("databases", _databases),
    Check("privileges", _privileges),
    Check("tables", _visible),
)
