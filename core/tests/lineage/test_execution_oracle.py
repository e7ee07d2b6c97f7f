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
from random_queries import NUMBER, TABLES, Query, Writer
from worlds import Database, DuckDb, Postgres, World

from songbook.lineage.sql import analyze

SEED = int(os.environ.get("SONGBOOK_ORACLE_SEED", "20261122"))
QUERIES = int(os.environ.get("SONGBOOK_ORACLE_QUERIES", "150"))
DEAD_BY_CHANCE = 0.01
"""The share of edges that random values may fail to show at work, such as one past an EXCEPT."""

CASES = Path(__file__).with_name("cases")
OUTPUTS = ["k1", "k2"]
SCHEMA = {f"db.s.{table}": [*columns, NUMBER] for table, columns in TABLES.items()}


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
    tables = {table: dict.fromkeys(columns, "int") for table, columns in TABLES.items()}
    return World(database, "world", tables, SEED, NUMBER)


def random_query(number: int) -> Query:
    """Later ones are deeper."""
    return Writer(SEED * 1_000_003 + number, depth=1 + number * 3 // QUERIES).query()


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
    for query in map(random_query, range(QUERIES)):
        told = reach_of(query, database.dialect)
        missing, never = unexplained(world, query, told, OUTPUTS)
        bad = [*missing, *invented(world, query, told, OUTPUTS)]
        edges += len(told.edges())
        wrong += ["\n    ".join([query.sql, *bad])] if bad else []
        unseen += [f"{edge} in {query.sql}" for edge in sorted(never)]
    assert edges > 5 * QUERIES
    assert not wrong, "\n".join(wrong)
    assert len(unseen) <= edges * DEAD_BY_CHANCE, "\n".join(unseen)


def test_without_a_schema_the_same_comes_out(database: Database) -> None:
    """The random queries qualify their columns; only stars and merged columns need a schema."""
    compared = 0
    for query in map(random_query, range(QUERIES)):
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
    assert compared > QUERIES * 0.8


def test_cases_that_can_run(database: Database) -> None:
    wrong = []
    for number, case in enumerate(runnable(database.dialect)):
        found = analyze(
            case.sql, dialect=case.dialect, default_database=case.default_database,
            default_schema=case.default_schema, schema=case.schema,
        )  # fmt: skip
        world = World(database, f"case_{number}", case.run, SEED)
        outputs = world.outputs(case.sql)
        told = reach(found, outputs)
        query = Query(case.sql, keyed=False, distinct="DISTINCT" in case.sql)
        missing, never = unexplained(world, query, told, outputs)
        bad = sorted([*missing, *never, *invented(world, query, told, outputs)])
        wrong += ["\n    ".join([case.name, *bad])] if bad else []
    assert not wrong, "\n".join(wrong)
