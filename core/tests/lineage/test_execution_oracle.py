"""An oracle for lineage: change the values of one column, and look which outputs change.

An output may only change when an edge says that the changed column reaches it, or decides about the
rows; and each edge must be seen at work. The seed and the number of queries come from the
environment for long runs by hand (SONGBOOK_ORACLE_SEED, SONGBOOK_ORACLE_QUERIES).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from random_queries import NUMBER, TABLES, Query, Writer
from worlds import Column, Database, DuckDb, Postgres, Rows, World

from songbook.lineage.sql import SqlLineage, analyze

SEED = int(os.environ.get("SONGBOOK_ORACLE_SEED", "20261122"))
QUERIES = int(os.environ.get("SONGBOOK_ORACLE_QUERIES", "150"))
FILLINGS = 3
"""How many fillings every query sees; those whose edges are not all seen at work get more."""
MOST_FILLINGS = 40
DEAD_BY_CHANCE = 0.01
"""The share of edges that random values may fail to show at work, such as one past an EXCEPT."""

OUTPUTS = ("k1", "k2")
SCHEMA = {f"db.s.{table}": [*columns, NUMBER] for table, columns in TABLES.items()}


@dataclass(frozen=True)
class Reach:
    """What the edges say: which columns reach which output, and which decide about the rows."""

    outputs: Mapping[str, set[Column]]
    rows: set[Column]
    copies: Mapping[str, set[Column]]
    """The outputs whose values are all taken as they are, and from where."""


def reach(found: SqlLineage, outputs: Sequence[str]) -> Reach:
    assert not found.errors, found.errors
    edges = [*found.columns, *found.indirect]

    def upstream(output: str | None) -> set[Column]:
        ends = [(it.upstream_table.rpartition(".")[2], it.upstream_column)
                for it in edges if it.downstream_column == output]  # fmt: skip
        return {column for column in ends if column[1] != NUMBER}

    changed = {it.downstream_column for it in found.columns if it.subtype != "IDENTITY"}
    copied = {it.downstream_column for it in found.columns} - changed
    return Reach(
        {output: upstream(output) for output in outputs},
        upstream(None),
        {output: upstream(output) for output in outputs if output in copied},
    )


def changed_outputs(query: Query, before: Rows, after: Rows, counts: bool) -> set[str]:
    """The outputs with other values: row by row where the rows have names and are still the same;
    else in whatever order, if the column may not even decide about the rows (`counts`)."""
    if query.keyed and sorted(row[2] for row in before) == sorted(row[2] for row in after):
        by_key = {row[2]: row for row in before}, {row[2]: row for row in after}
        assert len(by_key[0]) == len(before), "keys do not name the rows"
        return {
            name
            for position, name in enumerate(OUTPUTS)
            if any(by_key[0][key][position] != by_key[1][key][position] for key in by_key[0])
        }
    return set() if counts else changed_as_bags(before, after, OUTPUTS, query.distinct)


def changed_as_bags(
    before: Rows, after: Rows, outputs: Sequence[str], distinct: bool = False
) -> set[str]:
    collect: Any = set if distinct else lambda values: Counter(map(str, values))
    return {
        name
        for position, name in enumerate(outputs)
        if collect(row[position] for row in before) != collect(row[position] for row in after)
    }


def unexplained(world: World, query: Query, told: Reach) -> Iterator[str]:
    """Outputs that change without an edge, then edges that are never seen at work."""
    waiting = {(output, column) for output, all_ in told.outputs.items() for column in all_}
    if not query.distinct:  # often a row that is lost was there twice
        waiting |= {("*", column) for column in told.rows}
    for filling in range(MOST_FILLINGS):
        if filling >= FILLINGS and not waiting:
            break
        before = world.before(query.sql, filling)
        columns = world.columns() if filling < FILLINGS else {column for _, column in waiting}
        for column in list(columns):
            after = world.after(query.sql, filling, column)
            explained = {output for output, all_ in told.outputs.items() if column in all_}
            changed = changed_outputs(query, before, after, counts=column in told.rows)
            for output in sorted(changed - explained):
                yield f"no edge {'.'.join(column)} -> {output}"
            if before != after:
                waiting.discard(("*", column))
            waiting -= {(it, column) for it in changed_as_bags(before, after, OUTPUTS) | changed}
    yield from (f"never seen {'.'.join(column)} -> {output}" for output, column in sorted(waiting))


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


def test_random_queries(database: Database, world: World) -> None:
    wrong: list[str] = []
    edges = unseen = 0
    for number in range(QUERIES):
        query = random_query(number)
        found = analyze(
            query.sql, dialect=database.dialect, default_database="db", default_schema="s",
            schema=SCHEMA,
        )  # fmt: skip
        if found.errors:
            wrong.append(f"{query.sql}\n    errors: {found.errors}")
            continue
        told = reach(found, OUTPUTS)
        problems = list(dict.fromkeys(unexplained(world, query, told)))
        edges += len(told.rows) + sum(map(len, told.outputs.values()))
        unseen += sum(problem.startswith("never") for problem in problems)
        if problems:
            wrong.append("\n    ".join([query.sql, *problems]))
    missing = [it for it in wrong if "no edge" in it or "errors:" in it]
    assert edges > 10 * QUERIES
    assert not missing, "\n".join(missing)
    assert unseen <= edges * DEAD_BY_CHANCE, "\n".join(wrong)
