"""Runs side by side, runs that die, and runs that come too late."""

from __future__ import annotations

import io
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest
from psycopg import sql

from songbook import records as r
from songbook.errors import SourceError
from target_catalog import cluster, database, load, runs
from target_catalog import config as settings
from target_catalog.merge import MANY_ROWS
from target_catalog.messages import read


@contextmanager
def under_way(catalog: Any, lines: bytes, **facts: Any) -> Iterator[Any]:
    """A load that has taken its input and has not settled yet."""
    config, _ = settings.parse({"database_url": catalog.url} | facts, {})
    with database.connect(catalog.url) as connection:
        loader = load.begin(connection, config)
        for message in read(io.BytesIO(lines)):
            loader.take(message)
        yield loader


def test_a_run_that_was_overtaken_changes_nothing(catalog: Any, source: Any) -> None:
    old = source.write(source.covered([source.system(), source.table("old")]))
    new = source.covered([source.system(), source.table("new")])
    with under_way(catalog, old) as loader:
        catalog.load(new)
        with pytest.raises(runs.Superseded) as caught:
            loader.finish()
        load.give_up(loader, caught.value)
    assert caught.value.exit_code == 4
    assert catalog.names() == ["new"]
    assert catalog.rows("SELECT status FROM catalog.runs ORDER BY number") == [
        "superseded",
        "succeeded",
    ]
    assert staging_tables(catalog) == []


OTHER = "postgres://db:5432/other"


def test_runs_over_different_scopes_both_land(catalog: Any, source: Any) -> None:
    here = source.covered([source.system(), source.table("here")])
    there = source.covered([source.system(), source.table("there", OTHER)], scope=OTHER)
    with under_way(catalog, source.write(here, {"run": "old"})) as loader:
        catalog.load(there, {"run": "new"})
        assert loader.finish().status == "succeeded"
    assert catalog.names() == ["here", "there"]
    assert catalog.one("SELECT value FROM catalog.state") == {"run": "new"}


def test_what_two_runs_say_of_the_system_is_what_the_newer_one_says(
    catalog: Any, source: Any
) -> None:
    def run(role: str, schema: str, scope: str) -> list[r.Record]:
        urn = f"{source.namespace}/~principal/{role}"
        principal = r.Principal(urn=urn, name=role, principal_type="role")
        told = source.covered([source.system(), principal], scope=source.namespace)
        return [*told, *source.covered([source.table(role, schema)], scope=scope)]

    older = run("older", source.schema, source.database)
    with under_way(catalog, source.write(older)) as loader:
        catalog.load(run("newer", OTHER, OTHER))
        assert loader.finish().problems == []
    assert catalog.names() == ["older", "newer"]
    assert catalog.names("principals") == ["newer"]
    assert catalog.load(older).problems == []
    assert catalog.names("principals") == ["older"]


@pytest.mark.parametrize("older_is_wider", [True, False])
def test_a_scope_within_the_other_overtakes(
    catalog: Any, source: Any, older_is_wider: bool
) -> None:
    scopes = [source.database, source.schema]
    old, new = scopes if older_is_wider else reversed(scopes)
    lines = source.write(source.covered([source.table("old")], scope=old))
    with under_way(catalog, lines, connector="one") as loader:
        catalog.load(source.covered([source.table("new")], scope=new), connector="one")
        with pytest.raises(runs.Superseded, match="same scopes") as caught:
            loader.finish()
    assert "did not read" in caught.value.hint
    assert catalog.names() == ["new"]


def test_streams_without_scopes_are_overtaken_whole(catalog: Any) -> None:
    schema = b'{"type":"SCHEMA","stream":"%s","schema":{"properties":{}},"key_properties":[]}\n'
    record = b'{"type":"RECORD","stream":"%s","record":{"n":%d}}\n'
    ones = [schema % b"ones" + record % (b"ones", number) for number in (1, 2)]
    twos = schema % b"twos" + record % (b"twos", 1)
    with under_way(catalog, ones[0], connector="one") as loader:
        catalog.load(twos, connector="one")
        assert loader.finish().added == 1
    with under_way(catalog, ones[1], connector="one") as loader:
        catalog.load(ones[0], connector="one")
        with pytest.raises(runs.Superseded):
            loader.finish()


def test_runs_of_different_connectors_go_side_by_side(catalog: Any, source: Any) -> None:
    old = source.write(source.covered([source.system(), source.table("old")]))
    with under_way(catalog, old, connector="one") as loader:
        catalog.load(source.covered([source.table("new")]), connector="two")
        assert loader.finish().status == "succeeded"
    assert catalog.names() == ["new", "old"]


@pytest.mark.parametrize("columns", [9_000, 20_000])
def test_many_columns_of_one_table_are_not_compared_each_with_each(
    catalog: Any, source: Any, columns: int
) -> None:
    lines = source.write(source.covered(source.tables("a", columns=map(str, range(columns)))))

    def seconds() -> float:
        started = time.monotonic()
        assert catalog.load(lines).status == "succeeded"
        return time.monotonic() - started

    first = seconds()
    assert seconds() < 4 * first
    assert seconds() < 4 * first


def test_an_older_attempt_is_shut_out(catalog: Any, source: Any) -> None:
    run_id = uuid4()
    lines = source.write(source.covered([source.table("a")]))
    with (
        pytest.raises(SourceError, match="took this one for dead"),
        under_way(catalog, lines, run_id=run_id, attempt=1) as loader,
    ):
        catalog.load(source.covered([source.table("b")]), run_id=run_id, attempt=2)
        loader.finish()
    with pytest.raises(runs.Superseded, match="later attempt"):
        catalog.load(lines, run_id=run_id, attempt=1)
    assert catalog.names() == ["b"]
    assert catalog.rows("SELECT id, attempt, status FROM catalog.runs") == [
        (run_id, 2, "succeeded")
    ]


