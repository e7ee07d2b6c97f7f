"""Lineage: of views by their definitions, of tables by the query log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from songbook import Request, lineage, urn
from songbook.connector import Item
from songbook.records import Column
from tap_redshift import history
from tap_redshift.client import Database
from tap_redshift.columns import columns
from tap_redshift.sources import SQL

Path: TypeAlias = tuple[str, ...]
"""A database, a schema and a table."""


def edges(database: Database, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """Lineage of views by their definitions, and of tables by the query log."""
    yield from _of_views(database)
    if database.config.history_days:
        yield from _of_statements(database)


def _of_views(database: Database) -> Iterator[Item]:
    rows = database.ask(SQL["view_definitions"])
    if not rows:
        return
    # Importing the parser of SQL takes a moment: not where there is nothing to parse.
    from songbook.view_lineage import Source, View, from_definitions

    views = [
        View((row["database_name"], row["schema_name"], row["view_name"]), row["definition"])
        for row in rows
    ]
    source = Source(
        namespace=database.namespace,
        scope=database.urn,
        dialect="redshift",
        columns=partial(_columns, database, [view.path for view in views]),
        recorded=_recorded(database),
        cache_dir=database.config.cache_dir,
    )
    yield from from_definitions(views, source)


def _columns(
    database: Database, views: Collection[Path], tables: Collection[Path]
) -> dict[Path, list[str]]:
    """The columns of some tables, in their order; those of other databases are not known."""
    local = [
        (database.name, row["schema_name"], row["table_name"])
        for row in database.ask(SQL["relation_names"])
    ]
    # A definition may be written in another case than the names are stored in.
    stored = {_lower(path): path for path in (*local, *views)}
    own = [stored.get(_lower(path), path) for path in tables if path[0] == database.name]
    request = Request(
        schemas=tuple(sorted({path[1] for path in own})),
        tables=tuple(sorted({path[2] for path in own})),
    )
    found: dict[Path, list[str]] = defaultdict(list)
    for one in columns(database, request):
        if isinstance(one, Column) and one.parent_field_path is None:
            found[urn.parse(one.table_urn).path].append(one.name)
    return found


def _lower(path: Path) -> Path:
    return tuple(part.lower() for part in path)


def _recorded(database: Database) -> dict[Path, list[Path]]:
    """The tables that views were made from, as the catalog keeps them for views that are bound."""
    tables: dict[Path, list[Path]] = defaultdict(list)
    for row in database.ask(SQL["view_dependencies"]):
        view = (row["database_name"], row["view_schema"], row["view_name"])
        tables[view].append((row["database_name"], row["upstream_schema"], row["upstream_name"]))
    return tables


def _of_statements(database: Database) -> Iterator[Item]:
    tables: Mapping[int, Mapping[str, Any]] = {
        row["id"]: row for row in database.ask(SQL["relation_names"])
    }
    for row in history.log(database, history.LINEAGE):
        if not isinstance(row, dict):
            yield row
        elif row["downstream_id"] in tables and row["upstream_id"] in tables:
            downstream = _logged(database, tables[row["downstream_id"]])
            yield lineage.edge(
                asserted_by=downstream,
                origin="query_log",
                downstream_urn=downstream,
                upstream_urn=_logged(database, tables[row["upstream_id"]]),
                granularity="table",
            )


def _logged(database: Database, row: Mapping[str, Any]) -> str:
    return _urn(database, database.name, row["schema_name"], row["table_name"])


def _urn(database: Database, *path: str) -> str:
    return urn.join(database.namespace, path)
