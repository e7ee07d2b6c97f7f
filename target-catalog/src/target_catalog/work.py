"""What the steps of a settlement share: the connection, the staged rows, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from target_catalog.database import Connection
from target_catalog.runs import Run
from target_catalog.staging import Staging
from target_catalog.statements import Part, of_stream, reads_staging, statement
from target_catalog.streams import Stream

Cursor = psycopg.Cursor[tuple[Any, ...]]


@dataclass(frozen=True)
class Work:
    """One run on its way into one connector's rows."""

    connection: Connection
    staging: Staging
    run: Run
    connector: UUID

    def execute(self, name: str, values: dict[str, Any] | None = None, **parts: Part) -> Cursor:
        """Run a statement of `queries/`."""
        return self.connection.execute(statement(name, **parts), self._values(values))

    def on(
        self, stream: Stream, name: str, values: dict[str, Any] | None = None, **parts: Part
    ) -> Cursor:
        """Run a statement of `queries/` on one stream."""
        if reads_staging(name):
            parts["staging"] = self.staging.of(stream).name
        query = of_stream(name, stream, **parts)
        return self.connection.execute(query, self._values(values))

    def holds(self, stream: Stream) -> bool:
        """Whether the catalog has anything of this connector in the stream."""
        return bool(self._one(self.on(stream, "has_rows")))

    def was_covered(self, stream: Stream) -> bool:
        """Whether the stream was ever completely covered."""
        return bool(self._one(self.on(stream, "is_stream_known")))

    def sent_in_scopes(self, stream: Stream) -> int:
        """How many rows of the stream were sent within scopes."""
        return int(self._one(self.on(stream, "sent_in_scopes")))

    def drop(self, temporary: str) -> None:
        """Drop a temporary table."""
        self.connection.execute(
            sql.SQL("DROP TABLE {}").format(sql.Identifier("pg_temp", temporary))
        )

    def _values(self, more: dict[str, Any] | None) -> dict[str, Any]:
        run = {"run": self.run.id, "organization": self.run.organization}
        return {**run, "connector": self.connector, **(more or {})}

    def _one(self, cursor: Cursor) -> Any:
        row = cursor.fetchone()
        return row[0] if row else None
