"""Accounts, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from songbook import urn
from songbook.connector import Item
from songbook.records import Grant, Principal
from tap_mysql.rows import Row, Rows, Server, extra

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
        pattern = row["table_schema"] if row["table_name"] is None else None
        is_wild = pattern is not None and _WILD.search(pattern) is not None
        object_urn = _object(server.namespace, row, is_wild=is_wild)
        if not urn.is_within(object_urn, server.scope):
            continue
        yield Grant(
            grantee_urn=_principal(server.namespace, row["grantee"]),
            object_urn=object_urn,
            privilege=row["privilege_type"],
            grantable=row["is_grantable"] == "YES",
            extra=extra(pattern=is_wild or None),
        )


def _object(namespace: str, row: Row, *, is_wild: bool) -> str:
    """What a privilege is on; a pattern that means many databases stands for itself."""
    database, table, column = row["table_schema"], row["table_name"], row["column_name"]
    if database is None:
        return namespace
    if table is None:
        return urn.join(namespace, [database if is_wild else _ESCAPED.sub(r"\1", database)])
    return urn.join(
        namespace,
        [database, table, column] if column else [database, table],
        "#" if column else None,
    )
