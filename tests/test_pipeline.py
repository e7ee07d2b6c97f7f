"""`tap-postgres | target-catalog` as two processes, on servers of its own that may be killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg import sql

from target_catalog import cluster

BIN = Path(sys.executable).parent
CANARY = "c4nary-$ecret/+%zz"
OWN_TIMES = ("first_seen_at", "changed_at", "left_scope_at")
SHOP = """
CREATE SCHEMA sales;
CREATE TABLE sales.orders (id integer PRIMARY KEY, total numeric NOT NULL);
CREATE TABLE sales.lines (id integer PRIMARY KEY, order_id integer REFERENCES sales.orders);
CREATE VIEW sales.big AS SELECT o.id, o.total FROM sales.orders AS o WHERE o.total > 100;
CREATE FUNCTION sales.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
"""
MANY = """
DO $$ BEGIN
  FOR i IN 1..300 LOOP
    EXECUTE format('CREATE TABLE sales.t%s (id integer PRIMARY KEY, a text, b text)', i);
  END LOOP;
END $$
"""
CHANGES = """
DROP TABLE sales.t1, sales.t2;
ALTER TABLE sales.t3 DROP COLUMN a;
ALTER TABLE sales.t4 ALTER COLUMN a TYPE varchar(10);
CREATE TABLE sales.later (id integer);
"""


@dataclass
class Pipe:
    """The two processes, their settings and the databases on both sides."""

    server: Any
    source: str
    catalog: str
    folder: Path

    def start(self) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
        """Start the tap and the target that reads from it."""
        tap_file, target_file = self.folder / "tap.json", self.folder / "target.json"
        settings = {"host": self.server.host, "port": self.server.port, "database": self.source}
        login = {"user": self.server.user, "password": self.server.password}
        tap_file.write_text(json.dumps({**settings, **login}))
        target_file.write_text(json.dumps({"database_url": self.server.url(self.catalog)}))
        ends = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        tap = subprocess.Popen([BIN / "tap-postgres", "--config", tap_file], **ends)
        command = [BIN / "target-catalog", "--config", target_file]
        target = subprocess.Popen(command, stdin=tap.stdout, **ends)
        assert tap.stdout
        tap.stdout.close()
        return tap, target

    def run(self) -> str:
        """Run both to their end, well; gives what the target said."""
        tap, target = self.start()
        _, said = target.communicate()
        assert tap.stderr
        told = tap.stderr.read()
        tap.stderr.close()
        assert (tap.wait(), target.returncode) == (0, 0), told + said
        return said.decode()

    def execute(self, statements: str) -> None:
        """Change the source."""
        with psycopg.connect(self.server.url(self.source), autocommit=True) as connection:
            connection.execute(statements.encode())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the catalog."""
        with psycopg.connect(self.server.url(self.catalog)) as connection:
            return connection.execute(query.encode()).fetchall()

    def contents(self) -> dict[str, list[str]]:
        """All that the catalog knows of its sources, without its own ids and times."""
        streams = self.rows(
            "SELECT c.table_name FROM information_schema.columns AS c"
            " JOIN information_schema.tables AS t USING (table_schema, table_name)"
            " WHERE table_schema = 'catalog' AND column_name = 'first_seen_at'"
            " AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        minus = " - ".join(f"'{name}'" for name in ("connector_id", *OWN_TIMES))
        query = f"SELECT (to_jsonb(t) - {minus})::text FROM catalog.%s AS t ORDER BY 1"
        return {name: [row for (row,) in self.rows(query % name)] for (name,) in streams}


@pytest.fixture
def server(servers: Any) -> Iterator[Any]:
    """A server that nobody else uses, so that it may be killed."""
    private = type(servers)()
    yield private[16]
    private.close()


@pytest.fixture
def pipe(server: Any, tmp_path: Path) -> Pipe:
    made = Pipe(server, server.create_database(), server.create_database(), tmp_path)
    made.execute(SHOP)
    return made


def test_a_catalog_that_nobody_prepared(pipe: Pipe) -> None:
    said = pipe.run()
    assert "removed 0" in said
    counts = {name: len(rows) for name, rows in pipe.contents().items() if rows}
    assert counts["tables"] == 3
    assert counts["columns"] == 6
    assert counts["constraints"] == 3
    assert counts["routines"] == 1
    assert counts["systems"] == 1


def test_the_same_again_writes_nothing(pipe: Pipe) -> None:
    pipe.run()
    before = pipe.rows("SELECT ctid, xmin, urn FROM catalog.columns ORDER BY urn")
    changes = pipe.rows("SELECT count(*) FROM catalog.changes")
    assert "added 0, changed 0, removed 0" in pipe.run()
    assert pipe.rows("SELECT ctid, xmin, urn FROM catalog.columns ORDER BY urn") == before
    assert pipe.rows("SELECT count(*) FROM catalog.changes") == changes


def test_a_killed_tap_is_no_success(pipe: Pipe) -> None:
    pipe.run()
    pipe.execute("DROP TABLE sales.lines")
    pipe.execute(MANY)
    before = pipe.contents()
    tap, target = pipe.start()
    tap.kill()
    _, said = target.communicate()
    tap.communicate()
    assert target.returncode == 4, said
    assert b"error: " in said
    assert b"hint: " in said
    assert [
        row for name in before for row in before[name] if row not in pipe.contents()[name]
    ] == []


def test_kills_of_either_side_at_any_moment(pipe: Pipe, tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    pipe.execute(MANY)
    pipe.run()
    template, before = pipe.catalog, pipe.contents()
    pipe.execute(CHANGES)
    twin = Pipe(pipe.server, pipe.source, _copy(pipe.server, template), tmp_path)
    began = time.monotonic()
    twin.run()
    length = time.monotonic() - began
    after = twin.contents()
    interrupted = 0
    for number in range(20):
        pipe.catalog = _copy(pipe.server, template)
        tap, target = pipe.start()
        time.sleep(chance.uniform(0, length))
        victim = (tap, target, pipe.server)[number % 3]
        _kill(victim)
        target.communicate()
        tap.communicate()
        if victim is pipe.server:
            _restart(pipe.server)
        interrupted += len(pipe.rows("SELECT 1 FROM catalog.runs WHERE status <> 'succeeded'"))
        assert _lost(before, pipe.contents(), after) == [], f"seed {seed}, kill {number}"
        pipe.run()
        assert pipe.contents() == after, f"seed {seed}, kill {number}"
        assert pipe.rows("SELECT 1 FROM pg_tables WHERE schemaname = 'catalog_staging'") == []
    assert interrupted > 0, "no kill hit a load"


def _copy(server: Any, template: str) -> str:
    """A database with the same contents."""
    name = f"copy_{random.randrange(10**9)}"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return name


def _lost(
    before: dict[str, list[str]], now: dict[str, list[str]], after: dict[str, list[str]]
) -> list[str]:
    """What is gone from the catalog though the source still has it."""
    return [
        row
        for name, rows in before.items()
        for row in set(rows) - set(now[name])
        if row in after[name]
    ]


def _kill(victim: Any) -> None:
    if isinstance(victim, subprocess.Popen):
        victim.kill()
        return
    postmaster = psutil.Process(victim.cluster.pid())
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=10)


def _restart(server: Any) -> None:
    settings = {
        "listen_addresses": server.host,
        "port": str(server.port),
        "unix_socket_directories": "",
    }
    cluster.start(server.cluster, server.programs, settings)
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def test_the_password_appears_nowhere(pipe: Pipe) -> None:
    with psycopg.connect(pipe.server.url(), autocommit=True) as admin:
        role = sql.SQL("CREATE ROLE canary LOGIN SUPERUSER PASSWORD {}")
        admin.execute("SET log_statement = 'none'")
        admin.execute(role.format(sql.Literal(CANARY)))
        admin.execute("ALTER SYSTEM SET log_statement = 'all'")
        admin.execute("SELECT pg_reload_conf()")
    settings = {"host": pipe.server.host, "port": pipe.server.port, "user": "canary"}
    secret = {"password": CANARY, "database": pipe.source}
    tap_file, target_file = pipe.folder / "tap.json", pipe.folder / "target.json"
    tap_file.write_text(json.dumps(settings | secret))
    place = f"host={pipe.server.host} port={pipe.server.port} dbname={pipe.catalog} user=canary"
    target_file.write_text(json.dumps({"database_url": f"{place} password='{CANARY}'"}))
    script = f"{BIN}/tap-postgres --config {tap_file} | {BIN}/target-catalog --config {target_file}"
    shell = subprocess.Popen(
        ["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    seen = _command_lines(shell)
    said, _ = shell.communicate()
    assert shell.returncode == 0, said
    dump = [str(pipe.server.tool("pg_dump")), pipe.server.url(pipe.catalog)]
    held = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    log = pipe.server.cluster.log.read_text(errors="replace")
    assert "DECLARE songbook_0" in log
    for place, text in {"output": said, "catalog": held, "log": log, "ps": seen}.items():
        assert CANARY not in text, place


def _command_lines(shell: subprocess.Popen[str]) -> str:
    """Command lines and environments of a shell's programs, while they run."""
    seen = set()
    while shell.poll() is None and len(seen) < 200:
        for process in psutil.Process(shell.pid).children(recursive=True):
            try:
                seen.add(f"{process.cmdline()} {process.environ()}")
            except psutil.Error:
                continue
        time.sleep(0.05)
    assert any("target-catalog" in one for one in seen)
    return os.linesep.join(seen)
