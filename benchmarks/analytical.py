"""Analytical statements over a shop, made by chance from a fixed seed, and their true lineage.

The truth comes from how a statement is put together, never from reading it again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

SEED = 20261122
COUNT = 99
SCHEMA = "shop"
TARGET = "mart.result"

DIMENSIONS = {
    "customer": ("c_customer_sk", "c_name", "c_country", "c_segment", "c_birth_year"),
    "item": ("i_item_sk", "i_name", "i_brand", "i_category", "i_price"),
    "store": ("s_store_sk", "s_city", "s_manager", "s_size"),
    "date_dim": ("d_date_sk", "d_day", "d_month", "d_year", "d_quarter"),
    "promotion": ("p_promo_sk", "p_channel", "p_cost"),
}
MEASURES = ("quantity", "net_paid", "discount", "profit", "tax")
FACTS = {
    name: tuple(
        [f"{prefix}_{columns[0].partition('_')[2]}" for columns in DIMENSIONS.values()]
        + [f"{prefix}_{measure}" for measure in MEASURES]
    )
    for name, prefix in (("store_sales", "ss"), ("store_returns", "sr"), ("web_sales", "ws"))
}
TABLES = {f"{SCHEMA}.{name}": columns for name, columns in {**DIMENSIONS, **FACTS}.items()}


@dataclass(frozen=True)
class Column:
    """An output column: the base columns that give its value, and those that only decide."""

    values: frozenset[str] = frozenset()
    deciding: frozenset[str] = frozenset()

    def __or__(self, other: Column) -> Column:
        return Column(self.values | other.values, self.deciding | other.deciding)

    @property
    def as_condition(self) -> Column:
        """What a column gives that is asked in a condition only."""
        return Column(deciding=self.values | self.deciding)


@dataclass(frozen=True)
class Query:
    """A SELECT and its output; `ctes` are those that must stand before it."""

    sql: str
    columns: dict[str, Column]
    ctes: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The SELECT with its CTEs."""
        return f"WITH {', '.join(self.ctes)} {self.sql}" if self.ctes else self.sql

    @property
    def names(self) -> list[str]:
        """The output's names in their order."""
        return list(self.columns)


