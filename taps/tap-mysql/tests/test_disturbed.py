"""What becomes of a run while the server is changed, slow, or dies."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mysql_runs
import mysql_servers
import pytest
from mysql_servers import OwnServer, Server

TABLES = 200
"""More than fits into a pipe that nobody reads from."""


@pytest.fixture
def mortal() -> Iterator[OwnServer]:
    """A server of the test's own, with many tables."""
    server = mysql_servers.start("--event-scheduler=OFF")
    server.create_database("big")
    comment = "x" * 500
    server.run(
        *(
            f"CREATE TABLE big.t{number} (id integer) COMMENT '{comment}'"
            for number in range(TABLES)
        )
    )
    yield server
    server.stop()


def stalled(server: OwnServer, folder: Path) -> subprocess.Popen[str]:
    """A run whose reader does not read: it waits in the middle of the tables."""
    file = folder / "config.json"
    file.write_text(json.dumps(server.settings(database="big")))
    tap = subprocess.Popen(
        [str(mysql_runs.COMMAND), "--config", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "SONGBOOK_AMBIENT": "0"},
    )
    assert tap.stdout
    select.select([tap.stdout], [], [], 60)
    time.sleep(2)
    assert tap.poll() is None, "the run did not wait for its reader"
    return tap


def test_the_server_is_killed(mortal: OwnServer, tmp_path: Path) -> None:
    """The run ends with coverage that makes nothing of what it missed."""
    tap = stalled(mortal, tmp_path)
    os.kill(int((mortal.folder / "pid").read_text()), signal.SIGKILL)
    out, err = tap.communicate(timeout=60)
    assert tap.returncode == 4
    assert "The connection was lost" in err
    assert "Traceback" not in err
    coverage = {it["stream"]: it["complete"] for it in mysql_runs.parsed(out)["coverage"]}
    assert {name for name, is_complete in coverage.items() if is_complete} <= {
        "systems",
        "containers",
        "tables",
    }


def test_the_session_is_killed(mortal: OwnServer, tmp_path: Path) -> None:
    tap = stalled(mortal, tmp_path)
    for number, user in mortal.run("SELECT id, info FROM information_schema.processlist"):
        if "processlist" not in (user or ""):
            mortal.run(f"KILL {number}")
    _, err = tap.communicate(timeout=60)
    assert tap.returncode == 4
    assert "Traceback" not in err


def test_the_database_is_dropped(mortal: OwnServer, tmp_path: Path) -> None:
    """What is gone is gone: the rest of the run finds nothing, and ends well."""
    tap = stalled(mortal, tmp_path)
    mortal.run("DROP DATABASE big")
    out, err = tap.communicate(timeout=60)
    assert tap.returncode == 0, err
    assert mysql_runs.parsed(out)["columns"] == []


def test_a_statement_takes_too_long(server: Server, tmp_path: Path) -> None:
    if not server.is_mariadb:
        pytest.skip("MySQL limits statements by time only where tables are read")
    database = server.create_database()
    server.run(*(f"CREATE TABLE {database}.t{number} (id integer)" for number in range(50)))
    server.run(
        "CREATE USER slow@'%' IDENTIFIED BY 'pw' WITH MAX_STATEMENT_TIME 0.000001",
        "GRANT ALL ON *.* TO slow@'%'",
    )
    settings: dict[str, Any] = server.settings(database=database, user="slow", password="pw")
    ran = mysql_runs.run(settings, tmp_path)
    server.run("DROP USER slow@'%'", f"DROP DATABASE {database}")
    assert ran.code in (3, 4)
    assert "max_statement_time" in ran.err
    assert "Traceback" not in ran.err
