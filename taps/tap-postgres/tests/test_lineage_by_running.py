"""An oracle for lineage: change the values of one column, and look which columns of views change.

A column of a view may only change when an edge says that the changed column reaches it, or reaches
the view's rows; and each edge must be seen at work.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import psycopg
import pytest
import view_lineage
from psycopg import sql

from songbook.records import Lineage
from tap_postgres.rule_tree import KNOWN_MAJORS

GENERATED = 50
SEED = 20261122
TURNS = 10
DEAD_BY_CHANCE = 0.02
"""The share of edges that random values may fail to show at work, such as one past an EXCEPT."""

ROWS = 10

TABLES = {"t": ("id", "a", "b", "c"), "u": ("id", "a", "d"), "w": ("k", "b", "d")}
Column: TypeAlias = tuple[str, str]
COLUMNS: list[Column] = [(table, column) for table, columns in TABLES.items() for column in columns]
Outputs: TypeAlias = dict[str, list[Any]]


class Reach(NamedTuple):
    """What the edges of a view say: which columns reach which output, and which its rows."""

    outputs: Mapping[str, set[Column]]
    rows: set[Column]
    unchanged: Mapping[str, set[Column]]
    """The outputs whose values are all taken as they are, and from where."""


class Writer:
    """Writes random queries over the tables, in which everything counts for the result."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # reproducible on purpose
        self._names = 0

    def view(self) -> str:
        """A query with columns k1, k2."""
        return self._random.choice(
            [
                self.joined,
                self.grouped,
                self.united,
                self.common,
                self.windowed,
                self.nested,
                self.correlated,
            ]
        )()

    def source(self) -> tuple[str, list[str]]:
        """Something to put in FROM, and the columns it offers."""
        self._names += 1
        alias = f"x{self._names}"
        if self._names < 3 and self._random.random() < 0.3:
            query = self._random.choice([self.joined, self.grouped, self.united])()
            return f"({query}) AS {alias}", [f"{alias}.k1", f"{alias}.k2"]
        table = self._random.choice(sorted(TABLES))
        return f"s.{table} AS {alias}", [f"{alias}.{column}" for column in TABLES[table]]

    def value(self, columns: list[str]) -> str:
        one, two = self._random.sample(columns, 2)
        three = self._random.choice([column for column in columns if column != two])
        return self._random.choice(
            [
                one,
                one,
                f"({one} + 2 * {two}) % 6",
                f"CASE WHEN {one} % 2 = 0 THEN {two} ELSE {three} END",
                f"coalesce(nullif({one}, 2), {two})",
                f"greatest({one}, {two})",
                f"(ARRAY[{two}, {three}])[1 + abs({one}) % 2]",
                f"abs({one} - 3)",
            ]
        )

    def condition(self, columns: list[str]) -> str:
        one, two = (self._random.choice(columns) for _ in range(2))
        return self._random.choice(
            [
                f"{one} % 3 <> 1",
                f"{one} >= {two} - 1",
                f"{one} IN (SELECT id FROM s.u WHERE d <> 2)",
            ]
        )

    def joined(self) -> str:
        (left, of_left), (right, of_right) = self.source(), self.source()
        kind = self._random.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN"])
        on = f"{self._random.choice(of_left)} = {self._random.choice(of_right)}"
        both = of_left + of_right
        return (
            f"SELECT {self.value(both)} AS k1, {self.value(both)} AS k2"
            f" FROM {left} {kind} {right} ON {on}"
            + self._random.choice(["", f" WHERE {self.condition(both)}"])
        )

    def grouped(self) -> str:
        source, columns = self.source()
        key = self.value(columns)
        total = self._random.choice(["sum({})", "max({})", "sum({}) FILTER (WHERE {} % 2 = 0)"])
        total = total.format(self._random.choice(columns), self._random.choice(columns))
        having = self._random.choice(["", f" HAVING count(*) + min({columns[0]}) > 1"])
        return f"SELECT {key} AS k1, {total} AS k2 FROM {source} GROUP BY {key}{having}"

    def united(self) -> str:
        (left, of_left), (right, of_right) = self.source(), self.source()
        operation = self._random.choice(["UNION ALL", "UNION", "INTERSECT", "EXCEPT ALL", "EXCEPT"])
        return (
            f"SELECT {of_left[0]} AS k1, {self.value(of_left)} AS k2 FROM {left} {operation}"
            f" SELECT {of_right[0]}, {self.value(of_right)} FROM {right}"
        )

    def common(self) -> str:
        source, columns = self.source()
        return (
            f"WITH q (n, m) AS (SELECT {self.value(columns)}, {self.value(columns)} FROM {source})"
            f" SELECT q.n AS k1, z.m AS k2 FROM q JOIN q AS z ON z.n = q.m"
        )

    def windowed(self) -> str:
        source, columns = self.source()
        one, two, three = (self._random.choice(columns) for _ in range(3))
        call = self._random.choice([f"sum({one})", f"max({one})", "rank()"])
        return (
            f"SELECT {call} OVER (PARTITION BY {two} % 2 ORDER BY {three}) AS k1,"
            f" {columns[0]} AS k2 FROM {source}"
        )

    def nested(self) -> str:
        source, columns = self.source()
        return (
            f"SELECT (q.r).n AS k1, l.s AS k2 FROM"
            f" (SELECT z AS r FROM (SELECT {self.value(columns)} AS n,"
            f" {self.value(columns)} AS m FROM {source}) z) q,"
            f" LATERAL (SELECT (q.r).m + d AS s FROM s.u WHERE u.id = (q.r).n) l"
        )

    def correlated(self) -> str:
        source, columns = self.source()
        one, two, three = (self._random.choice(columns) for _ in range(3))
        return (
            f"SELECT (SELECT sum(a) FROM s.u WHERE u.id = {one}) AS k1, {self.value(columns)} AS k2"
            f" FROM {source} WHERE EXISTS "
            f"(SELECT FROM s.w WHERE w.k <= {two} AND w.b % 2 = {three} % 2)"
        )


