"""Each tap on databases of growing size, against its floor."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report, sources
from benchmarks.measure import Cost, run, typical
from benchmarks.report import Goal
from benchmarks.scale import Scale
from benchmarks.sources import BIN, Source, written

SOURCES: tuple[Callable[[], AbstractContextManager[Source]], ...] = (
    sources.postgres,
    sources.mysql,
    sources.redshift,
)
COLUMNS = (
    *("tables", "program", "wall s", "client CPU s", "server CPU s", "peak MB", "WAL MB"),
    *("statements", "lines", "CPU beyond start-up, to the floor's"),
)

INTRODUCTION = """\
Whole programs, all default streams. The floor is a bare loop of driver and msgspec that runs the
same statements and writes a line a row; it makes no records of the rows and parses no lineage.
Start-up is a run on a database without tables. Statements are counted at the server, without the
FETCH and CLOSE of cursors. The server of tap-redshift is PostgreSQL 15 behind the proxy of the
tests, so only the client's side of it says something about Redshift."""


@dataclass(frozen=True)
class Size:
    """What was found on a database of one size."""

    tables: int
    tap: Cost
    floor: Cost
    statements: int


def section(scale: Scale) -> str:
    """Measure each tap at each size."""
    rows: list[tuple[str, ...]] = []
    goals: list[Goal] = []
    for source in SOURCES:
        with source() as one, tempfile.TemporaryDirectory() as folder:
            sizes = [
                _size(one, tables, Path(folder), scale.rounds) for tables in (0, *scale.tables)
            ]
        rows += _rows(one.tap, sizes)
        goals += _goals(one.tap, sizes)
    parts = ("## Taps", INTRODUCTION, report.table(COLUMNS, rows), report.goals(goals))
    return "\n\n".join(parts)


def _size(source: Source, tables: int, folder: Path, rounds: int) -> Size:
    """Build a database, and run tap and floor in turn."""
    database = source.build(tables)
    tap = (BIN / source.tap, "--config", written(folder / "tap.json", source.settings(database)))
    heard = source.heard(tap, database)
    told = written(folder / "floor.json", source.floor(heard, database))
    floor = (sys.executable, "-m", "benchmarks.floor", told)
    pairs = [
        (run(tap, server=source.server), run(floor, server=source.server)) for _ in range(rounds)
    ]
    ours, bare = (typical(costs) for costs in zip(*pairs, strict=True))
    return Size(tables, ours, bare, len(heard))


def _ratio(size: Size, empty: Size) -> float:
    """CPU of tap and server beyond start-up, to the floor's."""
    return (size.tap.cpu - empty.tap.cpu) / (size.floor.cpu - empty.floor.cpu)


def _rows(tap: str, sizes: list[Size]) -> Iterator[tuple[str, ...]]:
    for size in sizes:
        ratio = f"{_ratio(size, sizes[0]):.2f}" if size.tables else ""
        yield (
            f"{size.tables:,}",
            f"floor of {tap}",
            *report.figures(size.floor),
            "",
            f"{size.floor.lines:,.0f}",
            "",
        )
        yield (
            f"{size.tables:,}",
            tap,
            *report.figures(size.tap),
            str(size.statements),
            f"{size.tap.lines:,.0f}",
            ratio,
        )


def _goals(tap: str, sizes: list[Size]) -> Iterator[Goal]:
    empty, smallest, *_, middle, largest = (
        [sizes[0], *sizes[-3:]] if len(sizes) > 3 else [sizes[0], *sizes[1:2], *sizes[-2:]]
    )
    for size in (middle, largest):
        yield Goal(
            f"{tap}, {size.tables:,} tables: CPU beyond start-up, to the floor's",
            _ratio(size, empty),
            1.5,
        )
    yield Goal(
        f"{tap}, {smallest.tables:,} tables: CPU s of the whole process", smallest.tap.client, 2.5
    )
    yield Goal(f"{tap}: statements at {largest.tables:,} tables", largest.statements, 20)
    yield Goal(
        f"{tap}: statements at {largest.tables:,} tables, to those at {smallest.tables:,}",
        largest.statements / smallest.statements,
        1,
    )
    yield Goal(f"{tap}, {largest.tables:,} tables: peak MB", largest.tap.memory, 100)
    yield Goal(
        f"{tap}: peak memory at {largest.tables:,} tables, to that at {middle.tables:,}",
        largest.tap.memory / middle.tap.memory,
        1.2,
    )
