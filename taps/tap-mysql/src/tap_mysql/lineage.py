"""The lineage of views, from their definitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import partial
from typing import TypeAlias

from songbook import Gap, Request, urn
from songbook.connector import Item
from songbook.records import Diagnostic, Lineage
from songbook.sql import statements
from tap_mysql.privileges import quoted
from tap_mysql.server import Server

SQL = statements("tap_mysql")

PARTS = len(("database", "table"))

Path: TypeAlias = tuple[str, ...]
"""A database and a table."""


def edges(server: Server, request: Request) -> Iterator[Item]:
    """The edges of all views whose definition the account may see."""
    views = _definitions(server, request)
    shown = {path: text for path, text in views.items() if text}
    for database, count in Counter(path[0] for path in views if path not in shown).items():
        yield _hidden(server, database, count)
    if not shown:
        return
    # Importing the parser of SQL takes a moment: not where there is nothing to parse.
    from songbook.view_lineage import Source, View, from_definitions

    source = Source(
        namespace=server.namespace,
        scope=server.scope,
        dialect="mariadb" if server.is_mariadb else "mysql",
        columns=partial(_columns, server),
        recorded=_recorded(server, request) if server.records_lineage else {},
        cache_dir=server.config.cache_dir,
    )
    yield from from_definitions([View(*one) for one in shown.items()], source)


def _definitions(server: Server, request: Request) -> dict[Path, str | None]:
    """The views with their definitions; without, where they are hidden."""
    return {
        (row["table_schema"], row["table_name"]): row["view_definition"]
        for row in server.read(SQL["views"], request)
    }


def _recorded(server: Server, request: Request) -> dict[Path, list[Path]]:
    """The tables of each view, as the server itself keeps them."""
    tables: dict[Path, list[Path]] = defaultdict(list)
    for row in server.read(SQL["view_tables"], request):
        view = (row["view_schema"], row["view_name"])
        tables[view].append((row["table_schema"], row["table_name"]))
    return tables


def _columns(server: Server, tables: Collection[Path]) -> dict[Path, list[str]]:
    """The columns of some tables, in their order."""
    columns: dict[Path, list[str]] = defaultdict(list)
    # In MySQL, tables have two parts: a name with more is another program's notation.
    pairs = tuple(sorted(path for path in tables if len(path) == PARTS))
    for row in server.read(SQL["column_names"], Request(), tables=pairs) if pairs else ():
        columns[row["table_schema"], row["table_name"]].append(row["column_name"])
    return columns


def _hidden(server: Server, database: str, count: int) -> Gap:
    return Gap(
        "denied",
        Diagnostic(
            code="MYSQL_LINEAGE_HIDDEN",
            stream=Lineage.STREAM,
            scope_urn=urn.join(server.namespace, [database]),
            severity="warning",
            title="The lineage of some views is not known: their definition is hidden.",
            remediation=f"GRANT SELECT, SHOW VIEW ON {quoted(database)}.* TO {server.account};",
            count=count,
        ),
    )
