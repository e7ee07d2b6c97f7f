"""The whole pipe, tap and target, against a bare loader of the same bytes."""

from __future__ import annotations

import sys
import tempfile
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
    *("CPU of the programs, to the floor's", "records a CPU second"),
)

INTRODUCTION = """\
Column records of a database with wide tables, from the source to an empty catalog. The floor
takes the tap's lines from a file: decoded by msgspec, validated by the compiled schema, and sent
by COPY to a table like the catalog's, with a primary key. CPU is that of the programs; the
pipe's server also answers the tap's questions."""

FLOOR_TABLE = """
CREATE TABLE floor (LIKE catalog.columns INCLUDING DEFAULTS, PRIMARY KEY (urn));
ALTER TABLE floor DROP COLUMN connector_id, DROP COLUMN first_seen_at, DROP COLUMN changed_at;
"""


def section(scale: Scale) -> str:
    """Measure the pipe at the largest size."""
    records = scale.records[-1]
    with servers.postgres() as server, tempfile.TemporaryDirectory() as folder:
        wide = Wide(server, Path(folder))
        wide.lines(records)
        pairs = [(_whole(wide, records), _bare(wide, records)) for _ in range(scale.rounds)]
    ratio = median(whole.client / bare.client for whole, bare in pairs)
    whole, bare = (typical(costs) for costs in zip(*pairs, strict=True))
    rows = (
        _row(records, "floor: msgspec, validator, COPY", bare, ""),
        _row(records, "tap-postgres and target-catalog", whole, f"{ratio:.2f}"),
    )
    of = f"the pipe, {records:,} records"
    goals = (
        Goal(f"{of}: CPU of the programs, to the floor's", ratio, 2.5),
        Goal(f"{of}: records a CPU second of the programs", records / whole.client, 20_000, True),
    )
    introduction = f"{INTRODUCTION} Medians of {scale.rounds} rounds."
    parts = ("## Pipe", introduction, report.table(COLUMNS, rows), report.goals(goals))
    return "\n\n".join(parts)


def _whole(wide: Wide, records: int) -> Cost:
    with wide.catalog() as catalog:
        return run(wide.tap(records), wide.target(catalog), server=wide.server)


def _bare(wide: Wide, records: int) -> Cost:
    with wide.catalog() as catalog:
        url = wide.server.url(catalog)
        with psycopg.connect(url) as connection:
            connection.execute(FLOOR_TABLE.encode())
        loader = (sys.executable, "-m", "benchmarks.bare_load", url, "floor")
        return run(loader, server=wide.server, given=wide.lines(records))


def _row(records: int, program: str, cost: Cost, ratio: str) -> tuple[str, ...]:
    rate = f"{records / cost.client:,.0f}"
    return (f"{records:,}", program, *report.figures(cost), ratio, rate)
