"""Accounts, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from songbook import urn
from songbook.connector import Item
from songbook.records import Grant, Principal
from tap_mysql.rows import Row, Rows, Server, extra
from tap_mysql.server import OWN_DATABASES

_ESCAPED = re.compile(r"\\([%_\\])")
_WILD = re.compile(r"(?<!\\)[%_]")


def principals(server: Server, rows: Rows) -> Iterator[Item]:
    """Accounts and roles, by the name that information_schema gives them: 'user'@'host'."""
    for (user, host), group in groupby(rows, lambda row: (row["user"], row["host"])):
        own = list(group)
        name = _account(user, host)
        groups = [_account(row["role"], row["role_host"]) for row in own if row["role"]]
        yield Principal(
            urn=_principal(server.namespace, name),
            name=name,
            principal_type="role" if own[0]["is_role"] == "Y" else "user",
            member_of=[_principal(server.namespace, one) for one in groups],
        )


def _account(user: str, host: str) -> str:
    return f"'{user}'@'{host}'"


def _principal(namespace: str, name: str) -> str:
    return urn.join(namespace, [name], "principal")


def grants(server: Server, rows: Rows) -> Iterator[Item]:
    """Privileges on what is read: the server, its databases, their tables and columns."""
    for row in rows:
        database, is_wild = _database(row)
        object_urn = _object(server.namespace, row, database)
        if database in OWN_DATABASES or not urn.is_within(object_urn, server.scope):
            continue
        yield Grant(
            grantee_urn=_principal(server.namespace, row["grantee"]),
            object_urn=object_urn,
            privilege=row["privilege_type"],
            grantable=row["is_grantable"] == "YES",
            extra=extra(pattern=is_wild or None),
        )


def _database(row: Row) -> tuple[str | None, bool]:
    """The database that a privilege is on, or a pattern that means many."""
    name = row["table_schema"]
    if name is None or row["table_name"] is not None:
        return name, False
    is_wild = _WILD.search(name) is not None
    return (name if is_wild else _ESCAPED.sub(r"\1", name)), is_wild


def _object(namespace: str, row: Row, database: str | None) -> str:
    """What a privilege is on; a pattern stands for itself."""
    if database is None:
        return namespace
    path = [one for one in (database, row["table_name"], row["column_name"]) if one is not None]
    return urn.join(namespace, path, "#" if row["column_name"] else None)
