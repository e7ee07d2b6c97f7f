"""`tap-mysql | target-catalog`, as two processes: what the catalog holds after each run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mysql_runs
import psycopg
import pytest
from mysql_servers import OwnServer, start

TARGET = Path(sys.executable).with_name("target-catalog")

SOURCE = (
    "CREATE TABLE orders (id integer PRIMARY KEY, total decimal(9, 2) CHECK (total > 0))",
    "CREATE TABLE `Order Items` (id integer, orders integer REFERENCES orders (id))",
    "CREATE VIEW sums AS SELECT SUM(total) AS total FROM orders",
    "CREATE PROCEDURE p(IN a integer) BEGIN END",
    "CREATE TRIGGER r BEFORE INSERT ON orders FOR EACH ROW SET NEW.id = 1",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM orders",
)


@pytest.fixture(scope="module")
def source() -> Iterator[OwnServer]:
    """A server with two databases and nothing else."""
    server = start("--event-scheduler=OFF")
    for name in ("shop", "other"):
        server.create_database(name)
        server.run(f"USE {name}", *SOURCE)
    yield server
    server.stop()


class Catalog:
    """A catalog, and the pipe that fills it."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder

    def load(self, settings: dict[str, Any]) -> tuple[int, str]:
        """Run the pipe; the tap's exit code and what the target says."""
        file = self._folder / "config.json"
        file.write_text(json.dumps(settings))
        target = self._folder / "target.json"
        target.write_text(json.dumps({"database_url": self._url, "max_removed_share": 1}))
        done = subprocess.run(
            ["bash", "-c", '"$0" --config "$1" | "$2" --config "$3"; echo "${PIPESTATUS[*]}"',
             str(mysql_runs.COMMAND), str(file), str(TARGET), str(target)],
            capture_output=True, text=True, timeout=120,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        tap, loaded = (int(code) for code in done.stdout.split()[-2:])
        assert loaded in (0, 4), done.stderr
        return tap, done.stderr

    def ask(self, statement: str) -> set[Any]:
        """The rows of one column."""
        with psycopg.connect(self._url) as connection:
            return {row[0] for row in connection.execute(statement.encode())}

    def count(self, stream: str) -> int:
        """How many objects a stream has."""
        with psycopg.connect(self._url) as connection:
            row = connection.execute(f"SELECT count(*) FROM catalog.{stream}".encode()).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(scope="module")
def catalog(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog(postgres.url(postgres.create_database()), tmp_path_factory.mktemp("pipe"))


TABLES = "SELECT urn FROM catalog.tables"


def test_the_life_of_a_catalog(source: OwnServer, catalog: Catalog) -> None:
    settings = source.settings(namespace="mysql://it")
    code, said = catalog.load(settings)
    assert code == 0, said
    assert catalog.ask(TABLES) == {
        f"mysql://it/{database}/{table}"
        for database in ("shop", "other")
        for table in ("orders", "Order%20Items", "sums")
    }
    assert catalog.count("columns") == 10
    assert {catalog.count(one) for one in ("routines", "triggers", "jobs")} == {2}

    assert "added 0, changed 0, removed 0" in catalog.load(settings)[1]

    source.run(
        "ALTER TABLE shop.orders MODIFY total decimal(7, 2)",
        "DROP TABLE shop.`Order Items`",
        "DROP DATABASE other",
    )
    catalog.load(settings)
    assert catalog.ask(TABLES) == {"mysql://it/shop/orders", "mysql://it/shop/sums"}
    changed = "SELECT field FROM catalog.changes WHERE urn = 'mysql://it/shop/orders#total'"
    assert {"precision", "data_type"} <= catalog.ask(changed)


def test_what_is_hidden_is_not_removed(source: OwnServer, catalog: Catalog) -> None:
    source.run(
        "CREATE USER reader@'%' IDENTIFIED BY 'pw'",
        "GRANT SELECT ON shop.orders TO reader@'%'",
    )
    before = catalog.ask(TABLES)
    settings = source.settings(namespace="mysql://it", user="reader", password="pw")
    code, said = catalog.load(settings)
    assert code == 4, said
    assert catalog.ask(TABLES) == before != set()
    definitions = "SELECT definition FROM catalog.tables WHERE urn = 'mysql://it/shop/sums'"
    assert None not in catalog.ask(definitions)
