"""The database: tables that agree with the contract, on every supported server, prepared once."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from songbook.errors import ConfigError
from target_catalog import database, migrate, streams

BOOKKEEPING = {
    "connector_id", "first_seen_at", "changed_at", "in_scope_hash", "left_scope_at",
    "namespace", "path_segments", "match_key",
    "resolution", "resolved_upstream_urn", "resolution_candidates",
    "resolved_upstream_field", "resolved_downstream_field", "field_resolution",
}  # fmt: skip


def test_tables_agree_with_the_schemas(catalog: Any) -> None:
    for stream in streams.of_the_source():
        found = {
            name: (sql_type, required)
            for name, sql_type, required in catalog.rows(
                "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0",
                f"catalog.{stream.name}",
            )
        }
        wanted = {
            column.name: (
                column.sql_type.replace("timestamptz", "timestamp with time zone"),
                column.name in stream.schema["required"],
            )
            for column in stream.columns
        }
        assert wanted == {name: found.get(name) for name in wanted}, stream.name
        assert found.keys() - wanted.keys() <= BOOKKEEPING, stream.name
        key = catalog.rows(
            "SELECT a.attname FROM pg_index AS i, pg_attribute AS a WHERE i.indrelid = %s::regclass"
            " AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
            " ORDER BY array_position(i.indkey::int2[], a.attnum)",
            f"catalog.{stream.name}",
        )
        assert key == ["connector_id", *stream.key], stream.name


def test_urns_compare_bytewise(catalog: Any) -> None:
    for stream in streams.of_the_source():
        found = set(
            catalog.rows(
                "SELECT a.attname FROM pg_attribute AS a"
                " JOIN pg_collation AS c ON c.oid = a.attcollation"
                " WHERE a.attrelid = %s::regclass AND c.collname = 'C'",
                f"catalog.{stream.name}",
            )
        )
        assert found >= {column.name for column in stream.columns if column.is_urn}, stream.name


def test_every_table_has_a_comment_and_row_security(catalog: Any) -> None:
    bare = "SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'catalog'::regnamespace"
    assert (
        catalog.rows(
            f"{bare} AND c.relkind IN ('r', 'p', 'v')"
            " AND obj_description(c.oid, 'pg_class') IS NULL"
        )
        == []
    )
    assert catalog.rows(f"{bare} AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity") == []
    invoker = "NOT coalesce(c.reloptions @> '{security_invoker=true}', false)"
    assert catalog.rows(f"{bare} AND c.relkind = 'v' AND {invoker}") == []


def test_a_database_that_nobody_prepared(any_postgres: Any, source: Any) -> None:
    url = any_postgres.url(any_postgres.create_database())
    with database.connect(url) as connection:
        applied = migrate.migrate(connection)
        assert [it.version for it in applied] == [it.version for it in migrate.bundled()]
        assert migrate.migrate(connection) == []


def test_a_load_on_every_server(any_postgres: Any, catalog: Any, source: Any) -> None:
    there = type(catalog)(any_postgres.url(any_postgres.create_database()))
    edge = source.edge("a", f"{source.schema}/b")
    there.load(source.covered([source.system(), *source.tables("a", "b"), edge]))
    outcome = there.load(source.covered([source.system(), *source.tables("a"), source.table("c")]))
    assert (outcome.status, outcome.added, outcome.removed) == ("succeeded", 1, 3)
    assert there.names() == ["a", "c"]
    assert there.one("SELECT resolution FROM catalog.lineage") == "unresolved"


def test_two_that_prepare_at_once(empty_database: Any) -> None:
    applied: list[int] = []

    def prepare() -> None:
        with database.connect(empty_database.url) as connection:
            applied.append(len(migrate.migrate(connection)))

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [0, 0, 0, len(migrate.bundled())]


def test_a_changed_migration_is_noticed(catalog: Any) -> None:
    other = [replace(it, text=it.text + "-- other") for it in migrate.bundled()]
    with (
        database.connect(catalog.url) as connection,
        pytest.raises(ConfigError, match="not the one"),
    ):
        migrate.migrate(connection, other)


def test_another_program_may_apply_them(empty_database: Any) -> None:
    with psycopg.connect(empty_database.url, autocommit=True) as connection:
        for migration in migrate.bundled():
            connection.execute(migration.text)
    with database.connect(empty_database.url) as connection:
        assert migrate.migrate(connection) == []
        (missing,) = connection.execute(
            "SELECT count(*) FROM catalog.migrations WHERE checksum IS NULL"
        ).fetchone() or (None,)
    assert missing == 0 or missing == len(migrate.bundled())


def test_a_plain_owner_can_apply_them(empty_database: Any) -> None:
    empty_database.execute("DROP ROLE IF EXISTS plain_owner")
    empty_database.execute("CREATE ROLE plain_owner LOGIN PASSWORD 'plain'")
    name = empty_database.url.rpartition("/")[2]
    empty_database.execute(f"GRANT CREATE ON DATABASE {name} TO plain_owner")
    url = re.sub(r"postgres:[^@]+@", "plain_owner:plain@", empty_database.url)
    with database.connect(url) as connection:
        assert migrate.migrate(connection)


def test_files_say_what_they_are() -> None:
    for migration in migrate.bundled():
        assert re.fullmatch(r"\d{14}", migration.version)
        assert migration.text.startswith("-- ")
        assert f"VALUES ('{migration.version}', '{migration.name}');" in migration.text
        assert not re.search(r"^\\", migration.text, re.MULTILINE)
        assert "CREATE EXTENSION" not in migration.text


@pytest.mark.parametrize(
    ("urn", "namespace", "path"),
    [
        ("postgres://h:1/db/s/t", "postgres://h:1", ["db", "s", "t"]),
        ("bigquery:///p/d/t#a.b", "bigquery://", ["p", "d", "t"]),
        (
            "snowflake://o-a/DB/S/Order%20Items%2F%F0%9F%98%80",
            "snowflake://o-a",
            ["DB", "S", "Order Items/😀"],
        ),
        ("postgres://h:1", "postgres://h:1", []),
        ("x://h/%ED%A0%80/%zz/%FF/%00", "x://h", ["%ED%A0%80", "%zz", "%FF", "%00"]),
        ("no urn at all", "no urn at all", []),
    ],
)
def test_the_database_reads_urns(catalog: Any, urn: str, namespace: str, path: list[str]) -> None:
    assert catalog.one("SELECT catalog.urn_namespace(%s)", urn) == namespace
    assert catalog.one("SELECT catalog.urn_path(%s)", urn) == path


def test_ancestors(catalog: Any) -> None:
    above = "SELECT catalog.urn_ancestors(%s)"
    assert catalog.rows(above, "x://h/a/b#c") == ["x://h", "x://h/a", "x://h/a/b"]
    assert catalog.rows(above, "x://h/a") == ["x://h"]
    assert catalog.rows(above, "x://h") == []
    assert catalog.rows(above, "bigquery:///p/d") == ["bigquery://", "bigquery:///p"]


def test_a_catalog_with_data_is_stitched_by_its_next_load(empty_database: Any, source: Any) -> None:
    first = [it for it in migrate.bundled() if it.version < "20261122110000"]
    with database.connect(empty_database.url) as connection:
        migrate.migrate(connection, first)
    empty_database.execute(Path(__file__).with_name("old_catalog.sql").read_text())
    empty_database.load([source.table("anything")])
    found = empty_database.rows(
        "SELECT field_resolution, resolved_upstream_field FROM catalog.lineage ORDER BY lineage_id"
    )
    assert found == [("exact", "i"), (None, None), ("unresolved", None)]
    assert empty_database.rows("SELECT urn FROM catalog.downstream('x://h/d/s/a#i')") == [
        "x://h/d/s/v"
    ]
    assert empty_database.rows("SELECT urn FROM catalog.downstream('x://h/chart')") == [
        "x://h/dash"
    ]
