"""The tap is a good guest: nothing is held back while its reader is slow, and DDL does no harm."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from songbook import extract
from songbook.records import Column, Coverage, Grant, Routine, Table
from tap_postgres import connector

PROGRAM = Path(sys.executable).with_name("tap-postgres")
MANY = """
DO $$ BEGIN
  FOR i IN 1..400 LOOP
    EXECUTE format('CREATE TABLE t%s (id integer PRIMARY KEY, a text, b text, c text)', i);
    EXECUTE format('CREATE VIEW v%s AS SELECT id, a || b AS ab FROM t%s', i, i);
  END LOOP;
END $$
"""


@pytest.fixture
def database(postgres: Any) -> str:
    name: str = postgres.create_database()
    with psycopg.connect(postgres.url(name), autocommit=True) as admin:
        admin.execute(MANY)
    return name


def settings(server: Any, database: str) -> dict[str, Any]:
    return {
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "database": database,
    }


def test_a_slow_reader_holds_nothing_back(postgres: Any, database: str, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(settings(postgres, database)))
    with subprocess.Popen([PROGRAM, "--config", config], stdout=subprocess.PIPE) as tap:
        assert tap.stdout is not None
        tap.stdout.readline()  # the pipe is full by now, and nobody reads on
        with psycopg.connect(postgres.url(database), autocommit=True) as admin:
            admin.execute("SET lock_timeout = '2s'")
            (seen,) = admin.execute(
                "SELECT state, backend_xmin,"
                " (SELECT count(*) FROM pg_locks AS l WHERE l.pid = a.pid)"
                " FROM pg_stat_activity AS a WHERE application_name = 'tap-postgres'"
            ).fetchall()
            assert seen == ("idle", None, 0)
            admin.execute("ALTER TABLE t1 ADD COLUMN later integer")
            admin.execute("VACUUM FULL t2")
        rest = tap.stdout.read()
    assert tap.returncode == 0
    assert b'"later"' not in rest, "everything is seen as of one moment"


def test_ddl_at_the_same_time_is_no_trouble(postgres: Any, database: str) -> None:
    stop = threading.Event()

    def churn() -> None:
        with psycopg.connect(postgres.url(database), autocommit=True) as other:
            while not stop.is_set():
                other.execute("CREATE TABLE churn (a integer, b text DEFAULT 'x' CHECK (b <> ''))")
                other.execute("CREATE VIEW churned AS SELECT a FROM churn")
                other.execute("DROP TABLE churn CASCADE")

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(10):
            records = list(extract(connector, settings(postgres, database)))
            gaps = [one for one in records if isinstance(one, Coverage) and not one.complete]
            assert not gaps
            tables = {one.urn for one in records if isinstance(one, Table)}
            columns = {one.table_urn for one in records if isinstance(one, Column)}
            assert columns == tables, "tables and their columns are of one moment"
    finally:
        stop.set()
        thread.join()


def test_the_session_cannot_write(postgres: Any, database: str) -> None:
    config = connector.config.model_validate(settings(postgres, database))
    with (
        connector.connect(config) as client,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        client.connection.execute("CREATE TABLE oops ()")


def test_a_lost_connection_is_a_gap_not_a_success(postgres: Any, database: str) -> None:
    run = extract(connector, settings(postgres, database))
    for record in run:
        if isinstance(record, Table):
            break
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'tap-postgres'"
        )
    entries = {one.stream: one for one in run if isinstance(one, Coverage)}
    assert entries["containers"].complete
    assert not entries["columns"].complete
    assert entries["columns"].failed == 1


def test_the_roles_own_settings_change_nothing(postgres: Any) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute(
            "CREATE TABLE t (at timestamptz DEFAULT '2026-01-01 00:00+00', b bytea DEFAULT '\\x01',"
            " f float8 DEFAULT 0.1, i interval DEFAULT '1 day') PARTITION BY RANGE (at);"
            "CREATE TABLE p PARTITION OF t FOR VALUES FROM ('2026-01-01 00:00+00') TO (MAXVALUE);"
            "CREATE VIEW v AS SELECT at FROM t WHERE at > '2026-01-01 00:00+00'"
        )
        plain = list(extract(connector, settings(postgres, database), ["tables", "columns"]))
        for change in (
            "TimeZone = 'Asia/Tokyo'",
            "quote_all_identifiers = on",
            "bytea_output = 'escape'",
            "extra_float_digits = -3",
            "DateStyle = 'German'",
            "IntervalStyle = 'iso_8601'",
            "search_path = 'public'",
            "standard_conforming_strings = off",
        ):
            admin.execute(f"ALTER ROLE postgres SET {change}".encode())
        try:
            again = list(extract(connector, settings(postgres, database), ["tables", "columns"]))
        finally:
            admin.execute("ALTER ROLE postgres RESET ALL")
    kinds = (Table, Column)
    assert [one for one in plain if isinstance(one, kinds)] == [
        one for one in again if isinstance(one, kinds)
    ]


def test_a_locked_table_is_waited_for_once(postgres: Any, database: str) -> None:
    with psycopg.connect(postgres.url(database)) as other:
        other.execute("LOCK TABLE v1, t1 IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        run = list(extract(connector, settings(postgres, database)))
        assert time.monotonic() - started < 10 + 8
    missed = {one.stream: one.reason for one in run if isinstance(one, Coverage) and one.reason}
    assert "tables" in missed
    assert "columns" not in missed
    assert "lock timeout" in missed["tables"]


def test_bytes_without_an_encoding_lose_nothing(postgres: Any) -> None:
    database = f"bytes_{secrets.token_hex(6)}"
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {database} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
        )
    arguments = b", ".join([b'"t\xe9xt"'] * 90)
    with psycopg.connect(
        postgres.url(database), autocommit=True, client_encoding="SQL_ASCII"
    ) as admin:
        for statement in (
            b"CREATE DOMAIN \"t\xe9xt\" AS text CHECK (value <> '\xe9')",
            b'CREATE TABLE "caf\xe9" (a int, "\xe9" "t\xe9xt" DEFAULT \'\xff"\')',
            b'CREATE TABLE "caf\xe8" (a int)',
            'CREATE TABLE "café" (a int)'.encode(),
            b'CREATE VIEW "v\xe9" AS SELECT * FROM "caf\xe9"',
            b"COMMENT ON TABLE \"caf\xe9\" IS 'br\xfbl\xe9'",
            b"CREATE TYPE mood AS ENUM ('\xe9')",
            b"CREATE FUNCTION wide(" + arguments + b") RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ):
            admin.execute(statement)
    try:
        run = list(extract(connector, settings(postgres, database)))
    finally:
        with psycopg.connect(postgres.url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {database}")
    assert not [one for one in run if isinstance(one, Coverage) and not one.complete]
    tables = {one.name: one for one in run if isinstance(one, Table)}
    assert set(tables) == {r"caf\xe9", r"caf\xe8", "café", r"v\xe9"}
    assert tables[r"caf\xe9"].description == r"br\xfbl\xe9"
    assert len({one.urn for one in tables.values()}) == 4
    (column,) = (one for one in run if isinstance(one, Column) and one.default)
    assert (column.name, column.default) == (r"\xe9", r"""'\xff"'::text""")
    assert column.extra["type"]["name"] == r"t\xe9xt"


def test_a_long_signature_makes_no_endless_urn(postgres: Any) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        for last in ("date", "time"):
            arguments = ", ".join(["timestamp with time zone"] * 90 + [last])
            body = "RETURNS integer LANGUAGE sql AS 'SELECT 1'"
            admin.execute(f"CREATE FUNCTION wide({arguments}) {body}".encode())
    found = list(extract(connector, settings(postgres, database), ["routines", "grants"]))
    urns = {one.urn for one in found if isinstance(one, Routine)}
    assert len(urns) == 2
    assert max(map(len, urns)) < 300
    assert urns <= {one.object_urn for one in found if isinstance(one, Grant)}
