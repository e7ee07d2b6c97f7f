"""Unlogged tables that hold a run's records until they are merged: filled by COPY, in batches.

Streams may come interleaved, so each has a small buffer. A sequence number lets the last record
of a key win.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec
import psycopg
from psycopg import errors, sql

from target_catalog.database import Connection
from target_catalog.statements import of_stream
from target_catalog.streams import Column, Stream

BATCH_ROWS = 5000
BATCH_BYTES = 1024 * 1024
REFUSALS = (psycopg.DataError, errors.StatementTooComplex, errors.ProgramLimitExceeded)
"""What the server says of a value that it can't store, such as JSON nested too deeply."""

Row = tuple[Any, ...]


class RowRefused(Exception):
    """The database can't store a row that its schema allows."""

    def __init__(self, row: Row, reason: str) -> None:
        super().__init__(reason)
        self.row = row
        self.reason = reason


class Encoder:
    """Makes rows for COPY out of records."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        self._known = frozenset(self._names)
        self._json = [i for i, column in enumerate(columns) if column.sql_type == "jsonb"]
        self._integers = [i for i, column in enumerate(columns) if column.sql_type == "bigint"]
        self._extra = "extra" in self._known
        self._encode = msgspec.json.Encoder().encode

    def __call__(self, record: dict[str, Any]) -> list[Any]:
        """The values of a record by column; JSON as text, unknown properties in `extra`."""
        if list(record) == self._names:  # as our own taps write them
            row = list(record.values())
        else:
            row = list(map(self._with_extra(record).get, self._names))
        for i in self._json:
            if row[i] is not None:
                row[i] = self._encode(row[i]).decode()
        for i in self._integers:
            value = row[i]
            if isinstance(value, float):  # JSON Schema takes 1.0 for an integer
                row[i] = int(value)
        return row

    def _with_extra(self, record: dict[str, Any]) -> dict[str, Any]:
        if not self._extra or record.keys() <= self._known:
            return record
        unknown = {name: value for name, value in record.items() if name not in self._known}
        return {**record, "extra": unknown | (record.get("extra") or {})}


@dataclass
class StagingTable:
    """The staged rows of one stream."""

    name: sql.Identifier
    copy: sql.Composed
    rows: list[Row] = field(default_factory=list)
    size: int = 0
    staged: int = 0


class Staging:
    """All staged rows of one run."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self._connection = connection
        self._prefix = prefix
        self._sequence = count(1)
        self._tables: list[StagingTable] = []
        self.streams: dict[Stream, StagingTable] = {}
        self.announced: set[Stream] = set()

    def of(self, stream: Stream) -> StagingTable:
        """The staging table of one of our streams, empty when nothing came."""
        if stream not in self.streams:
            self.streams[stream] = self.create(stream.columns)
        return self.streams[stream]

    def create(self, columns: Sequence[Column]) -> StagingTable:
        """A new staging table with these columns."""
        name = sql.Identifier("catalog_staging", f"{self._prefix}_{len(self._tables)}")
        definitions = sql.SQL(", ").join(map(_definition, columns))
        self._connection.execute(
            sql.SQL(
                "CREATE UNLOGGED TABLE {} (seq bigint NOT NULL, {})"
                " WITH (autovacuum_enabled = false)"
            ).format(name, definitions)
        )
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
        copy = sql.SQL("COPY {} (seq, {}) FROM STDIN").format(name, names)
        table = StagingTable(name, copy)
        self._tables.append(table)
        return table

    def add(self, table: StagingTable, values: Sequence[Any], size: int) -> None:
        """Stage one row; `size` is roughly its bytes."""
        table.rows.append((next(self._sequence), *values))
        table.size += size
        table.staged += 1
        if len(table.rows) >= BATCH_ROWS or table.size >= BATCH_BYTES:
            self.flush(table)

    def flush(self, table: StagingTable) -> None:
        """Send what is buffered; a row that can't be stored is left out, by RowRefused."""
        rows, table.rows, table.size = table.rows, [], 0
        if not rows:
            return
        try:
            self._send(table, rows)
        except REFUSALS as error:
            self._send_halves(table, rows, error)

    def finish(self) -> None:
        """Leave the last record of each key, and tell the planner what is there."""
        for stream, table in self.streams.items():
            if table.staged:
                self._index_key(stream, table)
                self._connection.execute(sql.SQL("ANALYZE {}").format(table.name))

    def _index_key(self, stream: Stream, table: StagingTable) -> None:
        index = of_stream("index_key", stream, staging=table.name)
        try:
            with self._connection.transaction():
                self._connection.execute(index)
        except errors.UniqueViolation:
            self._connection.execute(of_stream("keep_last", stream, staging=table.name))
            self._connection.execute(index)

    def count(self, table: StagingTable) -> int:
        """How many rows are staged."""
        row = self._connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(table.name)
        ).fetchone()
        return int(row[0]) if row else 0

    def drop(self) -> None:
        """Remove the staging tables."""
        for table in self._tables:
            self._connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table.name))

    def _send(self, table: StagingTable, rows: Sequence[Row]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(table.copy) as copy:
            for row in rows:
                copy.write_row(row)

    def _send_halves(self, table: StagingTable, rows: list[Row], error: psycopg.Error) -> None:
        """Find the row that is refused; the rows after it wait for the next flush."""
        if len(rows) == 1:
            table.staged -= 1
            raise RowRefused(rows[0][1:], error.diag.message_primary or str(error)) from None
        half = len(rows) // 2
        table.rows = rows[half:] + table.rows
        try:
            self._send(table, rows[:half])
        except REFUSALS as inner:
            self._send_halves(table, rows[:half], inner)
        self.flush(table)


def stale_tables(connection: Connection) -> Iterator[tuple[str, str]]:
    """The staging tables that exist, each with the prefix of its run."""
    rows = connection.execute(
        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'catalog_staging'"
    )
    for (name,) in rows.fetchall():
        yield name, name.rpartition("_")[0]


def _definition(column: Column) -> sql.Composed:
    collation = ' COLLATE "C"' if column.is_urn else ""
    return sql.SQL("{} {}").format(
        sql.Identifier(column.name),
        sql.SQL(f"{column.sql_type}{collation}"),
    )
