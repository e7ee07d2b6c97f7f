"""All databases of a server, filters and scopes: what coverage says about each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from songbook import browse, extract
from songbook.errors import ConnectionFailed, NotSupported
from songbook.records import Coverage, Diagnostic, Record, Table
from tap_postgres import connector

DDL = """
CREATE SCHEMA shop CREATE TABLE orders (id integer PRIMARY KEY) CREATE TABLE tmp_1 (id integer);
CREATE SCHEMA audit CREATE TABLE log (id integer);
CREATE FUNCTION shop.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
"""

OWN = ["left db", "right", "closed"]
"""The databases of these tests; others leave theirs on the same server."""


@pytest.fixture(scope="module")
def server(servers) -> Any:
    """A server of two databases, one of which the user may not enter."""
    server = servers[16]
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE reader LOGIN PASSWORD 'pw'")
        for name in OWN:
            server.create_database(name)
            with psycopg.connect(server.url(name), autocommit=True) as inside:
                inside.execute(DDL)
        admin.execute(sql.SQL("REVOKE CONNECT ON DATABASE closed FROM PUBLIC"))
    yield server
    with psycopg.connect(server.url(), autocommit=True) as admin:
        for name in OWN:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute("DROP ROLE reader")


def settings(server: Any, **changes: Any) -> dict[str, Any]:
    return {
        "host": server.host,
        "port": server.port,
        "user": "reader",
        "password": "pw",
        "database": "*",
        "namespace": "postgres://it",
        **changes,
    }


def coverage(records: list[Record]) -> dict[tuple[str, str], Coverage]:
    return {(one.stream, one.scope_urn): one for one in records if isinstance(one, Coverage)}


def tables(records: list[Record]) -> Iterator[str]:
    return (one.urn.removeprefix("postgres://it/") for one in records if isinstance(one, Table))


def test_every_database_that_can_be_reached(server) -> None:
    records = list(extract(connector, settings(server, include=OWN)))
    assert list(tables(records)) == [
        f"{database}/{table}"
        for database in ("left%20db", "right")
        for table in ("audit/log", "shop/orders", "shop/tmp_1")
    ]
    entries = coverage(records)
    assert entries["tables", "postgres://it/right"].complete
    closed = entries["tables", "postgres://it/closed"]
    assert (closed.complete, closed.denied, closed.extracted) == (False, 1, 0)
    assert entries["containers", "postgres://it/right"].complete, "its schemas are all seen"
    assert not entries["containers", "postgres://it/closed"].complete
    systems = entries["systems", "postgres://it"]
    assert (systems.extracted, systems.complete) == (1, True), (
        "a closed database says nothing of it"
    )


def test_a_closed_database_comes_with_its_grant(server) -> None:
    records = list(extract(connector, settings(server, include=OWN)))
    told = {one.remediation for one in records if isinstance(one, Diagnostic)}
    assert any('GRANT CONNECT ON DATABASE "closed" TO "reader";' in (one or "") for one in told)


def test_a_database_that_is_shut_is_a_gap_and_not_gone(server) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute('ALTER DATABASE "right" ALLOW_CONNECTIONS false')
        try:
            entries = coverage(list(extract(connector, settings(server, include=OWN))))
        finally:
            admin.execute('ALTER DATABASE "right" ALLOW_CONNECTIONS true')
    assert not entries["containers", "postgres://it/right"].complete
    assert ("containers", "postgres://it") not in entries


def test_what_is_excluded_is_no_gap(server) -> None:
    records = list(extract(connector, settings(server, include=OWN, exclude=["closed"])))
    entries = coverage(records)
    assert all(one.complete for one in entries.values())
    assert ("containers", "postgres://it") in entries, "so that a dropped database is missed"


def test_filter_counts_what_it_leaves_out(server) -> None:
    given = settings(server, database="right", include=["right.shop"], exclude=["*.*.tmp_*"])
    records = list(extract(connector, given))
    assert list(tables(records)) == ["right/shop/orders"]
    entry = coverage(records)["tables", "postgres://it/right"]
    assert (entry.extracted, entry.filtered, entry.seen, entry.complete) == (1, 2, 3, True)
    assert (
        entry.filter_hash
        != coverage(list(extract(connector, settings(server, database="right"))))[
            "tables", "postgres://it/right"
        ].filter_hash
    )


def test_a_pattern_that_matches_nothing_is_said(server) -> None:
    given = settings(server, database="right", include=["right.shop", "right.shoop"])
    told = [one.title for one in extract(connector, given) if isinstance(one, Diagnostic)]
    assert "Patterns that match nothing: right.shoop" in told


def test_scopes_limit_reading_and_coverage(server) -> None:
    given = settings(server, scopes=["postgres://it/right/shop"])
    records = list(extract(connector, given))
    assert list(tables(records)) == ["right/shop/orders", "right/shop/tmp_1"]
    scopes = {scope for stream, scope in coverage(records) if stream == "tables"}
    assert scopes == {"postgres://it/right/shop"}


def test_browse_from_python(server) -> None:
    view = browse(connector, settings(server, database="right"))
    assert [one.name for one in view.schemas()] == ["right", "audit", "public", "shop"]
    assert [one.name for one in view.tables("shop")] == ["orders", "tmp_1"]
    assert [one.field_path for one in view.columns("shop", "orders")] == ["id"]
    with pytest.raises(NotSupported) as raised:
        list(view.changed(since=None))
    assert "catalog.changes" in raised.value.hint


def test_browse_goes_past_a_closed_database(server) -> None:
    view = browse(connector, settings(server, include=OWN))
    databases = {one.name for one in view.schemas() if one.container_type == "database"}
    assert databases == {"left db", "right"}


def test_a_scope_in_which_nothing_is_found_is_said(server) -> None:
    given = settings(server, scopes=["postgres://it/right/shoop", "postgres://it/right/shop"])
    told = [one.title for one in extract(connector, given) if isinstance(one, Diagnostic)]
    assert "Scopes in which nothing was found: postgres://it/right/shoop" in told


def test_nothing_reachable_is_an_error(server) -> None:
    with pytest.raises(ConnectionFailed):
        list(extract(connector, settings(server, database="closed")))
