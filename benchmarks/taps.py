"""What tap and target cost on databases of growing size, against a floor."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks import report
from benchmarks.measure import Cost, run, typical
from benchmarks.scale import Scale
from target_catalog import embedded

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
COMPUTER = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    tables: int
    program: str
    cost: Cost
    ratio: float | None = None


def section(scale: Scale) -> str:
    """Measure each size and report what was found."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="songbook-bench-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        with embedded.running(Path(folder) / "home") as server:
            for tables in scale.tables:
                rows += _measure(server, tables, Path(folder), scale.rounds)
    return _report(rows, scale.rounds)


def _measure(server: embedded.Embedded, tables: int, folder: Path, rounds: int) -> Iterator[Row]:
    """The tap, interleaved with its floor; then the target, twice with the same lines."""
    pid = server.cluster.pid() or 0
    url = _source(server, tables)
    tap = [BIN / "tap-postgres", "--config", _written(folder / "tap.json", _settings(url))]
    floor = [sys.executable, "-m", "benchmarks.floor", url]
    pairs = [(run(tap, pid), run(floor, pid)) for _ in range(rounds)]
    ours, bare = (typical(costs) for costs in zip(*pairs, strict=True))
    yield Row(tables, "floor: psycopg and msgspec", bare)
    yield Row(tables, "tap-postgres", ours, ours.cpu / bare.cpu)

    lines = folder / "lines.jsonl"
    with lines.open("wb") as out:
        subprocess.run(tap, stdout=out, check=True)
    catalog = _created(server, f"catalog_{tables}")
    settings = _written(folder / "target.json", {"database_url": catalog})
    target = [BIN / "target-catalog", "--config", settings]
    subprocess.run([*target, "migrate"], check=True)
    yield Row(tables, "target-catalog, first load", run(target, pid, lines))
    yield Row(tables, "target-catalog, the same again", run(target, pid, lines))


def _source(server: embedded.Embedded, tables: int) -> str:
    url = _created(server, f"source_{tables}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('bench.tables', %s, false)", [str(tables)])
        connection.execute((HERE / "source.sql").read_bytes())
        connection.execute("ANALYZE")
    return url


def _created(server: embedded.Embedded, database: str) -> str:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}".encode())
    return server.url(database)


def _settings(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    return {"host": parts["host"], "user": parts["user"], "database": parts["dbname"]}


def _written(file: Path, settings: dict[str, object]) -> Path:
    file.write_text(json.dumps(settings), encoding="utf-8")
    return file


def _report(rows: Sequence[Row], rounds: int) -> str:
    """The figures as a section."""
    columns = (
        "tables",
        "program",
        "wall s",
        "client CPU s",
        "server CPU s",
        "peak MB",
        "lines",
        "ratio",
    )
    found = report.table(columns, map(_line, rows))
    return f"## Taps\n\nMedians of {rounds} runs, interleaved with their floor, on {COMPUTER}.\n\n{found}"


def _line(row: Row) -> tuple[str, ...]:
    cost = row.cost
    return (
        f"{row.tables:,}",
        row.program,
        f"{cost.wall:.2f}",
        f"{cost.client:.2f}",
        f"{cost.server:.2f}",
        f"{cost.memory:.0f}",
        f"{cost.lines:,.0f}",
        "" if row.ratio is None else f"{row.ratio:.2f}",
    )
