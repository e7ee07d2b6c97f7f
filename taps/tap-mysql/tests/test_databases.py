"""All databases or one, filters and scopes: what is read, and what coverage says about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mysql_servers import Server

from songbook import browse, extract
from songbook.errors import NotSupported
from songbook.records import Column, Coverage, Diagnostic, Record, System, Table
from songbook.registry import load
from tap_mysql import connector

NAMES = ("left db", "right", "RIGHT")


@pytest.fixture(scope="module")
def shop(server: Server) -> Iterator[Server]:
    """Three databases, two of which differ in case only."""
    for name in NAMES:
        server.create_database(name)
        server.run(
            f"USE `{name}`",
            "CREATE TABLE orders (id integer PRIMARY KEY)",
            "CREATE TABLE ORDERS (other integer)",
            "CREATE TABLE tmp_1 (id integer)",
            *(["CREATE SEQUENCE numbers"] if server.is_mariadb else []),
        )
    yield server
    server.run(*(f"DROP DATABASE `{name}`" for name in NAMES))


def settings(server: Server, **changes: Any) -> dict[str, Any]:
    return server.settings(namespace="mysql://it", **changes)


def read(server: Server, **changes: Any) -> list[Record]:
    return list(extract(connector, settings(server, **changes)))


def coverage(records: list[Record]) -> dict[tuple[str, str], Coverage]:
    return {(one.stream, one.scope_urn): one for one in records if isinstance(one, Coverage)}


def tables(records: list[Record]) -> list[str]:
    return [one.urn.removeprefix("mysql://it/") for one in records if isinstance(one, Table)]


ALL = ["ORDERS", "orders", "tmp_1"]


def test_all_databases_are_one_scope(shop: Server) -> None:
    records = read(shop)
    found = tables(records)
    assert [one for one in found if one.lower().startswith("right")] == [
        f"{database}/{table}" for database in ("RIGHT", "right") for table in ALL
    ]
    entries = coverage(records)
    assert {scope for _, scope in entries} == {"mysql://it"}
    assert all(one.complete for one in entries.values())


def test_one_database_is_a_scope_of_its_own(shop: Server) -> None:
    """Its neighbour with the same letters is another."""
    records = read(shop, database="right")
    assert tables(records) == [f"right/{table}" for table in ALL]
    assert {scope for stream, scope in coverage(records) if stream != "systems"} == {
        "mysql://it/right"
    }
    (system,) = (one for one in records if isinstance(one, System))
    assert system.default_database == "right"
    assert system.identifiers["lower_case_table_names"] == 0
    assert system.identifiers["tables"] == "sensitive"


def test_sequences_are_no_tables(shop: Server) -> None:
    columns = [one.urn for one in read(shop, database="right") if isinstance(one, Column)]
    assert columns == [
        "mysql://it/right/ORDERS#other",
        "mysql://it/right/orders#id",
        "mysql://it/right/tmp_1#id",
    ]


def test_filter_counts_what_it_leaves_out(shop: Server) -> None:
    records = read(shop, database="right", exclude=["*.tmp_*", "right.ORDERS"])
    assert tables(records) == ["right/orders"]
    entry = coverage(records)["tables", "mysql://it/right"]
    assert (entry.extracted, entry.filtered, entry.seen, entry.complete) == (1, 2, 3, True)


def test_what_is_excluded_is_not_asked_for(shop: Server) -> None:
    records = read(shop, include=["right", "left db.orders"])
    assert tables(records) == ["left%20db/orders", *(f"right/{table}" for table in ALL)]
    assert all(one.complete for one in coverage(records).values())
    left_out = {stream: one.filtered for (stream, _), one in coverage(records).items()}
    assert left_out["tables"] == left_out["columns"] == 2, "those of one database, not of RIGHT"
    assert left_out["constraints"] == left_out["indexes"] == 0
    assert not any(
        one.code == "FILTER_MATCHED_NOTHING" for one in records if isinstance(one, Diagnostic)
    )


def test_nothing_wanted_is_nothing_read(shop: Server) -> None:
    assert tables(read(shop, include=["no_such"])) == []


def test_scopes_limit_reading_and_coverage(shop: Server) -> None:
    records = read(shop, scopes=["mysql://it/right", "mysql://it/left%20db/orders"])
    assert tables(records) == ["left%20db/orders", *(f"right/{table}" for table in ALL)]
    entries = coverage(records)
    assert entries["tables", "mysql://it/right"].extracted == len(ALL)
    assert entries["tables", "mysql://it/left%20db/orders"].extracted == 1


def test_browse_from_python(shop: Server) -> None:
    view = browse(connector, settings(shop))
    assert set(NAMES) <= {one.name for one in view.schemas()}
    assert [one.name for one in view.tables("RIGHT")] == ALL
    assert [one.name for one in view.columns("right", "ORDERS")] == ["other"]
    with pytest.raises(NotSupported) as raised:
        list(view.changed(since=None))  # type: ignore[arg-type]
    assert "catalog.changes" in raised.value.hint


def test_the_registry_knows_both_names() -> None:
    assert load("mysql") is load("mariadb") is connector