@dataclass(frozen=True)
class Statement:
    """A text, its edges (downstream, upstream), and edges that are right but of conditions."""

    sql: str
    edges: frozenset[tuple[str, str]]
    conditions: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Author:
    """Writes queries by chance."""

    chance: random.Random
    qualified: bool
    """Whether columns of base tables are written with their table's alias."""
    made: int = field(default=0)

    def star(self, fact: str | None = None, groups: int = 2, measures: int = 3) -> Query:
        """Facts joined to dimensions, grouped by attributes."""
        fact = fact or self.chance.choice(list(FACTS))
        joined = self.chance.sample(list(DIMENSIONS), self.chance.randint(2, 4))
        columns = {}
        grouped = []
        for name in self.chance.sample(joined, min(groups, len(joined))):
            attribute = self.chance.choice(DIMENSIONS[name][1:])
            grouped.append(self.written(name, attribute))
            columns[attribute] = (grouped[-1], base(name, attribute))
        for number in range(measures):
            columns[f"m{number}"] = self.aggregate(fact, joined)
        asked = self.chance.choice(joined)
        sql = (
            f"SELECT {items(columns)} FROM {SCHEMA}.{fact} {alias(fact)} "
            + " ".join(self.join(fact, name) for name in joined)
            + f" WHERE {self.written(asked, DIMENSIONS[asked][-1])} > 10"
            + f" GROUP BY {', '.join(grouped)}"
        )
        return Query(sql, {name: column for name, (_, column) in columns.items()})

    def join(self, fact: str, name: str) -> str:
        """A dimension joined by its key."""
        key = DIMENSIONS[name][0]
        own = FACTS[fact][list(DIMENSIONS).index(name)]
        return (
            f"{self.chance.choice(('JOIN', 'LEFT JOIN'))} {SCHEMA}.{name} {alias(name)} "
            f"ON {self.written(fact, own)} = {self.written(name, key)}"
        )

    def aggregate(self, fact: str, joined: Sequence[str]) -> tuple[str, Column]:
        """An aggregate over one measure or two, or over those of some rows only."""
        one, two = self.chance.sample(FACTS[fact][len(DIMENSIONS) :], 2)
        first, second = self.written(fact, one), self.written(fact, two)
        asked = self.chance.choice(joined)
        condition = DIMENSIONS[asked][-1]
        return self.chance.choice(
            [
                (f"SUM({first})", base(fact, one)),
                (f"COUNT(DISTINCT {first})", base(fact, one)),
                (f"AVG({first} * (1 - {second}))", base(fact, one) | base(fact, two)),
                (f"MAX(COALESCE({first}, {second}, 0))", base(fact, one) | base(fact, two)),
                (
                    f"SUM(CASE WHEN {self.written(asked, condition)} = 1 THEN {first} ELSE 0 END)",
                    base(fact, one) | base(asked, condition).as_condition,
                ),
            ]
        )

    def windows(self, query: Query) -> Query:
        """A CTE with windows over it."""
        step, (group, *_, measure) = self.fresh(), query.names
        by = query.columns[group].as_condition
        value = query.columns[measure]
        over = f"OVER (PARTITION BY {group} ORDER BY {measure} DESC)"
        whole = f"OVER (PARTITION BY {group})"
        columns = {
            **{name: (name, column) for name, column in query.columns.items()},
            "place": (f"RANK() {over}", by | value.as_condition),
            "part": (f"{measure} / SUM({measure}) {whole}", value | by),
            "before": (f"LAG({measure}) {over}", value | by | value.as_condition),
        }
        sql = f"SELECT {items(columns)} FROM {step}"
        return self.after(query, step, sql, {name: it for name, (_, it) in columns.items()})

    def filtered(self, query: Query) -> Query:
        """All columns of a CTE, of some of its rows."""
        step = self.fresh()
        sql = f"SELECT * FROM {step} WHERE {query.names[-1]} > 3"
        return self.after(query, step, sql, query.columns)

    def compared(self, left: Query, right: Query) -> Query:
        """Two CTEs side by side."""
        ones, others = self.fresh(), self.fresh()
        first, last, other = left.names[0], left.names[-1], right.names[-1]
        columns = {
            "label": (f"l.{first}", left.columns[first]),
            "ours": (f"l.{last}", left.columns[last]),
            "theirs": (f"r.{other}", right.columns[other]),
            "delta": (
                f"l.{last} - COALESCE(r.{other}, 0)",
                left.columns[last] | right.columns[other],
            ),
        }
        sql = (
            f"SELECT {items(columns)} FROM {ones} l LEFT JOIN {others} r "
            f"ON l.{first} = r.{right.names[0]}"
        )
        ctes = (*left.ctes, cte(ones, left), *right.ctes, cte(others, right))
        return Query(sql, {name: it for name, (_, it) in columns.items()}, ctes)

    def united(self, queries: Sequence[Query]) -> Query:
        """Queries of the same width, one below the other, and summed up."""
        step, width = self.fresh(), min(len(query.columns) for query in queries)
        picked = [query.names[:1] + query.names[1 - width :] for query in queries]
        names = ["kind", *(f"v{number}" for number in range(1, width))]
        columns = {
            name: combined(
                query.columns[own[place]] for query, own in zip(queries, picked, strict=True)
            )
            for place, name in enumerate(names)
        }
        arms = [
            f"SELECT {', '.join(f'{it} AS {name}' for it, name in zip(own, names, strict=True))} "
            f"FROM ({query.sql}) q{number}"
            for number, (query, own) in enumerate(zip(queries, picked, strict=True))
        ]
        sums = ", ".join(f"SUM({name}) AS {name}" for name in names[1:])
        sql = f"SELECT kind, {sums} FROM {step} GROUP BY kind"
        return Query(sql, columns, (f"{step} AS ({' UNION ALL '.join(arms)})",))

    def fresh(self) -> str:
        """A name that the statement does not have yet."""
        self.made += 1
        return f"step_{self.made}"

    def after(self, query: Query, name: str, sql: str, columns: dict[str, Column]) -> Query:
        """A query that reads another, which becomes a CTE."""
        return Query(sql, columns, (*query.ctes, cte(name, query)))

    def written(self, table: str, column: str) -> str:
        """A column of a base table, as this author writes it."""
        return f"{alias(table)}.{column}" if self.qualified else column


