"""Each tap on databases of growing size, against its floor."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks import report, sources
from benchmarks.measure import Cost, run, typical
from benchmarks.report import Goal
from benchmarks.scale import Scale
from benchmarks.sources import BIN, Source, written
from songbook.errors import ConfigError

SOURCES: dict[str, Callable[[], AbstractContextManager[Source]]] = {
    "tap-postgres": sources.postgres,
    "tap-mysql": sources.mysql,
    "tap-redshift": sources.redshift,
}
COLUMNS = (
    *("tables", "program", "wall s", "client CPU s", "server CPU s", "peak MB", "WAL MB"),
    *("statements", "lines", "CPU beyond start-up, to the floor's"),
)
GROWTH_COLUMNS = ("tap", "tables", "CPU beyond start-up grows", "peak memory grows")

INTRODUCTION = """\
Whole programs, all default streams. The floor is a bare loop of driver and msgspec that runs the
same statements and writes a line a row; it makes no records of the rows and parses no lineage.
Start-up is a run on a database without tables; CPU is that of program and server together.
Statements are counted at the server, without BEGIN and COMMIT and without the FETCH and CLOSE of
cursors."""

INTRODUCTIONS = {
    "tap-postgres": INTRODUCTION,
    "tap-mysql": f"{INTRODUCTION} The server is MariaDB; its WAL is InnoDB's redo log.",
    "tap-redshift": f"""{INTRODUCTION} The server is PostgreSQL 15 behind the proxy of the tests,
so only the client's side says something about Redshift.""",
}


@dataclass(frozen=True)
class Size:
    """What was found on a database of one size, round by round."""

    tables: int
    taps: list[Cost]
    floors: list[Cost]
    statements: int

    @property
    def tap(self) -> Cost:
        """What the tap costs."""
        return typical(self.taps)

    @property
    def floor(self) -> Cost:
        """What its floor costs."""
        return typical(self.floors)

    def beyond(self, empty: Size) -> float:
        """CPU of tap and server beyond start-up."""
        return self.tap.cpu - empty.tap.cpu

    def ratio(self, empty: Size) -> float:
        """The same to the floor's: the median of the rounds."""
        return median(
            (tap.cpu - empty.tap.cpu) / (floor.cpu - empty.floor.cpu)
            for tap, floor in zip(self.taps, self.floors, strict=True)
        )


def section(tap: str, scale: Scale) -> str:
    """Measure a tap at each size."""
    try:
        sizes = _sizes(SOURCES[tap], scale)
    except ConfigError as error:
        return f"## {tap}\n\nIt was not measured: {error}"
    tables = (
        report.table(COLUMNS, _rows(tap, sizes)),
        report.table(GROWTH_COLUMNS, _growth(tap, sizes)),
    )
    introduction = f"{INTRODUCTIONS[tap]} Medians of {scale.rounds} rounds."
    return "\n\n".join((f"## {tap}", introduction, *tables, report.goals(_goals(tap, sizes))))


def _sizes(source: Callable[[], AbstractContextManager[Source]], scale: Scale) -> list[Size]:
    """Start-up first, then each size."""
    with source() as one, tempfile.TemporaryDirectory() as folder:
        return [_size(one, tables, Path(folder), scale.rounds) for tables in (0, *scale.tables)]


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
    taps, floors = (list(costs) for costs in zip(*pairs, strict=True))
    return Size(tables, taps, floors, len(heard))


def _rows(tap: str, sizes: Sequence[Size]) -> Iterator[tuple[str, ...]]:
    for size in sizes:
        ratio = f"{size.ratio(sizes[0]):.2f}" if size.tables else ""
        tables = f"{size.tables:,}"
        ours, bare = f"{size.tap.lines:,.0f}", f"{size.floor.lines:,.0f}"
        yield (tables, f"floor of {tap}", *report.figures(size.floor), "", bare, "")
        yield (tables, tap, *report.figures(size.tap), str(size.statements), ours, ratio)


def _growth(tap: str, sizes: Sequence[Size]) -> Iterator[tuple[str, ...]]:
    """How the costs grow from one size to the next."""
    empty, *built = sizes
    for one, next_ in pairwise(built):
        cpu = next_.beyond(empty) / one.beyond(empty)
        memory = next_.tap.memory / one.tap.memory
        tables = f"{one.tables:,} to {next_.tables:,}: {next_.tables / one.tables:.1f} times"
        yield (tap, tables, f"{cpu:.1f} times", f"{memory:.2f} times")


def _goals(tap: str, sizes: Sequence[Size]) -> Iterator[Goal]:
    empty, smallest = sizes[:2]
    middle, largest = sizes[-2:]
    for size in (middle, largest):
        what = f"{tap}, {size.tables:,} tables: CPU beyond start-up, to the floor's"
        yield Goal(what, size.ratio(empty), 1.5)
    what = f"{tap}, {smallest.tables:,} tables: CPU s of program and server, start-up included"
    yield Goal(what, smallest.tap.cpu, 2.5)
    most = max(smallest.statements, largest.statements)
    yield Goal(f"{tap}: statements at {largest.tables:,} tables", most, 20)
    what = f"{tap}: more statements at {largest.tables:,} tables than at {smallest.tables:,}"
    yield Goal(what, largest.statements - smallest.statements, 0)
    yield Goal(f"{tap}, {largest.tables:,} tables: peak MB", largest.tap.memory, 100)
    what = f"{tap}: peak memory at {largest.tables:,} tables, to that at {middle.tables:,}"
    yield Goal(what, largest.tap.memory / middle.tap.memory, 1.2)
