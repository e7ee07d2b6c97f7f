"""What the tap asks of a server: few statements, no privilege but CONNECT, no look at any data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hostile
import psycopg
import pytest
import reading
from psycopg import sql

MOST_STATEMENTS = 20
"""Statements for one database, apart from those that fetch, begin, commit or set."""

UNCOUNTED = re.compile(r"(FETCH|BEGIN|COMMIT|SET|CLOSE)\b", re.IGNORECASE)

DANGEROUS = """
    CREATE FUNCTION boom() RETURNS integer LANGUAGE plpgsql
        AS $$BEGIN RAISE EXCEPTION 'somebody called it'; END$$;
    CREATE FUNCTION still_boom(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE
        AS $$BEGIN RAISE EXCEPTION 'somebody called it'; END$$;
    CREATE TABLE guarded (id integer DEFAULT boom(), CHECK (boom() > 0), UNIQUE (id));
    CREATE INDEX ON guarded (still_boom(id)) WHERE still_boom(id) > 1;
    CREATE TABLE parts (id integer) PARTITION BY RANGE (still_boom(id));
    CREATE VIEW executed AS SELECT boom() AS id FROM guarded;
    CREATE MATERIALIZED VIEW filled AS SELECT boom() AS id WITH NO DATA;
    CREATE POLICY checked ON guarded USING (boom() > 0);
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
    REVOKE ALL ON guarded, executed, filled FROM PUBLIC;
"""

VOLATILE = {"duration_ms", "statistics_at", "row_count", "size_bytes"}


def test_a_role_with_nothing_but_connect_reads_the_same(servers: Any, tmp_path: Path) -> None:
    server = servers[18]
    database = server.create_database()
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        hostile.build(connection, seed=7)
        _create_role(connection, "connect only")
    superuser = reading.config(server, database)
    role = superuser | {"user": "connect only", "password": "only"}
    read = reading.read(role, tmp_path)
    assert {name: _stable(records) for name, records in read.streams.items()} == {
        name: _stable(records)
        for name, records in reading.read(superuser, tmp_path).streams.items()
    }
    with (
        psycopg.connect(**_libpq(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(_first_table(read))


def _create_role(connection: psycopg.Connection, role: str) -> None:
    names = {"role": sql.Identifier(role), "database": sql.Identifier(connection.info.dbname)}
    for statement in (
        "CREATE ROLE {role} LOGIN PASSWORD 'only'",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def test_options_that_can_be_secrets_stay_in_the_source(hostiles: Any) -> None:
    """The foreign server has a key among its options, the foreign table a password."""
    found = hostiles[18]
    assert "far.example:5433/d/b" in {it["address"] for it in found.reading["locations"]}
    assert {"schema_name": "s", "table_name": "t"} in [
        it["options"] for it in found.reading["tables"]
    ]
    assert "open-sesame" not in repr(found.reading.streams)


def test_statements_do_not_grow_with_the_tables(servers: Any, tmp_path: Path) -> None:
    server = servers[18]
    database = server.create_database()
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        named = sql.Identifier(database)
        connection.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(named))
        connection.execute("CREATE TABLE t_0 (id serial PRIMARY KEY); CREATE VIEW v_0 AS TABLE t_0")
    few = _statements(server, database, tmp_path)
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        for number in range(1, 120):
            connection.execute(
                f"CREATE TABLE t_{number} (id serial PRIMARY KEY, other integer REFERENCES t_0);"
                f"CREATE VIEW v_{number} AS TABLE t_{number}".encode()
            )
    many = _statements(server, database, tmp_path)
    assert few == many
    assert len(few) <= MOST_STATEMENTS
    assert sum("pg_catalog.pg_attribute" in it for it in few) >= 1, "the log was not read"


def test_nothing_of_the_users_is_read_or_executed(servers: Any, tmp_path: Path) -> None:
    server = servers[18]
    database = server.create_database()
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        connection.execute(DANGEROUS)
        connection.execute("SELECT pg_stat_force_next_flush()")
    before = _scans(server.url(database))
    read = reading.read(reading.config(server, database), tmp_path)
    assert _scans(server.url(database)) == before
    assert all(it["complete"] for it in read["coverage"])
    names = {it["name"] for it in read["tables"]}
    assert names == {"guarded", "parts", "executed", "filled"}


def _stable(records: list[reading.Json]) -> list[reading.Json]:
    return [
        {key: value for key, value in record.items() if key not in VOLATILE} for record in records
    ]


def _libpq(settings: reading.Json) -> dict[str, Any]:
    return {"dbname" if key == "database" else key: value for key, value in settings.items()}


def _first_table(read: reading.Reading) -> sql.Composed:
    table = next(it for it in read["tables"] if it["table_type"] == "table")
    _, schema, name = reading.parts(table["urn"])
    return sql.SQL("SELECT FROM {}.{}").format(sql.Identifier(schema), sql.Identifier(name))


def _statements(server: Any, database: str, folder: Path) -> list[str]:
    """What a run executes, read from the server's log."""
    log: Path = server.cluster.log
    start = log.stat().st_size
    reading.read(reading.config(server, database), folder)
    logged = log.read_bytes()[start:].decode(errors="replace")
    found = re.findall(r"LOG:  (?:statement|execute [^:]+): (.*(?:\n\t.*)*)", logged)
    return [text for text in found if not UNCOUNTED.match(text.lstrip("- \n\t"))]


def _scans(url: str) -> list[tuple[Any, ...]]:
    """How often each table was scanned, by sequence or by index."""
    statement = "SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables ORDER BY relname"
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()