def test_a_live_run_is_not_taken_for_dead(catalog: Any, source: Any) -> None:
    lines = source.write(source.covered([source.table("a")]))
    with under_way(catalog, lines, connector="one") as loader:
        catalog.load(source.covered([source.table("b")]), connector="two")
        assert catalog.one("SELECT status FROM catalog.runs WHERE status = 'running'") == "running"
        assert loader.finish().status == "succeeded"


def staging_tables(catalog: Any) -> Any:
    return catalog.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'catalog_staging'")


def start(catalog: Any, *arguments: str, **streams: Any) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "target-catalog"), *arguments]
    environment = {"TARGET_CATALOG_DATABASE_URL": catalog.url}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **streams
    )


def wait_for_staging(catalog: Any) -> None:
    deadline = time.monotonic() + 30
    while not staging_tables(catalog):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_backends_to_go(catalog: Any) -> None:
    """Wait until the server has noticed that its client is dead."""
    alive = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'target-catalog'"
    deadline = time.monotonic() + 30
    while catalog.rows(f"{alive} AND datname = current_database()"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_target_killed_in_mid_load_leaves_nothing(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.system(), *source.tables("a", "b")]))
    before = catalog.contents()
    process = start(catalog, stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(source.write([source.system(), source.table("c")]))
    process.stdin.flush()
    wait_for_staging(catalog)
    process.kill()
    process.communicate()
    wait_for_backends_to_go(catalog)
    assert catalog.contents() == before
    catalog.load(source.covered([source.system(), *source.tables("a", "b")]))
    statuses = catalog.rows("SELECT status FROM catalog.runs ORDER BY number")
    assert statuses == ["succeeded", "interrupted", "succeeded"]
    assert (staging_tables(catalog), catalog.contents()) == ([], before)


def copy_of(postgres: Any, catalog: Any) -> Any:
    """A catalog of its own with what another one holds."""
    name, template = f"copy_{uuid4().hex}", catalog.url.rpartition("/")[2]
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return replace(catalog, url=postgres.url(name))


def wait_for_run(catalog: Any, number: int) -> None:
    """Wait until so many runs have begun."""
    deadline = time.monotonic() + 30
    while catalog.one("SELECT count(*) FROM catalog.runs") < number:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_kills_at_random_moments(
    postgres: Any, empty_database: Any, source: Any, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    moments = random.Random(seed)  # not a secret
    old = source.covered([source.system(), *source.tables(*(f"t{n}" for n in range(600)))])
    new = source.covered([source.system(), *source.tables(*(f"t{n}" for n in range(200, 900)))])
    file = tmp_path / "new.jsonl"
    file.write_bytes(source.write(new, {"n": 1}))
    empty_database.load(old)
    before = empty_database.contents()
    twin = copy_of(postgres, empty_database)
    process = start(twin, "--input", str(file))
    wait_for_run(twin, 2)
    began = time.monotonic()
    process.communicate()
    length = time.monotonic() - began
    after = twin.contents()
    assert after != before
    in_mid_load = 0
    for number in range(10):
        catalog = copy_of(postgres, empty_database)
        process = start(catalog, "--input", str(file))
        wait_for_run(catalog, 2)
        time.sleep(moments.uniform(0, length * number / 9))
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
        wait_for_backends_to_go(catalog)
        last = catalog.one("SELECT status FROM catalog.runs ORDER BY number DESC LIMIT 1")
        assert catalog.contents() == (before if last == "running" else after), seed
        assert not out or last == "succeeded", seed
        in_mid_load += last == "running"
        with database.connect(catalog.url) as connection:
            runs.interrupt_dead(connection)
        assert ("interrupted" in catalog.rows("SELECT status FROM catalog.runs")) == (
            last == "running"
        )
    assert in_mid_load >= 3, seed
    assert catalog.run("--input", str(file)).returncode == 0
    assert catalog.contents() == after, seed
    assert staging_tables(catalog) == []


def test_a_server_killed_in_mid_load(servers: Any, source: Any, request: Any) -> None:
    private = type(servers)()
    request.addfinalizer(private.close)
    server = private[15]
    catalog_type = type(request.getfixturevalue("catalog"))
    catalog = catalog_type(server.url(server.create_database()))
    first = source.covered([source.system(), *source.tables("a", "b")])
    catalog.load(first)
    before = catalog.contents()
    process = start(catalog, stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(source.write([source.system(), source.table("c")], {"n": 1}))
    process.stdin.flush()
    wait_for_staging(catalog)
    kill_server(server)
    out, said = process.communicate()
    assert (process.returncode, out) == (3, b""), said
    assert b"error: Lost the connection" in said
    assert b"hint: Nothing of this run was committed" in said
    restart(server)
    assert catalog.contents() == before
    assert catalog.load(source.covered([source.system(), *source.tables("b")])).removed == 3
    assert catalog.names() == ["b"]
    assert staging_tables(catalog) == []
    assert "interrupted" in catalog.rows("SELECT status FROM catalog.runs")


def kill_server(server: Any) -> None:
    processes = [psutil.Process(server.cluster.pid())]
    processes += processes[0].children(recursive=True)
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=10)


def restart(server: Any) -> None:
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
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_large_load_leaves_its_rows_marked_as_visible(catalog: Any, source: Any) -> None:
    names = [f"c{number}" for number in range(MANY_ROWS + 1)]
    catalog.load(source.covered([source.column("t", name) for name in names], "columns"))
    pages = "SELECT relpages, relallvisible FROM pg_class WHERE oid = 'catalog.columns'::regclass"
    all_pages, visible = catalog.one(pages)
    assert visible > all_pages / 2  # a page that somebody looks at just then is passed over
