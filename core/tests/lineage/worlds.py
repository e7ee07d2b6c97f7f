"""Databases with the same tables many times over: as they are, and with one column changed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import duckdb
import psycopg

ROWS = 8

VALUES: Mapping[str, list[Any]] = {
    "int": [0, 1, 2, 3, 4, 5, None],
    "text": ["", "1", "2", "x1", "Ab", "[1]", None],
    "bool": [True, False, None],
    "date": ["2026-01-01", "2026-01-02", "2027-05-03", None],
    "timestamp": ["2026-01-01 00:00", "2026-01-02 10:30", "2027-05-03 07:00", None],
    "int[]": ["{}", "{1}", "{2,1}", "{3,4,5}", "{0,0}", None],
    "jsonb": ['{"a":{"b":1},"x":{"y":2}}', '{"a":{"b":2}}', '{"x":[]}', "[]", "[1]", None],
    "xml": ["<r><i n='1'/></r>", "<r/>", "<r><i n='2'/><i/></r>", None],
}
"""Values to choose from, by type; some are the same so that joins match."""

Column: TypeAlias = tuple[str, str]
Tables: TypeAlias = Mapping[str, Mapping[str, str]]
"""Types by table and column."""

Rows: TypeAlias = list[tuple[Any, ...]]


class Database(Protocol):
    """Something that runs queries."""

    dialect: str

    def execute(self, script: str) -> None:
        """Run statements."""

    def rows(self, query: str, path: Sequence[str]) -> Rows:
        """Run a query with a search path."""

    def outputs(self, query: str, path: Sequence[str]) -> list[str]:
        """The names of a query's columns."""


class Postgres:
    """A database of PostgreSQL."""

    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        connection.execute("SET statement_timeout = '5s'")

    def execute(self, script: str) -> None:
        self._connection.execute(script)

    def rows(self, query: str, path: Sequence[str]) -> Rows:
        return self._run(query, path).fetchall()

    def outputs(self, query: str, path: Sequence[str]) -> list[str]:
        return [column.name for column in self._run(query, path).description or ()]

    def _run(self, query: str, path: Sequence[str]) -> psycopg.Cursor[Any]:
        self._connection.execute(f"SET search_path = {', '.join(path)}")
        return self._connection.execute(query)


class DuckDb:
    """A database of DuckDB, in memory."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 1")

    def execute(self, script: str) -> None:
        self._connection.execute(script)

    def rows(self, query: str, path: Sequence[str]) -> Rows:
        return self._run(query, path).fetchall()

    def outputs(self, query: str, path: Sequence[str]) -> list[str]:
        return [str(column[0]) for column in self._run(query, path).description or ()]

    def _run(self, query: str, path: Sequence[str]) -> duckdb.DuckDBPyConnection:
        self._connection.execute(f"SET search_path = '{','.join(path)}'")
        return self._connection.execute(query)


class World:
    """Tables of random values in several fillings; each filling has its schema, and one more for
    each column that holds just the table with other values in it."""

    def __init__(
        self, database: Database, name: str, tables: Tables, seed: int, number: str | None = None
    ) -> None:
        self._database = database
        self._name = name
        self._tables = tables
        self._random = random.Random(seed)  # reproducible on purpose
        self._number = number
        self._fillings = 0

    def columns(self) -> Iterator[Column]:
        """All columns that can be changed."""
        for table, columns in self._tables.items():
            yield from ((table, column) for column in columns)

    def outputs(self, query: str) -> list[str]:
        """The names of a query's columns."""
        return self._database.outputs(query, [self._schema(0)])

    def values(self, filling: int, column: Column) -> set[Any]:
        """The values of a column as things are."""
        rows = self._database.rows(
            f'SELECT "{column[1]}" FROM "{column[0]}"', [self._schema(filling)]
        )
        return {value for (value,) in rows}

    def before(self, query: str, filling: int) -> Rows:
        """The result as things are."""
        return self._database.rows(query, [self._schema(filling)])

    def after(self, query: str, filling: int, column: Column) -> Rows:
        """The result with other values in one column."""
        schema = self._schema(filling)
        return self._database.rows(query, [_changed(schema, column), schema])

    def _schema(self, filling: int) -> str:
        while self._fillings <= filling:
            self._fill(f"{self._name}_{self._fillings}")
            self._fillings += 1
        return f"{self._name}_{filling}"

    def _fill(self, schema: str) -> None:
        self._database.execute(f"CREATE SCHEMA {schema}")
        for table, columns in self._tables.items():
            values = {column: self._values(type_) for column, type_ in columns.items()}
            self._create(schema, table, values)
            for column, type_ in columns.items():
                changed = _changed(schema, (table, column))
                self._database.execute(f"CREATE SCHEMA {changed}")
                others = {**values, column: self._other(values[column], type_)}
                self._create(changed, table, others)

    def _values(self, type_: str) -> list[Any]:
        return [self._random.choice(VALUES[type_]) for _ in range(ROWS)]

    def _other(self, values: list[Any], type_: str) -> list[Any]:
        others = self._values(type_)
        return others if others != values else self._other(values, type_)

    def _create(self, schema: str, table: str, values: Mapping[str, list[Any]]) -> None:
        types = {column: self._tables[table][column] for column in values}
        columns = [f'"{column}" {type_}' for column, type_ in types.items()]
        rows = [list(row) for row in zip(*values.values(), strict=True)]
        if self._number:
            columns.append(f"{self._number} int")
            rows = [[*row, number] for number, row in enumerate(rows)]
        written = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
        self._database.execute(f'CREATE TABLE "{schema}"."{table}" ({", ".join(columns)})')
        self._database.execute(f'INSERT INTO "{schema}"."{table}" VALUES {written}')


def _changed(schema: str, column: Column) -> str:
    name = re.sub(r"\W", "_", f"{schema}_{column[0]}_{column[1]}")
    return name.lower()


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
