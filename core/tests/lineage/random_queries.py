"""Random queries that PostgreSQL and DuckDB both run, in which everything counts for the result.

Each gives the columns k1, k2 and `key`, which names a row by the rows that it is made from, where
its values come from these alone; else it is null.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

TABLES = {"t": ("id", "a", "b", "c"), "u": ("id", "a", "d"), "w": ("k", "b", "d")}

NUMBER = "rn"
"""A column that each table has besides: the number of the row, which is never changed."""

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


@dataclass(frozen=True)
class Source:
    """Something to put in FROM: its columns, and what names its rows."""

    sql: str
    columns: Sequence[str]
    key: str | None


class Writer:
    """Writes queries; the same seed gives the same."""

    def __init__(self, seed: int, depth: int) -> None:
        self._random = random.Random(seed)  # reproducible on purpose
        self._depth = depth
        self._aliases = 0
        self._shapes: list[Callable[[int], Query]] = [
            self.joined, self.joined, self.merged, self.grouped, self.grouped_by_sets, self.united,
            self.common, self.recursive, self.windowed, self.lateral, self.correlated, self.ordered,
            self.starred, self.unfolded, self.chosen, self.renamed,
        ]  # fmt: skip

    def query(self) -> Query:
        """A query of its own, which may be distinct."""
        if self._one([True, *[False] * 8]):
            return self.distinct(self._depth)
        return self._any(self._depth)

    def joined(self, depth: int) -> Query:
        left, right = self._source(depth - 1), self._source(depth - 1)
        both = [*left.columns, *right.columns]
        on = f"{self._one(left.columns)} = {self._one(right.columns)}"
        kind = self._one(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        together = self._one([f"{left.sql} {kind} {right.sql} ON {on}"] * 3 + [
            f"{left.sql}, {right.sql} WHERE {on}"
        ])  # fmt: skip
        where = "" if " WHERE " in together else self._where(both)
        return self._select(both, f"{together}{where}", _keys(left.key, right.key))

    def merged(self, depth: int) -> Query:
        left, right = self._random.sample(sorted(TABLES), 2)
        (x, left_columns), (y, right_columns) = self._table(left), self._table(right)
        column = self._one([it for it in TABLES[left] if it in TABLES[right]])
        kind = self._one(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        values = [column, *left_columns, *right_columns]
        key = f"concat({x}.{NUMBER}, '-', {y}.{NUMBER})"
        return self._select(
            values, f"{left} AS {x} {kind} {right} AS {y} USING ({column})", key, first=column
        )

    def grouped(self, depth: int) -> Query:
        source = self._source(depth - 1)
        key = self._value(source.columns)
        having = f" HAVING count(*) + min({self._one(source.columns)}) > 1"
        return Query(
            f"SELECT {key} AS k1, {self._aggregate(source.columns)} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql}{self._where(source.columns)} GROUP BY {key}"
            + self._one(["", "", having]),
            keyed=False,
        )

    def grouped_by_sets(self, depth: int) -> Query:
        source = self._source(depth - 1)
        one, two = self._random.sample(list(source.columns), 2)
        sets = self._one([f"ROLLUP ({one}, {two})", f"GROUPING SETS (({one}), ({two}), ())"])
        return Query(
            f"SELECT coalesce({one}, {two}) AS k1, {self._aggregate(source.columns)} AS k2,"
            f" {NO_KEY} AS key FROM {source.sql} GROUP BY {sets}",
            keyed=False,
        )

    def united(self, depth: int) -> Query:
        left, right = self._any(depth - 1), self._any(depth - 1)
        if self._one([True, False]):
            return Query(
                f"SELECT l.k1, l.k2, concat('l', l.key) AS key FROM ({left.sql}) AS l UNION ALL"
                f" SELECT r.k2, r.k1, concat('r', r.key) FROM ({right.sql}) AS r",
                left.keyed and right.keyed,
            )
        operation = self._one(["INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"])
        return Query(  # of few values, so that some are the same
            f"SELECT abs(l.k1) % 2 AS k1, l.k2 % 2 AS k2, {NO_KEY} AS key FROM ({left.sql}) AS l"
            f" {operation} SELECT abs(r.k1) % 2, r.k2 % 2, {NO_KEY} FROM ({right.sql}) AS r",
            keyed=False,
        )

    def common(self, depth: int) -> Query:
        inner, table = self._any(depth - 1), self._source(0)
        q, z = self._alias(), self._alias()
        columns = [f"{z}.n", f"{z}.m", *table.columns]
        selected = self._select(
            columns,
            f"{z} JOIN {table.sql} ON {z}.n = {self._one(table.columns)}",
            _keys(f"{z}.r" if inner.keyed else None, table.key),
        )
        return Query(
            f"WITH {q} (n, m, r) AS ({inner.sql}),"
            f" {z} AS (SELECT m AS n, n AS m, r FROM {q}{self._where(['n', 'm'])})"
            f" {selected.sql}",
            selected.keyed,
        )

    def recursive(self, depth: int) -> Query:
        source, table = self._source(depth - 1), self._source(0)
        r = self._alias()
        one, two = self._random.sample(list(table.columns), 2)
        step = self._one([
            f"SELECT m, n, g + 1 FROM {r} WHERE g < 2",
            f"SELECT {one}, {r}.m, {r}.g + 1 FROM {r} JOIN {table.sql} ON {two} = {r}.n"
            f" WHERE {r}.g < 2",
        ])  # fmt: skip
        return Query(
            f"WITH RECURSIVE {r} (n, m, g) AS ("
            f"SELECT {self._value(source.columns)}, {self._value(source.columns)}, 0"
            f" FROM {source.sql} UNION ALL {step})"
            f" SELECT n AS k1, m AS k2, {NO_KEY} AS key FROM {r}",
            keyed=False,
        )

    def windowed(self, depth: int) -> Query:
        source = self._source(depth - 1)
        one, two, three = (self._one(source.columns) for _ in range(3))
        call = self._one([f"sum({one})", f"max({one})", "rank()", f"count({one})"])
        over = f"PARTITION BY {two} % 2 ORDER BY {three}"
        window = self._one(["", f" WINDOW win AS ({over})"])
        return Query(
            f"SELECT CAST({call} OVER {'win' if window else f'({over})'} AS int) AS k1,"
            f" {self._value(source.columns)} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql}{self._where(source.columns)}{window}",
            keyed=False,
        )

    def lateral(self, depth: int) -> Query:
        source = self._source(depth - 1)
        one, two = (self._one(source.columns) for _ in range(2))
        alias = self._alias()
        inner = f"SELECT y.d + {one} AS n, y.{NUMBER} AS r FROM u AS y WHERE y.id = {two}"
        kind = self._one(["JOIN", "LEFT JOIN"])
        return self._select(
            [f"{alias}.n", *source.columns],
            f"{source.sql} {kind} LATERAL ({inner}) AS {alias} ON true",
            _keys(source.key, f"{alias}.r"),
            first=f"{alias}.n",
        )

    def correlated(self, depth: int) -> Query:
        source = self._source(depth - 1)
        one, two, three = (self._one(source.columns) for _ in range(3))
        scalar = self._one([
            f"SELECT CAST(sum(y.a) AS int) FROM u AS y WHERE y.id = {one}",
            f"SELECT max(y.d) FROM u AS y JOIN w AS z ON z.d = y.d WHERE z.k <= {one}",
        ])  # fmt: skip
        return Query(
            f"SELECT ({scalar}) AS k1, {self._value(source.columns)} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql} WHERE EXISTS"
            f" (SELECT 1 FROM w AS v WHERE v.k <= {two} AND v.b % 2 = {three} % 2)",
            keyed=False,
        )

    def ordered(self, depth: int) -> Query:
        inner, alias = self._any(depth - 1), self._alias()
        by = self._value([f"{alias}.k1", f"{alias}.k2"])
        return Query(
            f"SELECT {alias}.k1, {alias}.k2, {alias}.key FROM ({inner.sql}) AS {alias}"
            f" ORDER BY {by} DESC, {alias}.k1, {alias}.k2, {alias}.key LIMIT 5",
            inner.keyed,
        )

    def starred(self, depth: int) -> Query:
        inner, alias = self._any(depth - 1), self._alias()
        star = self._one(["*", f"{alias}.*"])
        where = self._where([f"{alias}.k1", f"{alias}.k2"])
        return Query(f"SELECT {star} FROM ({inner.sql}) AS {alias}{where}", inner.keyed)

    def unfolded(self, depth: int) -> Query:
        source, alias = self._source(depth - 1), self._alias()
        one, two, three = (self._one(source.columns) for _ in range(3))
        return Query(
            f"SELECT {alias}.n AS k1, {self._value([f'{alias}.n', three])} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql} CROSS JOIN LATERAL unnest(ARRAY[{one}, {two}]) AS {alias} (n)",
            keyed=False,
        )

    def chosen(self, depth: int) -> Query:
        inner, alias = self._any(depth - 1), self._alias()
        return Query(
            f"SELECT DISTINCT ON ({alias}.k1) {alias}.k1, {alias}.k2, {alias}.key"
            f" FROM ({inner.sql}) AS {alias} ORDER BY {alias}.k1, {alias}.k2, {alias}.key",
            inner.keyed,
        )

    def renamed(self, depth: int) -> Query:
        inner, alias = self._any(depth - 1), self._alias()
        columns = [f"{alias}.x", f"{alias}.y"]
        key = f"{alias}.z" if inner.keyed else None
        where = self._where(columns)
        return self._select(columns, f"({inner.sql}) AS {alias} (x, y, z){where}", key)

    def distinct(self, depth: int) -> Query:
        inner = self._any(depth - 1)
        other = self._any(depth - 1)
        union = f" UNION SELECT o.k1, o.k2 FROM ({other.sql}) AS o"
        return Query(
            f"SELECT DISTINCT q.k1, q.k2 FROM ({inner.sql}) AS q" + self._one(["", union]),
            keyed=False,
            distinct=True,
        )

    def _any(self, depth: int) -> Query:
        return self._one(self._shapes)(depth)

    def _source(self, depth: int) -> Source:
        if depth > 0 and self._one([True, False]):
            inner, alias = self._any(depth), self._alias()
            key = f"{alias}.key" if inner.keyed else None
            return Source(f"({inner.sql}) AS {alias}", [f"{alias}.k1", f"{alias}.k2"], key)
        table = self._one(sorted(TABLES))
        alias, columns = self._table(table)
        return Source(f"{table} AS {alias}", columns, f"CAST({alias}.{NUMBER} AS text)")

    def _table(self, name: str) -> tuple[str, list[str]]:
        alias = self._alias()
        return alias, [f"{alias}.{column}" for column in TABLES[name]]

    def _select(
        self, columns: Sequence[str], source: str, key: str | None, first: str | None = None
    ) -> Query:
        return Query(
            f"SELECT {first or self._value(columns)} AS k1, {self._value(columns)} AS k2,"
            f" {key or NO_KEY} AS key FROM {source}",
            keyed=key is not None,
        )

    def _value(self, columns: Sequence[str]) -> str:
        one, two = self._random.sample(list(columns), 2)
        three = self._one([column for column in columns if column != two])
        return self._one([
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

    def _aggregate(self, columns: Sequence[str]) -> str:
        one, two = self._one(columns), self._one(columns)
        return self._one([
            f"CAST(sum({one}) AS int)",
            f"max({one})",
            f"CAST(count(DISTINCT {one}) AS int)",
            f"CAST(sum({one}) FILTER (WHERE {two} % 2 = 0) AS int)",
            f"(array_agg({one} ORDER BY {two}, {one}))[1]",
        ])  # fmt: skip

    def _where(self, columns: Sequence[str]) -> str:
        one, two = self._one(columns), self._one(columns)
        return self._one([
            "",
            "",
            f" WHERE {one} % 3 <> 1",
            f" WHERE {one} >= {two} - 1",
            f" WHERE {one} IN (SELECT f.id FROM u AS f WHERE f.d <> 2)",
        ])  # fmt: skip

    def _alias(self) -> str:
        self._aliases += 1
        return f"x{self._aliases}"

    def _one(self, choices: Sequence[_T]) -> _T:
        return self._random.choice(choices)


def _keys(left: str | None, right: str | None) -> str | None:
    return f"concat({left}, '-', {right})" if left and right else None
