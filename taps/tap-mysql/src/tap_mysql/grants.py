"""The least an account needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tap_mysql.config import EVERY_DATABASE, Config
from tap_mysql.privileges import NEEDS, OF_THE_ACCOUNTS, quoted


def grants(config: Config, streams: Sequence[str]) -> str:
    """A script for the administrator.

    information_schema shows only what the account has a privilege on, and no privilege shows a
    table without its rows: SELECT is needed, though no row of a table is ever read.
    """
    account = "'" + (config.user or "songbook").replace("'", "''") + "'@'%'"
    everywhere = config.database == EVERY_DATABASE
    where = "*.*" if everywhere else f"{_pattern(config.database)}.*"
    needed = _needed(streams)
    lines = [
        f"-- What tap-mysql needs to read: {', '.join(streams)}.",
        "-- The server shows only what an account may use; no row of a table is read.",
        f"CREATE USER {account} IDENTIFIED BY '...';  -- unless it exists",
    ]
    if everywhere:
        needed = [*needed, "SHOW DATABASES"]
    lines.append(f"GRANT {', '.join(needed)} ON {where} TO {account};")
    if "routines" in streams:
        lines += [
            "-- The source of routines: the first on MariaDB and MySQL 5.7, the second on MySQL 8.",
            f"GRANT SELECT ON mysql.proc TO {account};",
            f"-- GRANT SHOW_ROUTINE ON *.* TO {account};",
        ]
    if OF_THE_ACCOUNTS.keys() & set(streams):
        lines.append(f"GRANT SELECT ON mysql.* TO {account};")
    return "\n".join(lines)


def _needed(streams: Collection[str]) -> list[str]:
    wanted = [need.grant for stream, need in NEEDS.items() if stream in streams]
    if "tables" in streams:
        wanted.append("SHOW VIEW")
    return sorted(set(wanted)) or ["SELECT"]


def _pattern(database: str) -> str:
    """A database's name as GRANT wants it: wild characters escaped."""
    return quoted(database.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
