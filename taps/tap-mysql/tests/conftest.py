"""A MariaDB server, a database of hostile names on it, and what the tap reads there."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import hostile
import mariadb
import running


@pytest.fixture(scope="session")
def server() -> Iterator[mariadb.MariaDb]:
    """The server for tests that need any one."""
    server = mariadb.start("--event-scheduler=OFF")
    yield server
    server.stop()


@dataclass(frozen=True)
class Hostile:
    """The hostile databases, and the tap's reading of them."""

    server: mariadb.MariaDb
    databases: tuple[str, ...]
    seed: int
    reading: running.Reading


@pytest.fixture(scope="session")
def found(server: mariadb.MariaDb, tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """Hostile databases, built and read."""
    seed = random.SystemRandom().randrange(1_000_000)
    databases = hostile.build(server, seed)
    settings = server.settings(exclude=["test_*", "songbook_*"])
    return Hostile(server, databases, seed, running.read(settings, tmp_path_factory.mktemp("it")))
