"""With mysqlclient in place of PyMySQL the tap says the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import mysql_runs
from mysql_servers import OwnServer, Server

VOLATILE = {"duration_ms"}


def _records(ran: mysql_runs.Ran) -> list[tuple[str, dict[str, Any]]]:
    assert ran.code == 0, ran.err
    return [
        (stream, {key: it[key] for key in it if key not in VOLATILE})
        for stream, records in mysql_runs.parsed(ran.out).streams.items()
        for it in records
    ]


def test_both_clients_read_the_same(found: Any, fast_command: Path, tmp_path: Path) -> None:
    settings = found.server.settings()
    fast = mysql_runs.run(settings, tmp_path, command=fast_command)
    assert _records(fast) == _records(mysql_runs.run(settings, tmp_path))
    assert len(_records(fast)) > 1000


def test_it_is_mysqlclient_that_reads(server: Server, fast_command: Path) -> None:
    script = (
        "import sys; from tap_mysql import connector, driver;"
        "from tap_mysql.address import address;"
        "config = connector.config.model_validate_json(sys.stdin.read());"
        "sys.stdout.write(type(driver.connect(config, address(config))).__module__)"
    )
    done = subprocess.run(
        [fast_command.with_name("python"), "-c", script],
        input=json.dumps(server.settings()),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "MySQLdb.connections", done.stderr


def test_a_demand_for_encryption_is_no_wish(
    own_server: OwnServer, fast_command: Path, tmp_path: Path
) -> None:
    """This server has no encryption, and MariaDB's library would not mind."""
    for mode in ("require", "verify-ca", "verify-full"):
        ran = mysql_runs.run(own_server.settings(sslmode=mode), tmp_path, command=fast_command)
        assert ran.code == 3
        assert "`sslmode`" in ran.err


def test_errors_are_the_same(server: Server, fast_command: Path, tmp_path: Path) -> None:
    wrong = server.settings(password="wrong")
    fast = mysql_runs.run(wrong, tmp_path, command=fast_command)
    assert fast.code == 3
    assert "`password`" in fast.err
    assert fast.err == mysql_runs.run(wrong, tmp_path).err
    nowhere = server.settings(port=1)
    assert "`port`" in mysql_runs.run(nowhere, tmp_path, command=fast_command).err
