"""The target: a first load against COPY of a ready file, and the same load again."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from benchmarks import report, servers
from benchmarks.measure import Cost, run, typical
from benchmarks.report import Goal
from benchmarks.scale import Scale
from benchmarks.wide import Wide

COLUMNS = (
    *("records", "program", "wall s", "client CPU s", "server CPU s", "peak MB", "WAL MB"),
    *("rows rewritten", "wall to the floor's"),
)

INTRODUCTION = """\
Column records of a database with wide tables, as tap-postgres writes them. The floor sends a
ready file by COPY to a table like the catalog's, with its primary key; the ratio is the median of
the rounds' ratios. Each first load goes to an empty catalog; between it and the second, identical
one comes a checkpoint, after which PostgreSQL logs each page whole that it touches. WAL is counted
for the whole server, so autovacuum is off."""

REWRITTEN = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
FROM pg_stat_user_tables
WHERE schemaname = 'catalog'
  AND relname IN ('systems', 'containers', 'tables', 'columns', 'constraints', 'indexes', 'lineage')
"""

FLOOR_TABLE = """
CREATE TABLE floor (LIKE catalog.columns INCLUDING DEFAULTS, PRIMARY KEY (connector_id, urn))
"""


@dataclass(frozen=True)
class Round:
    """One round at one size."""

    first: Cost
    floor: Cost
    again: Cost
    rewritten: float

    @property
    def ratio(self) -> float:
        """Wall time of the first load, to the floor's."""
        return self.first.wall / self.floor.wall


@dataclass(frozen=True)
class Size:
    """All rounds at one size."""

    records: int
    rounds: list[Round]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(one.ratio for one in self.rounds)

    @property
    def memory(self) -> float:
        """The most that the target took."""
        return max(max(one.first.memory, one.again.memory) for one in self.rounds)


def section(scale: Scale) -> str:
    """Measure loads of each size."""
    with servers.postgres() as server, tempfile.TemporaryDirectory() as folder:
        server.stop_autovacuum()
        wide = Wide(server, Path(folder))
        sizes = [
            Size(records, [_round(wide, records) for _ in range(scale.rounds)])
            for records in scale.records
        ]
    rows = (row for size in sizes for row in _rows(size))
    introduction = f"{INTRODUCTION} Medians of {scale.rounds} rounds."
    parts = ("## Target", introduction, report.table(COLUMNS, rows), report.goals(_goals(sizes)))
    return "\n\n".join(parts)


def _round(wide: Wide, records: int) -> Round:
    server, lines = wide.server, wide.lines(records)
    with wide.catalog() as catalog:
        target = wide.target(catalog)
        first = run(target, server=server, given=lines)
        before = _rewritten(server.url(catalog))
        server.ask("CHECKPOINT")
        again = run(target, server=server, given=lines)
        rewritten = _rewritten(server.url(catalog)) - before
        file = _ready_file(server.url(catalog), wide.folder / "columns.copy")
        copy = (sys.executable, "-m", "benchmarks.copy_file", server.url(catalog), "floor")
        floor = run(copy, server=server, given=file)
    return Round(first, floor, again, rewritten)


def _rewritten(url: str) -> float:
    """How many rows of the catalog were written so far."""
    with psycopg.connect(url) as connection:
        row = connection.execute(REWRITTEN.encode()).fetchone()
    return float(row[0]) if row else 0.0


def _ready_file(url: str, file: Path) -> Path:
    """The loaded columns as COPY writes them, and an empty table to copy them to."""
    with (
        psycopg.connect(url, autocommit=True) as connection,
        connection.cursor() as cursor,
        file.open("wb") as out,
    ):
        cursor.execute(FLOOR_TABLE.encode())
        with cursor.copy(b"COPY catalog.columns TO STDOUT") as copy:
            for block in copy:
                out.write(block)
        cursor.execute("CHECKPOINT")
    return file


def _rows(size: Size) -> Iterator[tuple[str, ...]]:
    floor, first, again = (
        typical([getattr(one, name) for one in size.rounds]) for name in ("floor", "first", "again")
    )
    rewritten = f"{max(one.rewritten for one in size.rounds):,.0f}"
    number = f"{size.records:,}"
    yield (number, "floor: COPY of a ready file", *report.figures(floor), "", "")
    yield (number, "target-catalog, first load", *report.figures(first), "", f"{size.ratio:.2f}")
    yield (number, "target-catalog, the same again", *report.figures(again), rewritten, "")


def _goals(sizes: list[Size]) -> Iterator[Goal]:
    middle, largest = sizes[-2:]
    again = typical([one.again for one in largest.rounds])
    of = f"target-catalog, {largest.records:,} records"
    yield Goal(f"{of}: wall of the first load, to COPY's", largest.ratio, 2.0)
    rewritten = max(one.rewritten for one in largest.rounds)
    yield Goal(f"{of}, the same again: rows rewritten", rewritten, 0)
    yield Goal(f"{of}, the same again: WAL MB", again.wal, 2)
    yield Goal(f"{of}: peak MB", largest.memory, 150)
    growth = largest.memory / middle.memory
    yield Goal(f"{of}: peak memory, to that at {middle.records:,}", growth, 1.1)