def build(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE SCHEMA s")
    for table, columns in TABLES.items():
        declared = ", ".join(f"{column} int" for column in columns)
        connection.execute(f"CREATE TABLE s.{table} (row_number int, {declared})")
        connection.execute(f"INSERT INTO s.{table} SELECT generate_series(1, {ROWS})")


def fill(connection: psycopg.Connection[Any], chance: random.Random, column: Column) -> None:
    table, name = column
    values = [chance.randrange(6) for _ in range(ROWS)]
    connection.execute(f"UPDATE s.{table} SET {name} = (%s::int[])[row_number]", [values])


def values_of(connection: psycopg.Connection[Any], column: Column) -> list[Any]:
    table, name = column
    return [value for (value,) in connection.execute(f"SELECT {name} FROM s.{table}")]


def reaches(connection: psycopg.Connection[Any]) -> dict[str, Reach]:
    found = {}
    for row in view_lineage.rows(connection):
        edges, told = view_lineage.read(row, connection.info.server_version // 10000)
        assert not told
        found[row["path"][-1]] = reach_of([name for _, name in row["columns"]], edges)
    return found


def reach_of(outputs: list[str], edges: list[Lineage]) -> Reach:
    columns = [edge for edge in edges if edge.granularity == "column"]

    def upstream(output: str | None, kind: str | None = None) -> set[Column]:
        return {
            (str(it.upstream_urn).rsplit("/", 1)[1], str(it.upstream_field))
            for it in columns
            if it.downstream_field == output and kind in (None, it.transformation_type)
        }

    changed = {
        it.downstream_field
        for it in columns
        if it.transformation_subtype in ("TRANSFORMATION", "AGGREGATION")
    }
    return Reach(
        {output: upstream(output) for output in outputs},
        upstream(None),
        {
            it: upstream(it, "DIRECT")
            for it in outputs
            if it not in changed and upstream(it, "DIRECT")
        },
    )


def results(connection: psycopg.Connection[Any], views: list[str]) -> Outputs:
    return {
        view: connection.execute(
            sql.SQL("SELECT * FROM s.{} ORDER BY 1, 2").format(sql.Identifier(view))
        ).fetchall()
        for view in views
    }


def fill_all(connection: psycopg.Connection[Any], chance: random.Random) -> None:
    for column in COLUMNS:
        fill(connection, chance, column)


def changes(
    connection: psycopg.Connection[Any], views: list[str]
) -> Iterator[tuple[Column, Outputs, Outputs]]:
    """Fill the tables at random, and give one column after the other other values: both results."""
    chance = random.Random(SEED)  # reproducible on purpose
    for _ in range(TURNS):
        fill_all(connection, chance)
        before = results(connection, views)
        for column in COLUMNS:
            with connection.transaction(force_rollback=True):
                fill(connection, chance, column)
                yield column, before, results(connection, views)


def changed_outputs(before: list[Any], after: list[Any], outputs: Mapping[str, Any]) -> set[str]:
    """The columns of a view that hold other values, in whatever order."""
    return {
        output
        for number, output in enumerate(outputs)
        if Counter(row[number] for row in before) != Counter(row[number] for row in after)
    }


@pytest.fixture(scope="module", params=KNOWN_MAJORS)
def generated(
    request: Any, servers: Any
) -> Iterator[tuple[psycopg.Connection[Any], dict[str, str]]]:
    """A database of each version with generated views, and their queries."""
    server = servers[request.param]
    queries = {f"v{number}": Writer(SEED + number).view() for number in range(GENERATED)}
    with psycopg.connect(server.url(server.create_database()), autocommit=True) as connection:
        build(connection)
        for name, query in queries.items():
            connection.execute(f"CREATE VIEW s.{name} AS {query}")
        yield connection, queries


def test_only_what_an_edge_reaches_changes_and_all_of_it_does(generated: Any) -> None:
    connection, queries = generated
    reach = reaches(connection)
    unseen = {
        (name, output, column)
        for name, it in reach.items()
        for output, columns in {**it.outputs, "*": it.rows}.items()
        for column in columns
    }
    total = len(unseen)
    for column, before, after in changes(connection, list(queries)):
        for name, it in reach.items():
            changed = changed_outputs(before[name], after[name], it.outputs)
            told = {output for output, columns in it.outputs.items() if column in columns}
            assert changed <= told or column in it.rows, (queries[name], column, changed)
            if before[name] != after[name]:
                assert told or column in it.rows, (queries[name], column)
                unseen.discard((name, "*", column))
            unseen -= {(name, output, column) for output in changed}
    assert len(unseen) <= total * DEAD_BY_CHANCE, {queries[name]: it for name, *it in unseen}


def test_identities_hold_values_of_their_columns(generated: Any) -> None:
    connection, queries = generated
    reach = reaches(connection)
    assert sum(len(it.unchanged) for it in reach.values()) > GENERATED / 4
    chance = random.Random(SEED)  # reproducible on purpose
    for _ in range(TURNS):
        fill_all(connection, chance)
        held = {column: set(values_of(connection, column)) for column in COLUMNS}
        for name, rows in results(connection, list(queries)).items():
            for output, columns in reach[name].unchanged.items():
                number = list(reach[name].outputs).index(output)
                shown = {row[number] for row in rows} - {None}
                assert shown <= set().union(*map(held.__getitem__, columns)), (
                    queries[name],
                    output,
                )
