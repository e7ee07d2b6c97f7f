"""A database of hostile names on each server, and what the tap reads there."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hostile
import psycopg
import pytest
import reading


@dataclass(frozen=True)
class Hostile:
    """A built database and the tap's reading of it."""

    server: Any
    database: str
    seed: int
    reading: reading.Reading

    @property
    def url(self) -> str:
        """The database's libpq URL."""
        return str(self.server.url(self.database))


class Hostiles:
    """The hostile databases of the session, built and read when first asked for."""

    def __init__(self, servers: Any, folder: Path) -> None:
        self._servers = servers
        self._folder = folder
        self._built: dict[int, Hostile] = {}

    def __getitem__(self, major: int) -> Hostile:
        if major not in self._built:
            self._built[major] = self._build(major)
        return self._built[major]

    def _build(self, major: int) -> Hostile:
        server = self._servers[major]
        database = server.create_database()
        seed = random.SystemRandom().randrange(1_000_000)
        with psycopg.connect(server.url(database), autocommit=True) as connection:
            hostile.build(connection, seed)
            # Templates are left out where a test reads all databases of the server.
            connection.execute(f"ALTER DATABASE {database} IS_TEMPLATE true".encode())
        read = reading.read(reading.config(server, database), self._folder)
        return Hostile(server, database, seed, read)


@pytest.fixture(scope="session")
def hostiles(servers: Any, tmp_path_factory: pytest.TempPathFactory) -> Hostiles:
    """Hostile databases by major version: `hostiles[16]`."""
    return Hostiles(servers, tmp_path_factory.mktemp("hostile"))
