"""A MariaDB server, a database of hostile names on it, and what the tap reads there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import mysql_objects
import mysql_runs
import mysql_servers


@pytest.fixture(scope="session")
def own_server() -> Iterator[mysql_servers.OwnServer]:
    """A MariaDB of our own, for tests that need its files."""
    server = mysql_servers.start("--event-scheduler=OFF")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> mysql_servers.Server:
    """The server for tests that need any one."""
    return mysql_servers.given() or request.getfixturevalue("own_server")


@pytest.fixture(scope="session")
def fast_command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment that has mysqlclient, which has to be compiled."""
    folder = tmp_path_factory.mktemp("fast")
    root = Path(__file__).parents[3]
    uv = Path(sys.executable).with_name("uv")
    packages = [str(root / "core"), f"{root / 'taps' / 'tap-mysql'}[mysqlclient]"]
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
    done = subprocess.run(
        [uv, "pip", "install", "-q", "--python", folder, *packages],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        reason = f"mysqlclient can't be installed: {done.stderr.strip()[-300:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder / "bin" / "tap-mysql"


@dataclass(frozen=True)
class Hostile:
    """The hostile databases, and the tap's reading of them."""

    server: mysql_servers.Server
    databases: tuple[str, ...]
    seed: int
    reading: mysql_runs.Reading


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Hostile databases, built and read, on a server where nothing else is."""
    given = mysql_servers.given()
    server = given or mysql_servers.start("--event-scheduler=OFF")
    seed = random.SystemRandom().randrange(1_000_000)
    with mysql_objects.swept(server):
        databases = mysql_objects.build(server, seed)
        reading = mysql_runs.read(server.settings(), tmp_path_factory.mktemp("it"))
        yield Hostile(server, databases, seed, reading)
    if isinstance(server, mysql_servers.OwnServer):
        server.stop()
