"""Other people's programs on the same databases and lines, each installed from the index.

One that can't be installed, or fails, says so in its row.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import report, sources
from benchmarks.measure import Command, Cost, Failed, run
from benchmarks.scale import Scale
from benchmarks.servers import Postgres
from benchmarks.sources import BIN, PostgresSource, written
from benchmarks.wide import Wide

UV = Path(sys.executable).with_name("uv")
INSTALL_SECONDS = 900

COLUMNS = (
    *("on", "program", "wall s", "client CPU s", "server CPU s", "peak MB", "WAL MB"),
    "CPU to ours",
)

INTRODUCTION = """\
Each program once, whole, with its defaults: DataHub's extractor (view lineage included, into a
file), MeltanoLabs' tap-postgres (discovery), and MeltanoLabs' target-postgres (the lines of our
tap, twice; the field `collation` is renamed, because it can't load that). Each runs in an
environment of its own. The ratio is that of the CPU of program and server to what our program
takes for the same."""


@dataclass(frozen=True)
class Peer:
    """A program, and how it is run."""

    name: str
    package: str
    command: Callable[[Path, Path, dict[str, Any]], Command]
    """Given the folder of its programs, a folder for files, and the database's settings."""


def _datahub(programs: Path, folder: Path, settings: dict[str, Any]) -> Command:
    recipe = {
        "source": {
            "type": "postgres",
            "config": {
                "host_port": f"{settings['host']}:{settings['port']}",
                "database": settings["database"],
                "username": settings["user"],
                "password": settings["password"],
            },
        },
        "sink": {"type": "file", "config": {"filename": str(folder / "datahub.json")}},
    }
    file = written(folder / "recipe.yml", recipe)  # JSON is YAML too
    telemetry_off = ("env", "DATAHUB_TELEMETRY_ENABLED=false")
    return (*telemetry_off, programs / "datahub", "ingest", "--no-default-report", "-c", file)


def _discovery(programs: Path, folder: Path, settings: dict[str, Any]) -> Command:
    return (
        programs / "tap-postgres",
        "--config",
        written(folder / "tap.json", settings),
        "--discover",
    )


def _load(programs: Path, folder: Path, settings: dict[str, Any]) -> Command:
    return (programs / "target-postgres", "--config", written(folder / "target.json", settings))


DATAHUB = Peer("DataHub's extractor", "acryl-datahub[postgres]", _datahub)
TAP = Peer("MeltanoLabs tap-postgres, discovery", "meltanolabs-tap-postgres", _discovery)
TARGET = Peer("MeltanoLabs target-postgres", "meltanolabs-target-postgres", _load)

TIMES = ("first load", "the same again")

Row = tuple[str, ...]


def section(scale: Scale) -> str:
    """Measure the peers beside ours; a small run installs none."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), scale.peers)
        with sources.postgres() as source:
            rows = [
                *_readers(bench, source, scale.tables[0]),
                *_loaders(bench, source.server, scale.records[0]),
            ]
    return "\n\n".join(("## Peers", INTRODUCTION, report.table(COLUMNS, rows)))


@dataclass(frozen=True)
class Bench:
    """Where peers are installed and run."""

    folder: Path
    installs: bool

    def cost(
        self, peer: Peer, settings: dict[str, Any], server: Postgres, lines: Path | None = None
    ) -> Cost | str:
        """What a run of a peer costs, or why there is none."""
        if not self.installs:
            return "not run in a small run"
        try:
            programs = self._programs(peer)
            return run(peer.command(programs, self.folder, settings), server=server, given=lines)
        except (Failed, subprocess.SubprocessError) as error:
            return f"failed: {' '.join(str(error).split())}"

    def _programs(self, peer: Peer) -> Path:
        """The folder of its programs, installed when they are first asked for."""
        place = self.folder / peer.package.partition("[")[0]
        if not place.exists():
            install = (UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", place)
            for command in ((UV, "venv", "--quiet", place), (*install, peer.package)):
                # Elsewhere, because what this repository pins binds only its own packages.
                subprocess.run(command, check=True, timeout=INSTALL_SECONDS, cwd=self.folder)
        return place / "bin"


def _readers(bench: Bench, source: PostgresSource, tables: int) -> Iterator[Row]:
    """What reads a database."""
    settings = source.settings(source.build(tables))
    config = written(bench.folder / "ours.json", settings)
    ours = run((BIN / "tap-postgres", "--config", config), server=source.server)
    on = f"{tables:,} tables"
    yield _row(on, "tap-postgres", ours, ours)
    for peer in (DATAHUB, TAP):
        yield _row(on, peer.name, bench.cost(peer, settings, source.server), ours)


def _loaders(bench: Bench, server: Postgres, records: int) -> Iterator[Row]:
    """What loads the lines of our tap, each into a database of its own."""
    wide = Wide(server, bench.folder)
    lines = wide.lines(records)
    renamed = _renamed(lines)
    settings = server.settings(server.create_database("peer"))
    on = f"{records:,} records"
    with wide.catalog() as catalog:
        for time in TIMES:
            ours = run(wide.target(catalog), server=server, given=lines)
            yield _row(on, f"target-catalog, {time}", ours, ours)
            theirs = bench.cost(TARGET, settings, server, renamed)
            yield _row(on, f"{TARGET.name}, {time}", theirs, ours)


def _renamed(lines: Path) -> Path:
    """The same lines without the name `collation`, which target-postgres writes into SQL bare."""
    file = lines.with_suffix(".renamed")
    file.write_bytes(lines.read_bytes().replace(b'"collation":', b'"collation_name":'))
    return file


def _row(on: str, name: str, cost: Cost | str, ours: Cost) -> Row:
    if isinstance(cost, str):
        return (on, name, cost, *[""] * (len(COLUMNS) - 3))
    return (on, name, *report.figures(cost), f"{cost.cpu / ours.cpu:.1f}")
