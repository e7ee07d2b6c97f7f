"""Databases of any number of tables for each tap: how to build one, and what the tap asks of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

import tap_postgres
from benchmarks import servers
from benchmarks.measure import Command, Server, run
from benchmarks.servers import Maria, Postgres

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
NARROWED_BY = ("schemas", "tables")

COURSE = ("BEGIN", "COMMIT", "FETCH", "CLOSE")
"""What only moves transactions and cursors along."""


class Source(Protocol):
    """A server with databases for one tap."""

    tap: str

    @property
    def server(self) -> Server:
        """The server to measure."""

    def build(self, tables: int) -> str:
        """Make a database of so many tables and give its name."""

    def settings(self, database: str) -> dict[str, Any]:
        """The tap's settings."""

    def heard(self, command: Command, database: str) -> list[str]:
        """The statements that ask the server for something while a program runs."""

    def floor(self, heard: list[str], database: str) -> dict[str, Any]:
        """What benchmarks.floor is told, to run the same statements."""


@dataclass
class PostgresSource:
    """Databases for tap-postgres."""

    server: Postgres
    tap: str = "tap-postgres"

    def build(self, tables: int) -> str:
        """Make a database of so many tables and give its name."""
        database = self.server.create_database(f"items_{tables}")
        fill(self.server, database, tables)
        return database

    def settings(self, database: str) -> dict[str, Any]:
        """The tap's settings."""
        return self.server.settings(database)

    def heard(self, command: Command, database: str) -> list[str]:
        """The statements that ask the server for something while a program runs."""
        self.server.ask("SELECT pg_stat_statements_reset()")
        run(command)
        rows = self.server.ask(
            "SELECT s.query, s.calls FROM pg_stat_statements AS s"
            " JOIN pg_database AS d ON d.oid = s.dbid WHERE d.datname = %s",
            database,
        )
        heard = [query for query, calls in rows for _ in range(calls)]
        return [one for one in heard if not one.startswith(COURSE)]

    def floor(self, heard: list[str], database: str) -> dict[str, Any]:  # noqa: ARG002
        """The statements of the default streams: those heard have lost their constants."""
        texts = [
            one.statement
            for one in tap_postgres.connector.streams
            if one.statement and one.yields[0].DEFAULT
        ]
        for name in NARROWED_BY:
            texts = [text.replace(f"%({name})s", "NULL").replace("%%", "%") for text in texts]
        options = "-c search_path= -c jit=off -c cursor_tuple_fraction=1"
        connect = {"conninfo": self.server.url(database), "options": options}
        return {"driver": "postgres", "connect": connect, "statements": texts}


@dataclass
class RedshiftSource:
    """Databases for tap-redshift, on PostgreSQL behind the proxy of its tests."""

    server: Postgres
    dressed: Any
    """The proxy before it."""
    tap: str = "tap-redshift"

    def build(self, tables: int) -> str:
        """Make a database of so many tables and give its name."""
        database = str(self.dressed.create_database(f"items_{tables}"))
        fill(self.server, database, tables)
        return database

    def settings(self, database: str) -> dict[str, Any]:
        """The tap's settings."""
        return dict(self.dressed.settings(database, sslmode="disable"))

    def heard(self, command: Command, database: str) -> list[str]:  # noqa: ARG002
        """The statements that the proxy hears while a program runs."""
        self.dressed.statements.clear()
        run(command)
        return [one for one in self.dressed.statements if not one.startswith(COURSE)]

    def floor(self, heard: list[str], database: str) -> dict[str, Any]:
        """What the proxy heard, but for what begins and ends sessions."""
        connect = self.dressed.settings(database, sslmode="disable", client_encoding="utf8")
        connect["dbname"] = connect.pop("database")
        questions = [one for one in heard if "SELECT" in one]
        return {"driver": "redshift", "connect": connect, "statements": questions}


@dataclass
class MySqlSource:
    """Databases for tap-mysql, on MariaDB."""

    server: Maria
    tap: str = "tap-mysql"

    def build(self, tables: int) -> str:
        """Make a database of so many tables and give its name."""
        database = str(self.server.server.create_database(f"items_{tables}"))
        with self.server.server.connect(database=database) as connection:
            cursor = connection.cursor()
            cursor.execute((HERE / "source_mysql.sql").read_text(encoding="utf-8"))
            cursor.execute("CALL fill(%s)", [tables])
        return database

    def settings(self, database: str) -> dict[str, Any]:
        """The tap's settings."""
        return dict(self.server.server.settings(database=database, sslmode="disable"))

    def heard(self, command: Command, database: str) -> list[str]:  # noqa: ARG002
        """The statements that the server hears while a program runs."""
        maria = self.server.server
        maria.run("TRUNCATE mysql.general_log", "SET GLOBAL general_log = ON")
        run(command)
        rows = maria.run(
            "SET GLOBAL general_log = OFF",
            "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log"
            " WHERE command_type = 'Query' AND thread_id <> connection_id()"
            " AND argument NOT LIKE 'SET GLOBAL%'",
        )
        return [text for (text,) in rows]

    def floor(self, heard: list[str], database: str) -> dict[str, Any]:
        """What the server heard, but for what sets the session up."""
        connect = self.server.server.settings(charset="utf8mb4", ssl_disabled=True)
        questions = [one for one in heard if not one.startswith("SET")]
        return {
            "driver": "mysql",
            "connect": connect | {"database": database},
            "statements": questions,
        }


@contextmanager
def postgres() -> Iterator[PostgresSource]:
    """A PostgreSQL of the newest version, without autovacuum, which would be measured too."""
    with servers.postgres() as server:
        server.stop_autovacuum()
        yield PostgresSource(server)


@contextmanager
def mysql() -> Iterator[MySqlSource]:
    """A MariaDB."""
    with servers.mariadb() as server:
        yield MySqlSource(server)


@contextmanager
def redshift() -> Iterator[RedshiftSource]:
    """A server dressed as Redshift."""
    with servers.redshift() as (server, dressed):
        server.stop_autovacuum()
        yield RedshiftSource(server, dressed)


def fill(server: Postgres, database: str, tables: int, script: str = "source.sql") -> None:
    """Run one of our scripts, which makes so many tables."""
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        connection.execute("SELECT set_config('bench.tables', %s, false)", [str(tables)])
        connection.execute((HERE / script).read_bytes())
        connection.execute("VACUUM ANALYZE")


def written(file: Path, settings: dict[str, Any]) -> Path:
    """A file of settings."""
    file.write_text(json.dumps(settings), encoding="utf-8")
    return file
