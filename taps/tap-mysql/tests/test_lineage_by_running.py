"""An oracle for lineage: change the values of one column, and look which columns of views change.

A column of a view may only change when an edge says that the changed column reaches it, or decides
about the view's rows; and each edge must be seen at work.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pymysql
import pytest
from lineage_queries import TABLES, Writer
from mysql_servers import Server, quoted

from songbook import extract, urn
from songbook.records import Diagnostic, Lineage
from tap_mysql import connector

SEED = 20261122
GENERATED = 60
TURNS = 20
ROWS = 9
DEAD_BY_CHANCE = 0.03
"""The share of edges that may fail to show: of conditions without a choice, or by luck."""

KEY = "n"
"""The column of each table that stays as it is."""

WHOLE = None
"""Stands for the rows of a view, in place of one of its columns."""

Column: TypeAlias = tuple[str, str]
Edge: TypeAlias = tuple[str, str | None, Column]
"""A view, its column, and the column of a table that reaches it."""
Results: TypeAlias = Mapping[str, tuple[Sequence[str], Sequence[tuple[Any, ...]]]]
"""The names of the columns and the rows, by view."""

COLUMNS: list[Column] = [(table, column) for table, columns in TABLES.items() for column in columns]


@dataclass
class World:
    """Tables with random values, and views on them."""

    server: Server
    database: str
    views: list[str] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    values: dict[Column, list[int | None]] = field(default_factory=dict)

    def build(self) -> None:
        """Create the tables and all views that the server takes."""
        with self._cursor() as cursor:
            for table, columns in TABLES.items():
                listed = ", ".join(f"{column} int" for column in columns)
                cursor.execute(f"CREATE TABLE {table} (n int PRIMARY KEY, {listed})")
                for number in range(ROWS):
                    cursor.execute(f"INSERT INTO {table} (n) VALUES ({number})")
            for statement in _statements():
                cursor.execute(statement)
            cursor.execute("SHOW FULL TABLES WHERE table_type = 'VIEW'")
            self.views = [name for name, _ in cursor.fetchall()]

    def turn(self) -> Iterator[tuple[Column, Results, Results]]:
        """New values everywhere; then for each column the results before and after it changed."""
        for column in COLUMNS:
            self._fill(column)
        before = self._results()
        for column in COLUMNS:
            old = self.values[column]
            self._fill(column)
            yield column, before, self._results()
            self._fill(column, old)

    def _fill(self, column: Column, values: list[int | None] | None = None) -> None:
        table, name = column
        given = values or [self.dice.choice([0, 1, 2, 3, 4, 5, None]) for _ in range(ROWS)]
        self.values[column] = given
        cases = " ".join(
            f"WHEN {number} THEN {'NULL' if value is None else value}"
            for number, value in enumerate(given)
        )
        with self._cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {name} = CASE n {cases} END")

    def _results(self) -> Results:
        found = {}
        with self._cursor() as cursor:
            for view in self.views:
                cursor.execute(f"SELECT * FROM {quoted(view)}")
                found[view] = ([one[0] for one in cursor.description], cursor.fetchall())
        return found

    def _cursor(self) -> Any:
        if not hasattr(self, "_connection"):
            self._connection = self.server.connect(database=self.database)
        return self._connection.cursor()


def _statements() -> Iterator[str]:
    text = Path(__file__).with_name("lineage_views.sql").read_text(encoding="utf-8")
    yield from (one for one in text.split(";\n") if "CREATE VIEW" in one)
    for number in range(GENERATED):
        yield f"CREATE VIEW generated_{number} AS {Writer(SEED + number).query()}"


@pytest.fixture(scope="module")
def world(server: Server) -> Iterator[World]:
    world = World(server, server.create_database())
    world.build()
    yield world
    server.run(f"DROP DATABASE {world.database}")


@pytest.fixture(scope="module")
def edges(world: World) -> set[Edge]:
    """What the tap says of columns; everything that it meets here it must understand."""
    settings = world.server.settings(database=world.database)
    records = list(extract(connector, settings, ["lineage"]))
    assert [one.detail for one in records if isinstance(one, Diagnostic) and one.detail] == []
    return {
        _edge(one)
        for one in records
        if isinstance(one, Lineage) and one.upstream_field not in (None, KEY)
    }


def _edge(one: Lineage) -> Edge:
    view, table = urn.parse(one.downstream_urn).path[-1], urn.parse(str(one.upstream_urn)).path[-1]
    return view, one.downstream_field, (table, str(one.upstream_field))


def test_what_changes_is_what_the_edges_say(world: World, edges: set[Edge]) -> None:
    waiting, untold = set(edges), set()
    for _ in range(TURNS):
        for column, before, after in world.turn():
            for view in world.views:
                changed = _changed(before[view], after[view])
                waiting -= {(view, output, column) for output in changed}
                if (view, WHOLE, column) not in edges:
                    own = changed - {WHOLE}
                    untold |= {(view, output, column) for output in own} - edges
    assert not untold
    assert len(waiting) <= len(edges) * DEAD_BY_CHANCE, waiting
    assert len(edges) > 500


def _changed(before: Any, after: Any) -> set[str | None]:
    """The outputs that hold other values, in whatever order, and whether the rows are others."""
    names, old = before
    _, new = after
    changed: set[str | None] = {WHOLE} if Counter(old) != Counter(new) else set()
    return changed | {
        urn.field_path(name)
        for position, name in enumerate(names)
        if Counter(row[position] for row in old) != Counter(row[position] for row in new)
    }


def test_tables_are_those_that_the_server_names(world: World) -> None:
    """MySQL keeps the tables of each view; elsewhere they are those of the edges of columns."""
    settings = world.server.settings(database=world.database)
    records = [one for one in extract(connector, settings, ["lineage"]) if isinstance(one, Lineage)]
    found = {
        (urn.parse(one.downstream_urn).path[-1], urn.parse(str(one.upstream_urn)).path[-1])
        for one in records
        if one.granularity == "table"
    }
    if world.server.is_mariadb:
        assert found == {(view, table) for view, _, (table, _) in map(_edge, records)}
        return
    with world.server.connect(database=world.database) as connection:
        assert found == set(_usage(connection))


def _usage(connection: pymysql.Connection[Any]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT view_name, table_name FROM information_schema.view_table_usage"
            " WHERE view_schema = DATABASE()"
        )
        return list(cursor.fetchall())
