"""What the loads are measured with: column records by the million, and catalogs to load them to."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Command, environment
from benchmarks.servers import Postgres
from benchmarks.sources import BIN, fill, written

COLUMNS = 1000
"""How many columns each table of wide.sql has."""

MIGRATED = "migrated"


@dataclass(frozen=True)
class Wide:
    """A server with sources of wide tables, and catalogs."""

    server: Postgres
    folder: Path

    def tap(self, records: int) -> Command:
        """The tap on a database with so many columns, which is made when there is none."""
        database = f"wide_{records}"
        found = self.server.ask("SELECT 1 FROM pg_database WHERE datname = %s", database)
        if not found:
            fill(self.server, self.server.create_database(database), records // COLUMNS, "wide.sql")
        settings = written(self.folder / f"{database}.json", self.server.settings(database))
        return (BIN / "tap-postgres", "--config", settings)

    def lines(self, records: int) -> Path:
        """A file with all that the tap writes about that database."""
        file = self.folder / f"lines_{records}.jsonl"
        if not file.exists():
            with file.open("wb") as out:
                subprocess.run(
                    self.tap(records), stdout=out, stderr=subprocess.DEVNULL,
                    env=environment(), check=True,
                )  # fmt: skip
        return file

    @contextmanager
    def catalog(self) -> Iterator[str]:
        """An empty catalog for a while; gives its name."""
        if not self.server.ask("SELECT 1 FROM pg_database WHERE datname = %s", MIGRATED):
            self.server.create_database(MIGRATED)
            subprocess.run(
                [*self.target(MIGRATED), "migrate"], stderr=subprocess.DEVNULL,
                env=environment(), check=True,
            )  # fmt: skip
        name = "catalog"
        self.server.ask(f"CREATE DATABASE {name} TEMPLATE {MIGRATED}")
        self.server.ask("CHECKPOINT")  # what came before is not written while this is measured
        yield name
        self.server.ask(f"DROP DATABASE {name} WITH (FORCE)")

    def target(self, catalog: str) -> Command:
        """The target that loads into a catalog."""
        url = self.server.url(catalog)
        settings = written(self.folder / f"{catalog}.json", {"database_url": url})
        return (BIN / "target-catalog", "--config", settings)
