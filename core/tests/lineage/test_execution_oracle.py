"""An oracle for lineage: change the values of one column, and look which outputs change.

An output may only change when an edge says that the changed column reaches it, or decides about the
rows; and each edge must be seen at work. The seed and the number of random queries come from the
environment for long runs by hand (SONGBOOK_ORACLE_SEED, SONGBOOK_ORACLE_QUERIES).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import case_files
import psycopg
import pytest
from case_files import Case
from oracle import Reach, invented, reach, unexplained
from random_parts import COLUMNS, NUMBER, TARGET, Query
from random_queries import Writer
from random_writes import StatementWriter
from worlds import Database, DuckDb, Postgres, World

from songbook.lineage.sql import analyze

SEED = int(os.environ.get("SONGBOOK_ORACLE_SEED", "20261122"))
MANY = int(os.environ.get("SONGBOOK_ORACLE_QUERIES", "150"))
QUERIES = {"postgres": MANY, "duckdb": MANY // 4, "statements": MANY // 3}
"""DuckDB takes some milliseconds a query, however small."""
DEAD_BY_CHANCE = 0.05
"""The share of edges that random values may fail to show at work, such as one past an EXCEPT, or of
the conditions of a subquery whose value nobody uses."""

CASES = Path(__file__).with_name("cases")
OUTPUTS = ["k1", "k2"]
SCHEMA = {f"db.s.{table}": [*columns, NUMBER] for table, columns in {**COLUMNS, **TARGET}.items()}


@pytest.fixture(scope="module", params=["postgres", "duckdb"])
def database(request: Any, servers: Any) -> Iterator[Database]:
    if request.param == "duckdb":
        yield DuckDb()
        return
    server = servers[17]
    with psycopg.connect(server.url(server.create_database()), autocommit=True) as connection:
        yield Postgres(connection)


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database, "world", {**COLUMNS, **TARGET}, SEED, NUMBER)


def random_queries(dialect: str, hiding: bool = True) -> Iterator[Query]:
    """Later ones are deeper."""
    queries = QUERIES[dialect]
    for number in range(queries):
        yield Writer(SEED * 1_000_003 + number, 1 + number * 3 // queries, dialect, hiding).query()


def runnable(dialect: str) -> list[Case]:
    paths = sorted((CASES / dialect).glob("*.cases"))
    return [case for path in paths for case in case_files.read(path) if case.run]


def reach_of(query: Query, dialect: str) -> Reach:
    found = analyze(
        query.sql, dialect=dialect, default_database="db", default_schema="s", schema=SCHEMA
    )
    assert not found.errors, "\n".join([query.sql, *found.errors])
    return reach(found, OUTPUTS, ignored=NUMBER)


def test_random_queries(database: Database, world: World) -> None:
    wrong, unseen, edges = [], [], 0
    for query in random_queries(database.dialect):
        told = reach_of(query, database.dialect)
        missing, never = unexplained(world, query, told, OUTPUTS)
        bad = [*missing, *invented(world, query, told, OUTPUTS)]
        edges += len(told.edges())
        wrong += ["\n    ".join([query.sql, *bad])] if bad else []
        unseen += [f"{edge} in {query.sql}" for edge in sorted(never)]
    assert edges > 5 * QUERIES[database.dialect]
    assert not wrong, "\n".join(wrong)
    assert len(unseen) <= edges * DEAD_BY_CHANCE, "\n".join(unseen)


def test_without_a_schema_the_same_comes_out(database: Database) -> None:
    """Only stars, merged columns and some names without a table need one, and say so."""
    compared = 0
    for query in random_queries(database.dialect, hiding=False):
        found = [
            analyze(
                query.sql, dialect=database.dialect, default_database="db", default_schema="s",
                schema=schema,
            )
            for schema in (SCHEMA, None)
        ]  # fmt: skip
        if not found[1].errors:
            compared += 1
            assert found[0] == found[1], query.sql
    assert compared > QUERIES[database.dialect] * 0.7


def test_cases_that_can_run(database: Database) -> None:
    wrong = []
    cases = runnable(database.dialect)
    assert len(cases) > 10
    for number, case in enumerate(cases):
        found = analyze(
            case.sql, dialect=case.dialect, default_database=case.default_database,
            default_schema=case.default_schema, schema=case.schema,
        )  # fmt: skip
        world = World(database, f"case_{number}", case.run, SEED)
        outputs = world.outputs(case.sql)
        told = reach(found, outputs)
        query = Query(case.sql, keyed=False, distinct="DISTINCT" in case.sql)
        missing, never = unexplained(world, query, told, outputs)
        bad = sorted(missing | never)
        wrong += ["\n    ".join([case.name, case.sql, *bad])] if bad else []
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def written_world(servers: Any) -> Iterator[World]:
    server = servers[17]
    with psycopg.connect(server.url(server.create_database()), autocommit=True) as connection:
        yield World(Postgres(connection), "world", {**COLUMNS, **TARGET}, SEED, NUMBER)


def random_statements() -> Iterator[tuple[Query, list[str]]]:
    """Statements, and the columns that they write."""
    for number in range(QUERIES["statements"]):
        depth = 1 + number * 2 // QUERIES["statements"]
        writer = StatementWriter(SEED * 1_000_003 + number, depth)
        if number % 4:
            yield writer.statement(), list(TARGET["g"])
        else:
            yield writer.made(), OUTPUTS


def test_random_statements(written_world: World) -> None:
    wrong, unseen, edges = [], [], 0
    for statement, outputs in random_statements():
        found = analyze(
            statement.first, dialect="postgres", default_database="db", default_schema="s",
            schema=SCHEMA,
        )  # fmt: skip
        told = reach(found, outputs, ignored=NUMBER)
        missing, never = unexplained(written_world, statement, told, outputs)
        bad = sorted([*missing, *found.errors])
        if f"db.s.{statement.target}" not in found.tables_out:
            bad.append(f"out: {found.tables_out}")
        edges += len(told.edges())
        wrong += ["\n    ".join([statement.first, *bad])] if bad else []
        unseen += [f"{edge} in {statement.first}" for edge in sorted(never)]
    assert edges > 5 * QUERIES["statements"]
    assert not wrong, "\n".join(wrong)
    assert len(unseen) <= edges * DEAD_BY_CHANCE, "\n".join(unseen)
