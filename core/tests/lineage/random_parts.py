"""What random queries are put together from: tables, sources, values, conditions."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

TABLES = {"t": ("id", "a", "b", "c"), "u": ("id", "a", "d"), "w": ("k", "b", "d")}
"""Tables of numbers, and their columns."""

TARGET = {"g": dict.fromkeys(("id", "p", "q", "r"), "int")}
"""A table to write to."""

LISTS = {"v": {"id": "int", "l": "int[]"}}
"""A table with lists."""

COLUMNS = {table: dict.fromkeys(columns, "int") for table, columns in TABLES.items()} | LISTS
"""All tables, and the types of their columns."""

NUMBER = "rn"
"""A column that each table has besides: the number of the row, which is never changed."""

JOINS = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]
NO_KEY = "CAST(NULL AS text)"

_T = TypeVar("_T")


@dataclass(frozen=True)
class Query:
    """A query, and how its results can be compared."""

    sql: str
    keyed: bool
    """Whether `key` names the rows."""
    distinct: bool = False
    """Whether equal rows are one: how often a value comes says nothing."""
    first: str = ""
    """Statements that run before it."""
    target: str = ""
    """The table that they write."""


@dataclass(frozen=True)
class Source:
    """Something to put in FROM: its columns, and what names its rows."""

    sql: str
    name: str
    of: str | None
    """The table that it is."""
    columns: Sequence[str]
    key: str | None


class Parts:
    """Chooses at random; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # reproducible on purpose
        self._aliases = 0
        self.shapes: list[Callable[[int], Query]] = []
        """What writes a query, given how deep it may be."""

    def any_query(self, depth: int) -> Query:
        return self.one_of(self.shapes)(depth)

    def source(self, depth: int, beside: Source | None = None) -> Source:
        """Aliases hide tables of their names; two sources that stand side by side have two."""
        taken = beside.name if beside else ""
        if depth > 0 and self.one_of([True, False]):
            inner, alias = self.any_query(depth), self.alias(taken)
            key = f"{alias}.key" if inner.keyed else None
            return Source(
                f"({inner.sql}) AS {alias}", alias, None, [f"{alias}.k1", f"{alias}.k2"], key
            )
        table = self.one_of(sorted(TABLES))
        alias, columns = self.table(table, taken)
        return Source(
            f"{table} AS {alias}", alias, table, columns, f"CAST({alias}.{NUMBER} AS text)"
        )

    def table(self, name: str, taken: str = "") -> tuple[str, list[str]]:
        alias = self.alias(taken)
        return alias, [f"{alias}.{column}" for column in TABLES[name]]

    def select(
        self, columns: Sequence[str], source: str, key: str | None, first: str | None = None
    ) -> Query:
        return Query(
            f"SELECT {first or self.value(columns)} AS k1, {self.value(columns)} AS k2,"
            f" {key or NO_KEY} AS key FROM {source}",
            keyed=key is not None,
        )

    def value(self, columns: Sequence[str]) -> str:
        one, two = self.random.sample(list(columns), 2)
        three = self.one_of([column for column in columns if column != two])
        return self.one_of([
            one,
            one,
            one,
            f"({one} + 2 * {two}) % 6",
            f"CASE WHEN {one} % 2 = 0 THEN {two} ELSE {three} END",
            f"CASE {one} WHEN 1 THEN {two} ELSE {three} END",
            f"coalesce(nullif({one}, 2), {two})",
            f"greatest({one}, {two})",
            f"(ARRAY[{two}, {three}])[1 + abs({one}) % 2]",
            f"abs({one} - 3)",
        ])  # fmt: skip

    def aggregate(self, columns: Sequence[str]) -> str:
        one, two = self.one_of(columns), self.one_of(columns)
        return self.one_of([
            f"CAST(sum({one}) AS int)",
            f"max({one})",
            f"CAST(count(DISTINCT {one}) AS int)",
            f"CAST(sum({one}) FILTER (WHERE {two} % 2 = 0) AS int)",
            f"(array_agg({one} ORDER BY {two}, {one}))[1]",
        ])  # fmt: skip

    def where(self, columns: Sequence[str]) -> str:
        one, two = self.one_of(columns), self.one_of(columns)
        return self.one_of([
            "",
            "",
            f" WHERE {one} % 3 <> 1",
            f" WHERE {one} >= {two} - 1",
            f" WHERE {one} IN (SELECT f.id FROM u AS f WHERE f.d <> 2)",
        ])  # fmt: skip

    def bare(self, columns: Sequence[str]) -> list[str]:
        """Some of the names that are the only ones of their kind stand without a table."""
        names = [column.partition(".")[2] for column in columns]
        return [
            name if names.count(name) == 1 and self.one_of([True, False]) else column
            for name, column in zip(names, columns, strict=True)
        ]

    def alias(self, taken: str = "") -> str:
        name = self.unique()
        return self.one_of([name, name, *sorted({"t", "u", "q"} - {taken})])

    def unique(self) -> str:
        self._aliases += 1
        return f"x{self._aliases}"

    def one_of(self, choices: Sequence[_T]) -> _T:
        return self.random.choice(choices)


def both_keys(left: str | None, right: str | None) -> str | None:
    return f"concat('(', {left}, '-', {right}, ')')" if left and right else None
