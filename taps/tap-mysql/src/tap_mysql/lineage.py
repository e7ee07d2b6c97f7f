"""The lineage of views, from their definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, nullcontext
from typing import TypeAlias

from songbook import Gap, Request
from songbook.connector import Item
from songbook.records import Diagnostic, Lineage
from songbook.sql import statements
from tap_mysql.server import Server

SQL = statements("tap_mysql")

Path: TypeAlias = tuple[str, ...]
"""A database and a table."""


def edges(server: Server, request: Request) -> Iterator[Item]:
    """The edges of all views; where a definition is hidden, of the tables that the server names."""
    shown, hidden = _definitions(server, request)
    recorded = _recorded(server, request) if server.records_lineage else {}
    if hidden:
        yield _hidden(server, len(hidden))
    if not shown and not hidden:
        return
    # Importing the parser of SQL takes a moment: not where there is nothing to parse.
    from songbook.lineage.cache import Cache
    from songbook.lineage.views import Source, View, from_definitions, from_records, mentioned

    yield from from_records({path: recorded.get(path, ()) for path in hidden}, server.namespace)
    views = [View(*one) for one in shown.items()]
    dialect = "mariadb" if server.is_mariadb else "mysql"
    folder = server.config.cache_dir
    with closing(Cache(folder)) if folder else nullcontext() as cache:
        source = Source(
            namespace=server.namespace,
            scope=server.scope,
            dialect=dialect,
            columns=_columns(server, mentioned(views, dialect)),
            recorded=recorded,
            cache=cache,
        )
        yield from from_definitions(views, source)


def _definitions(server: Server, request: Request) -> tuple[dict[Path, str], list[Path]]:
    """The views with their definitions, and those whose definition is hidden."""
    views: dict[Path, str | None] = {
        (row["table_schema"], row["table_name"]): row["view_definition"]
        for row in server.read(SQL["views"], request)
    }
    shown = {path: text for path, text in views.items() if text}
    return shown, [path for path in views if path not in shown]


def _recorded(server: Server, request: Request) -> dict[Path, list[Path]]:
    """The tables of each view, as the server itself keeps them."""
    tables: dict[Path, list[Path]] = defaultdict(list)
    for row in server.read(SQL["view_tables"], request):
        view = (row["view_schema"], row["view_name"])
        tables[view].append((row["table_schema"], row["table_name"]))
    return tables


def _columns(server: Server, wanted: set[Path]) -> dict[Path, list[str]]:
    """The columns of some tables, in their order."""
    columns: dict[Path, list[str]] = defaultdict(list)
    if not wanted:
        return columns
    for row in server.read(SQL["column_names"], Request(), tables=tuple(sorted(wanted))):
        path = row["table_schema"], row["table_name"]
        if path in wanted:  # the server may compare names without regard to case
            columns[path].append(row["column_name"])
    return columns


def _hidden(server: Server, count: int) -> Gap:
    return Gap(
        "denied",
        Diagnostic(
            code="MYSQL_LINEAGE_HIDDEN",
            stream=Lineage.STREAM,
            scope_urn=server.scope,
            severity="warning",
            title="The lineage of some views is not known: their definition is hidden.",
            remediation=f"GRANT SELECT, SHOW VIEW ON {server.granted_on} TO {server.account};",
            count=count,
        ),
    )
