"""Stitching and graph queries over a catalog of 1,000,000 edges.

The catalog is a warehouse of layers: each table is made from two of the layer below, each column
from two columns of each. A tenth of the last layer's tables are read by dashboards that name them
in their own words.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec
import psutil
import psycopg
from psycopg import sql

from benchmarks import report, servers, sources
from benchmarks.measure import run
from benchmarks.scale import Scale
from songbook.contract import schema_of
from songbook.identifiers import SNOWFLAKE
from songbook.lineage import edge
from songbook.records import Column, Coverage, Lineage, Record, System, Table, UpstreamRef
from target_catalog import resolve
from target_catalog.database import Connection
from target_catalog.statements import statement

BIN = Path(sys.executable).parent
WAREHOUSE = "snowflake://org-bench"
SCOPE = f"{WAREHOUSE}/DW"
COLUMNS = 10
"""A table."""
ROUNDS = 7


@dataclass(frozen=True)
class Row:
    """One line of the report: wall time and CPU time in seconds."""

    what: str
    of: str
    wall: float
    cpu: float


@dataclass(frozen=True)
class Warehouse:
    """What is built: so many layers of so many tables."""

    layers: int
    tables: int

    def table(self, layer: int, number: int) -> str:
        """The URN of a table."""
        return f"{SCOPE}/L{layer}/T{number % self.tables}"

    def records(self) -> Iterator[Record]:
        """The warehouse as a tap would write it."""
        yield System(namespace=WAREHOUSE, platform="snowflake", identifiers=SNOWFLAKE.as_dict())
        places = [(layer, number) for layer in range(self.layers) for number in range(self.tables)]
        for layer, number in places:
            yield Table(
                urn=self.table(layer, number),
                name=f"T{number}",
                container_urn=f"{SCOPE}/L{layer}",
                table_type="table" if layer == 0 else "view",
            )
        for layer, number in places:
            yield from _columns(self.table(layer, number))
        edges = [
            made for layer, number in places[self.tables :] for made in self._edges(layer, number)
        ]
        yield from edges
        for stream, scope, extracted in (
            ("systems", WAREHOUSE, 1),
            ("tables", SCOPE, len(places)),
            ("columns", SCOPE, len(places) * COLUMNS),
            ("lineage", SCOPE, len(edges)),
        ):
            yield Coverage(stream=stream, scope_urn=scope, complete=True, extracted=extracted)

    def _edges(self, layer: int, number: int) -> Iterator[Lineage]:
        """Of a view: two tables, and of each column two of each; some in a tap's own words."""
        whole = self.table(layer, number)
        for far in (0, 1 + (number * 7 + layer) % (self.tables - 1)):
            base = (number + far) % self.tables
            named = number % 10 == 0
            reference = UpstreamRef(
                platform="snowflake", account="ORG-BENCH", database="dw", schema=f"l{layer - 1}",
                table=f"t{base}",
            )  # fmt: skip
            upstream = {
                "upstream_urn": None if named else self.table(layer - 1, base),
                "upstream_ref": reference if named else None,
            }
            common = {"asserted_by": whole, "origin": "view_definition", "downstream_urn": whole}
            yield edge(**common, **upstream, granularity="table")  # type: ignore[arg-type]
            for column in range(COLUMNS):
                for other in (column, (column + 1) % COLUMNS):
                    yield edge(
                        **common,  # type: ignore[arg-type]
                        **upstream,  # type: ignore[arg-type]
                        downstream_field=f"C{column}",
                        upstream_field=f"C{other}",
                        granularity="column",
                        transformation_type="DIRECT",
                        transformation_subtype="TRANSFORMATION",
                    )


def section(scale: Scale) -> str:
    """Load the catalog, ask it, and say what was found."""
    warehouse = Warehouse(*scale.warehouse)
    with servers.postgres() as server, tempfile.TemporaryDirectory() as folder:
        rows = list(_measure(server, warehouse, Path(folder)))
    return "\n".join(
        [_head(warehouse), report.table(("what", "of", "wall s", "CPU s"), map(_line, rows))]
    )