def base(table: str, column: str) -> Column:
    """A column of a base table."""
    return Column(frozenset({f"{SCHEMA}.{table}.{column}"}))


def combined(columns: Iterable[Column]) -> Column:
    """What several columns give to one."""
    return reduce(or_, columns)


def alias(table: str) -> str:
    """A table's alias: the prefix of its columns."""
    return {**DIMENSIONS, **FACTS}[table][0].partition("_")[0]


def items(columns: Mapping[str, tuple[str, Column]]) -> str:
    """A select list."""
    return ", ".join(f"{sql} AS {name}" for name, (sql, _) in columns.items())


def cte(name: str, query: Query) -> str:
    """A query under a name."""
    return f"{name} AS ({query.sql})"


SHAPES: Sequence[Callable[[Author], Query]] = (
    lambda author: author.star(groups=3, measures=5),
    lambda author: author.filtered(author.windows(author.star())),
    lambda author: author.compared(author.star("store_sales"), author.star("store_returns")),
    lambda author: author.united([author.star(fact) for fact in FACTS]),
    lambda author: author.windows(author.compared(author.star(), author.windows(author.star()))),
    lambda author: author.filtered(author.filtered(author.united([author.star(), author.star()]))),
)


def statements(count: int = COUNT) -> list[Statement]:
    """The same statements in each run: stars, CTEs, windows, comparisons, unions in turn."""
    chance = random.Random(SEED)
    return [_statement(chance, number) for number in range(count)]


def _statement(chance: random.Random, number: int) -> Statement:
    query = SHAPES[number % len(SHAPES)](Author(chance, qualified=number % 3 == 0))
    target = f"{TARGET}_{number}"
    return Statement(
        f"CREATE TABLE {target} AS {query.whole}",
        frozenset(
            (f"{target}.{name}", it)
            for name, column in query.columns.items()
            for it in column.values
        ),
        frozenset(
            (f"{target}.{name}", it)
            for name, column in query.columns.items()
            for it in column.deciding
        ),
    )


def wide(columns: int) -> Statement:
    """One SELECT of many columns, each of two."""
    target, source = f"{TARGET}_wide", f"{SCHEMA}.wide"
    listed = ", ".join(f"w.a{i} + w.b{i} AS c{i}" for i in range(columns))
    return Statement(
        f"CREATE TABLE {target} AS SELECT {listed} FROM {source} w",
        frozenset(
            (f"{target}.c{i}", f"{source}.{side}{i}") for i in range(columns) for side in "ab"
        ),
    )


def chain(length: int) -> Statement:
    """CTEs that each read the one before."""
    target, source = f"{TARGET}_chain", f"{SCHEMA}.wide"
    links = [f"q0 AS (SELECT a0, b0 FROM {source})"]
    links += [f"q{i} AS (SELECT a0, b0 + {i} AS b0 FROM q{i - 1})" for i in range(1, length)]
    return Statement(
        f"CREATE TABLE {target} AS WITH {', '.join(links)} SELECT a0, b0 FROM q{length - 1}",
        frozenset((f"{target}.{it}", f"{source}.{it}") for it in ("a0", "b0")),
    )


def union(branches: int) -> Statement:
    """Many tables, one below the other."""
    target = f"{TARGET}_union"
    arms = " UNION ALL ".join(f"SELECT a0, b0 FROM {SCHEMA}.part_{i}" for i in range(branches))
    return Statement(
        f"CREATE TABLE {target} AS {arms}",
        frozenset(
            (f"{target}.{it}", f"{SCHEMA}.part_{i}.{it}")
            for i in range(branches)
            for it in ("a0", "b0")
        ),
    )


def known(statement: Statement) -> dict[str, Sequence[str]]:
    """The columns of the tables that a statement reads."""
    listed: dict[str, set[str]] = {}
    for _, upstream in statement.edges:
        table, _, column = upstream.rpartition(".")
        listed.setdefault(table, set()).add(column)
    return {**TABLES, **{table: sorted(it) for table, it in listed.items() if table not in TABLES}}
