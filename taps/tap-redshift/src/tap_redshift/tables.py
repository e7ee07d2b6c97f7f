"""Tables: local ones with their keys and sizes, external ones, and those of other databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from songbook import Request, urn
from songbook.connector import Item
from songbook.records import PartitionKey, Table
from songbook.sql import records
from tap_redshift.client import Database
from tap_redshift.sources import SQL, Source, attempt, facts

SIZES = Source(
    "table_sizes", Table, "svv_table_info", "Row counts and sizes", ("row_count", "size_bytes")
)
MATERIALIZED = Source(
    "materialized_views",
    Table,
    "svv_mv_info",
    "Which views are materialized",
    ("table_type", "native_type"),
)
EXTERNAL = Source("external_tables", Table, "svv_external_tables", "External tables")
PARTITIONS = Source(
    "external_partition_keys",
    Table,
    "svv_external_columns",
    "How external tables are partitioned",
    ("partition_keys",),
)


@dataclass
class Keys:
    """The distribution key and the sort key of a table."""

    distribution: str | None = None
    sort: list[str] = field(default_factory=list)
    is_interleaved: bool = False


def tables(database: Database, request: Request) -> Iterator[Item]:
    """The relations of a database."""
    if not database.is_local:
        yield from records(Table, database, SQL["remote_tables"], request)
        return
    sizes, no_sizes = facts(SIZES, database, request)
    views, no_views = facts(MATERIALIZED, database, request)
    yield from (*no_sizes, *no_views)
    known = _Known(
        _keys(database, database.ask(SQL["table_keys"])), _by_urn(database, sizes),
        _by_urn(database, views),
    )  # fmt: skip
    yield from (known.complete(one) for one in records(Table, database, SQL["tables"], request))
    yield from attempt(EXTERNAL, database, _external(database, request))


@dataclass(frozen=True)
class _Known:
    """What is known of tables beyond the catalog's own row, by URN."""

    keys: Mapping[str, Keys]
    sizes: Mapping[str, Mapping[str, Any]]
    materialized: Mapping[str, Mapping[str, Any]]

    def complete(self, table: Table) -> Table:
        if table.urn in self.keys:
            _add_keys(table, self.keys[table.urn])
        if table.urn in self.sizes:
            table.row_count = self.sizes[table.urn]["row_count"]
            table.size_bytes = self.sizes[table.urn]["size_bytes"]
        if table.urn in self.materialized:
            _materialize(table, self.materialized[table.urn])
        return table


def _add_keys(table: Table, keys: Keys) -> None:
    if keys.distribution is not None and table.distribution is not None:
        table.distribution["key"] = keys.distribution
    table.sort_keys = keys.sort
    if keys.sort:
        table.extra["sort_style"] = "interleaved" if keys.is_interleaved else "compound"


def _materialize(table: Table, row: Mapping[str, Any]) -> None:
    table.table_type = "materialized_view"
    table.native_type = "materialized view"
    table.extra["incremental"] = row["is_incremental"]
    table.extra["auto_refresh"] = row["is_refreshed_automatically"]


def _external(database: Database, request: Request) -> Iterator[Item]:
    rows, no_partitions = facts(PARTITIONS, database, request)
    yield from no_partitions
    partitions: dict[str, list[PartitionKey]] = defaultdict(list)
    for row in rows:
        name = row["column_name"]
        key = PartitionKey(expression=name, field_path=urn.field_path(name))
        partitions[_urn(database, row)].append(key)
    for table in records(Table, database, EXTERNAL.statement, request):
        table.partition_keys = partitions.get(table.urn, [])
        yield table


def _keys(database: Database, rows: Sequence[Mapping[str, Any]]) -> dict[str, Keys]:
    found: dict[str, Keys] = defaultdict(Keys)
    for row in rows:
        keys = found[_urn(database, row)]
        if row["is_distribution_key"]:
            keys.distribution = urn.field_path(row["column_name"])
        if row["sort_position"]:
            keys.sort.append(urn.field_path(row["column_name"]))
            keys.is_interleaved |= row["sort_position"] < 0
    return found


def _by_urn(database: Database, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {_urn(database, row): row for row in rows}


def _urn(database: Database, row: Mapping[str, Any]) -> str:
    path = [row["database_name"], row["schema_name"], row["table_name"]]
    return urn.join(database.namespace, path)
