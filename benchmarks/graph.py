"""Stitching and graph queries at 1,000,000 edges: `python -m benchmarks graph` writes the section.

The catalog is a warehouse of layers: each table is made from two of the layer below, each column
from two columns of each. A tenth of the last layer's tables are read by dashboards that name them
in their own words.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec
import psycopg

from songbook.contract import schema_of
from songbook.identifiers import SNOWFLAKE
from songbook.lineage import edge
from songbook.records import Column, Coverage, Lineage, Record, System, Table, UpstreamRef
from target_catalog import embedded, resolve
from target_catalog.statements import statement

BIN = Path(sys.executable).parent
WAREHOUSE = "snowflake://org-bench"
SCOPE = f"{WAREHOUSE}/DW"
LAYERS = 25
TABLES = 1000
"""A layer."""
COLUMNS = 10
"""A table."""
ROUNDS = 7


@dataclass(frozen=True)
class Row:
    """One line of the report: seconds, and what they were spent on."""

    what: str
    size: str
    seconds: float


def main() -> str:
    """Load the catalog, ask it, and give the section of RESULTS.md."""
    with tempfile.TemporaryDirectory(prefix="songbook-bench-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        with embedded.running(Path(folder) / "home") as server:
            return report(list(_measure(server.url(), Path(folder))))


def _measure(url: str, folder: Path) -> Iterator[Row]:
    lines = folder / "lines.jsonl"
    _write(lines)
    yield Row("first load, resolved", "1,020,000 edges", _load(url, lines))
    yield Row("the same again", "nothing changed", _load(url, lines))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        yield Row("resolve alone", "nothing changed", _resolve(connection))
        stirred = "INSERT INTO stirred VALUES (%s)"
        yield Row("resolve alone", "one table changed", _resolve(connection, stirred, table(12, 7)))
        yield from _questions(connection)


def _questions(connection: psycopg.Connection) -> Iterator[Row]:
    base = LAYERS - 1
    for what, function, start, steps in (
        ("two hops down from a table", "downstream", table(3, 7), 2),
        ("two hops up from a table", "upstream", table(20, 7), 2),
        ("two hops down from a column", "downstream", f"{table(3, 7)}#C3", 2),
        ("two hops up from a column", "upstream", f"{table(20, 7)}#C3", 2),
        ("everything below a column", "downstream", f"{table(9, 7)}#C3", None),
        ("everything above a column", "upstream", f"{table(base - 9, 7)}#C3", None),
        ("what breaks with a column", "impact", f"{table(9, 7)}#C3", None),
    ):
        query = f"SELECT count(*) FROM catalog.{function}(%s, %s)"

        def ask(query: str = query, start: str = start, steps: int | None = steps) -> int:
            row = connection.execute(query.encode(), (start, steps)).fetchone()
            return int(row[0]) if row else 0

        yield Row(what, f"{ask():,} rows", _timed(ask))


def _timed(ask: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def _resolve(connection: psycopg.Connection, stir: str | None = None, urn: str = "") -> float:
    row = connection.execute("SELECT id FROM catalog.organizations").fetchone()
    assert row is not None

    def once() -> None:
        with connection.transaction(force_rollback=True):
            connection.execute(statement("stirred_table"))
            if stir:
                connection.execute(stir.encode(), (urn,))
            resolve.Resolving(connection, row[0]).touched()

    return _timed(once)


def _load(url: str, lines: Path) -> float:
    started = time.perf_counter()
    with lines.open("rb") as given:
        command = [BIN / "target-catalog", "--config", "ENV"]
        environment = {"TARGET_CATALOG_DATABASE_URL": url}
        subprocess.run(command, stdin=given, env=environment, check=True)
    return time.perf_counter() - started


def _write(file: Path) -> None:
    encoder = msgspec.json.Encoder()
    announced: set[type[Record]] = set()
    with file.open("wb") as out:
        for record in records():
            kind = type(record)
            if kind not in announced:
                announced.add(kind)
                schema = {"type": "SCHEMA", "stream": kind.STREAM, "schema": schema_of(kind)}
                out.write(json.dumps(schema | {"key_properties": list(kind.KEY)}).encode() + b"\n")
            message = {"type": "RECORD", "stream": kind.STREAM, "record": record}
            out.write(encoder.encode(message) + b"\n")


def table(layer: int, number: int) -> str:
    """The URN of a table."""
    return f"{SCOPE}/L{layer}/T{number % TABLES}"


def records() -> Iterator[Record]:
    """The warehouse as a tap would write it."""
    yield System(namespace=WAREHOUSE, platform="snowflake", identifiers=SNOWFLAKE.as_dict())
    places = [(layer, number) for layer in range(LAYERS) for number in range(TABLES)]
    for layer, number in places:
        yield Table(
            urn=table(layer, number),
            name=f"T{number}",
            container_urn=f"{SCOPE}/L{layer}",
            table_type="table" if layer == 0 else "view",
        )
    for layer, number in places:
        yield from _columns(table(layer, number))
    edges = 0
    for layer, number in places[TABLES:]:
        for made in _edges(layer, number):
            edges += 1
            yield made
    for stream, extracted in (
        ("tables", len(places)), ("columns", len(places) * COLUMNS), ("lineage", edges)
    ):  # fmt: skip
        yield Coverage(stream=stream, scope_urn=SCOPE, complete=True, extracted=extracted)


def _columns(whole: str) -> Iterator[Column]:
    for number in range(COLUMNS):
        name = f"C{number}"
        yield Column(
            urn=f"{whole}#{name}", name=name, table_urn=whole, field_path=name, data_type="TEXT"
        )


def _edges(layer: int, number: int) -> Iterator[Lineage]:
    """Of a view: two tables, and of each column two columns of each; some in a tap's own words."""
    whole = table(layer, number)
    for far in (0, 1 + (number * 7 + layer) % (TABLES - 1)):
        base = (number + far) % TABLES
        named = number % 10 == 0
        reference = UpstreamRef(
            platform="snowflake", account="ORG-BENCH", database="dw", schema=f"l{layer - 1}",
            table=f"t{base}",
        )  # fmt: skip
        upstream = {
            "upstream_urn": None if named else table(layer - 1, base),
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


def report(rows: list[Row]) -> str:
    """The section."""
    head = [
        "## Stitching and the graph",
        "",
        f"Written by `python -m benchmarks graph`: {LAYERS * TABLES:,} tables with"
        f" {LAYERS * TABLES * COLUMNS:,} columns; loads once, questions as medians of {ROUNDS}.",
        "",
        "| what | of | seconds |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *(f"| {r.what} | {r.size} | {r.seconds:.3f} |" for r in rows)]) + "\n"
