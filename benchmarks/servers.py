"""Servers of the benchmarks' own, and the databases on them that taps read.

MariaDB and the server dressed as Redshift are those of the taps' tests.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from songbook.errors import ConfigError
from target_catalog import cluster, embedded, programs
from target_catalog.cluster import Cluster

ROOT = Path(__file__).parents[1]
for tap in ("tap-mysql", "tap-redshift"):
    sys.path.append(str(ROOT / "taps" / tap / "tests"))

from dressed import Dressed  # noqa: E402
from mysql_servers import OwnServer, start  # noqa: E402

OLDEST = 15
"""The version that the server dressed as Redshift is made for."""


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL with the embedded server's settings, reached by TCP."""

    cluster: Cluster
    port: int
    password: str = field(repr=False)
    version: str
    host: str = "127.0.0.1"
    user: str = "postgres"

    @property
    def pid(self) -> int:
        """Its first process."""
        return self.cluster.pid() or 0

    def logged(self) -> int:
        """Bytes that it has written to its write-ahead log so far."""
        return int(self.ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")[0][0])

    def url(self, database: str = "postgres") -> str:
        """The libpq URL of a database."""
        return f"postgresql://{self.user}:{self.password}@{self.host}:{self.port}/{database}"

    def settings(self, database: str) -> dict[str, Any]:
        """Settings of a tap."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "database": database,
        }

    def create_database(self, name: str | None = None) -> str:
        """Create a database and give its name."""
        name = name or f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def ask(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement of one's own."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def stop_autovacuum(self) -> None:
        """Keep it from working while something else is measured."""
        self.ask("ALTER SYSTEM SET autovacuum = off")
        self.ask("SELECT pg_reload_conf()")


@contextmanager
def postgres(major: int | None = None) -> Iterator[Postgres]:
    """Start a PostgreSQL, the newest or one of a version, and remove it afterwards."""
    found = programs.find(major)
    owner = programs.owner()
    folder = Path(tempfile.mkdtemp(prefix="songbook-bench-"))
    place = Cluster(folder, owner)
    server = Postgres(place, _free_port(), secrets.token_urlsafe(16), found.version)
    try:
        found = programs.within_reach(found, owner, folder)
        cluster.create(place, found, superuser=server.user, password=server.password)
        cluster.start(place, found, _settings(server))
        server.ask("CREATE EXTENSION pg_stat_statements")
        yield server
    finally:
        cluster.stop(place)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(server: Postgres) -> dict[str, str]:
    return embedded.SETTINGS | {
        "listen_addresses": server.host,
        "port": str(server.port),
        "unix_socket_directories": "",
        "shared_preload_libraries": "pg_stat_statements",
    }


@contextmanager
def redshift() -> Iterator[tuple[Postgres, Dressed]]:
    """A PostgreSQL, and the proxy before it that dresses it as Redshift."""
    with postgres(OLDEST) as server:
        dressed = Dressed(server)
        yield server, dressed
        dressed.close()


@dataclass(frozen=True)
class Maria:
    """A running MariaDB."""

    server: OwnServer

    @property
    def pid(self) -> int:
        """Its only process."""
        return int(self.server.processes[0].pid)

    def logged(self) -> int:
        """Bytes that InnoDB has written to its redo log so far."""
        return int(self.server.run("SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'")[0][1])


@contextmanager
def mariadb() -> Iterator[Maria]:
    """Start a MariaDB, and remove it afterwards; raises ConfigError where it is not installed."""
    if shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        raise ConfigError("MariaDB is not installed.", hint="apt-get install mariadb-server")
    server = start("--event-scheduler=OFF", "--log-output=TABLE", "--innodb-flush-method=nosync")
    yield Maria(server)
    server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
