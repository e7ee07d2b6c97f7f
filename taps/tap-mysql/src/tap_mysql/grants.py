"""The least an account needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from songbook.server_settings import EVERY_DATABASE
from tap_mysql.config import Config
from tap_mysql.privileges import quoted
from tap_mysql.visibility import ACCOUNTS, NEEDS


def grants(config: Config, streams: Sequence[str]) -> str:
    """A script for the administrator.

    information_schema shows only what the account has a privilege on, and the definition of a view
    only to those who may read it: SELECT is needed, though no row of a table is ever read.
    """
    account = "'" + (config.user or "songbook").replace("'", "''") + "'@'%'"
    everywhere = config.database == EVERY_DATABASE
    where = "*.*" if everywhere else f"{_pattern(config.database)}.*"
    lines = [
        f"-- What tap-mysql needs to read: {', '.join(streams)}.",
        "-- The server shows only what an account may use; no row of a table is read. REFERENCES",
        "-- in place of SELECT keeps all rows shut, and with them the definitions of views.",
        f"CREATE USER {account} IDENTIFIED BY '...';  -- unless it exists",
        f"GRANT {', '.join(_needed(streams, everywhere=everywhere))} ON {where} TO {account};",
    ]
    if "routines" in streams and not everywhere:
        lines += [
            "-- Routines: the first on MariaDB and MySQL 5.7, the second on MySQL 8 and later.",
            f"GRANT SELECT ON mysql.proc TO {account};",
            f"-- GRANT SHOW_ROUTINE ON *.* TO {account};",
        ]
    if ACCOUNTS & set(streams) and not everywhere:
        lines.append(f"GRANT SELECT ON mysql.* TO {account};")
    return "\n".join(lines)


def _needed(streams: Collection[str], *, everywhere: bool) -> list[str]:
    wanted = {NEEDS[one].grant for one in ("tables", "triggers", "jobs") if one in streams}
    wanted |= {"SHOW VIEW"} if "tables" in streams else set()
    return sorted(wanted | {"SELECT"} | ({"SHOW DATABASES"} if everywhere else set()))


def _pattern(database: str) -> str:
    """A database's name as GRANT wants it: wild characters escaped."""
    return quoted(database.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