def _measure(server: servers.Postgres, warehouse: Warehouse, folder: Path) -> Iterator[Row]:
    lines = folder / "lines.jsonl"
    edges = _write(lines, warehouse)
    catalog = server.url(server.create_database())
    settings = sources.written(folder / "target.json", {"database_url": catalog})
    target = (BIN / "target-catalog", "--config", settings)
    for what, of in (("first load", f"{edges:,} edges"), ("the same again", "nothing changed")):
        cost = run(target, server=server, given=lines)
        yield Row(what, of, cost.wall, cost.cpu)
    with psycopg.connect(catalog, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        yield Row("resolve", "nothing changed", *_timed(connection, _resolving(connection)))
        middle = warehouse.table(warehouse.layers // 2, 7)
        one = _resolving(connection, middle)
        yield Row("resolve", "one table changed", *_timed(connection, one))
        yield from _questions(connection, warehouse)


def _questions(connection: Connection, warehouse: Warehouse) -> Iterator[Row]:
    low, high = (warehouse.table(warehouse.layers * of // 5, 7) for of in (1, 4))
    for what, function, start, steps in (
        ("two hops down from a table", "downstream", low, 2),
        ("two hops up from a table", "upstream", high, 2),
        ("two hops down from a column", "downstream", f"{low}#C3", 2),
        ("two hops up from a column", "upstream", f"{high}#C3", 2),
        ("all that is made from a column", "downstream", f"{low}#C3", None),
        ("all that a column is made from", "upstream", f"{high}#C3", None),
        ("what breaks with a column", "impact", f"{low}#C3", None),
    ):
        query = sql.SQL("SELECT count(*) FROM catalog.{}(%s, %s)").format(sql.Identifier(function))

        def ask(query: sql.Composed = query, of: tuple[str, int | None] = (start, steps)) -> int:
            row = connection.execute(query, of).fetchone()
            return int(row[0]) if row else 0

        yield Row(what, f"{ask():,} reached", *_timed(connection, ask))


def _resolving(connection: Connection, changed: str | None = None) -> Callable[[], None]:
    """What resolving does after a run that changed one object, or none."""
    organizations = connection.execute("SELECT id FROM catalog.organizations").fetchall()

    def once() -> None:
        with connection.transaction(force_rollback=True):
            connection.execute(statement("stirred_table"))
            if changed:
                connection.execute("INSERT INTO stirred VALUES (%s)", (changed,))
            for (organization,) in organizations:
                resolve.Resolving(connection, organization).touched()

    return once


def _timed(connection: Connection, work: Callable[[], object]) -> tuple[float, float]:
    """Wall time, and CPU time of the connection's server process: medians."""
    server = psutil.Process(connection.info.backend_pid)
    costs = []
    for _ in range(ROUNDS):
        started, before = time.perf_counter(), sum(server.cpu_times()[:2])
        work()
        costs.append((time.perf_counter() - started, sum(server.cpu_times()[:2]) - before))
    walls, cpus = zip(*costs, strict=True)
    return median(walls), median(cpus)


def _write(file: Path, warehouse: Warehouse) -> int:
    """Write the messages; gives the number of edges."""
    encoder = msgspec.json.Encoder()
    counts: Counter[type[Record]] = Counter()
    with file.open("wb") as out:
        for record in warehouse.records():
            kind = type(record)
            if kind not in counts:
                schema = {"type": "SCHEMA", "stream": kind.STREAM, "schema": schema_of(kind)}
                out.write(encoder.encode(schema | {"key_properties": list(kind.KEY)}) + b"\n")
            counts[kind] += 1
            message = {"type": "RECORD", "stream": kind.STREAM, "record": record}
            out.write(encoder.encode(message) + b"\n")
    return counts[Lineage]


def _columns(whole: str) -> Iterator[Column]:
    for number in range(COLUMNS):
        name = f"C{number}"
        yield Column(
            urn=f"{whole}#{name}", name=name, table_urn=whole, field_path=name, data_type="TEXT"
        )


def _head(warehouse: Warehouse) -> str:
    tables = warehouse.layers * warehouse.tables
    return f"""## Stitching and the graph

{tables:,} tables with {tables * COLUMNS:,} columns, layer upon layer; loads once, all else medians
of {ROUNDS}. CPU is of client and server for loads, else of the server.
"""


def _line(row: Row) -> tuple[str, ...]:
    return row.what, row.of, f"{row.wall:.3f}", f"{row.cpu:.2f}"
