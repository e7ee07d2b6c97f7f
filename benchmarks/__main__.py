"""`make bench`: measure tap and target on databases of growing size, and write RESULTS.md.

python -m benchmarks [TABLES ...]
python -m benchmarks graph
"""

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

from benchmarks import graph
from benchmarks.measure import Cost, run, typical
from target_catalog import embedded

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
SIZES = (1000, 5000, 20000)
ROUNDS = 3
COMPUTER = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    tables: int
    program: str
    cost: Cost
    ratio: float | None = None


def main(sizes: Sequence[int]) -> None:
    """Measure each size and write what was found."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="songbook-bench-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        with embedded.running(Path(folder) / "home") as server:
            for tables in sizes:
                rows += _measure(server, tables, Path(folder))
    (HERE / "RESULTS.md").write_text(report(rows), encoding="utf-8")
    sys.stdout.write(report(rows))


def _measure(server: embedded.Embedded, tables: int, folder: Path) -> Iterator[Row]:
    """The tap, interleaved with its floor; then the target, twice with the same lines."""
    pid = server.cluster.pid() or 0
    url = _source(server, tables)
    tap = [BIN / "tap-postgres", "--config", _written(folder / "tap.json", _settings(url))]
    floor = [sys.executable, "-m", "benchmarks.floor", url]
    pairs = [(run(tap, pid), run(floor, pid)) for _ in range(ROUNDS)]
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


def report(rows: Sequence[Row]) -> str:
    """The figures as a page."""
    head = [
        "# What it costs",
        "",
        f"Written by `make bench` on {COMPUTER}: medians of {ROUNDS} runs of whole",
        "programs, interleaved with their floor; the target once. Trust ratios more than times.",
        "",
        "| tables | program | wall s | client CPU s | server CPU s | peak MB | lines | ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join((*head, *map(_line, rows))) + "\n"


def _line(row: Row) -> str:
    cost = row.cost
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return (
        f"| {row.tables:,} | {row.program} | {cost.wall:.2f} | {cost.client:.2f} "
        f"| {cost.server:.2f} | {cost.memory:.0f} | {cost.lines:,.0f} | {ratio} |"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["graph"]:
        graph.main()
    else:
        main([int(size) for size in sys.argv[1:]] or SIZES)
