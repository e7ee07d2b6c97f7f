"""What the catalog knows about the sample shop: every figure that the demo shows, as values."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from songbook import urn
from songbook_control.demo import sample
from songbook_control.demo.pipeline import CONNECTOR
from target_catalog import embedded
from target_catalog.embedded import Embedded

COLUMN = ("reporting", "best_customers", "lifetime_value")
"""The column whose lineage is shown: its figures come through four views from three tables."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Run:
    """One load into the catalog."""

    id: UUID
    connector_id: UUID
    status: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a stream has."""

    stream: str
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change feed."""

    stream: str
    urn: str
    kind: str
    field: str | None
    before: Any
    after: Any
    counts: dict[str, int] | None
    breaking: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A column that another one is made from, so many steps away."""

    depth: int
    upstream_urn: str
    upstream_field: str
    how: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it."""

    first: list[Count]
    second: list[Count]
    run: Run
    changes: list[Change]
    column_urn: str
    lineage: list[Step]
    folder: str
    url: str
    path: list[str]


def counts(server: Embedded) -> list[Count]:
    """Rows of each stream as the catalog stands."""
    with psycopg.connect(server.url()) as connection:
        return _counts(connection, _latest_run(connection))


def read(server: Embedded, first: list[Count]) -> Findings:
    """What the catalog knows after the second run, beside the counts after the first."""
    table = urn.join(embedded.NAMESPACE, (sample.DATABASE, *COLUMN[:-1]))
    with psycopg.connect(server.url()) as connection:
        run = _latest_run(connection)
        ask = partial(_ask, connection, connector=run.connector_id, run=run.id)
        return Findings(
            first=first,
            second=_counts(connection, run),
            run=run,
            changes=ask(Change, "changes"),
            column_urn=f"{table}#{urn.encode(COLUMN[-1])}",
            lineage=ask(Step, "lineage", table_urn=table, field=COLUMN[-1]),
            folder=str(server.home),
            url=server.url(),
            path=_path(),
        )


def _path() -> list[str]:
    """The line that makes the commands known to a shell.

    `uv run` and `make` have them on a PATH of their own, which the shell behind them lacks; so it
    is left out only where Songbook is installed for everybody.
    """
    here = Path(sys.executable).parent
    places = [str(here)] if sys.prefix != sys.base_prefix else []
    if shutil.which("psql") is None:
        places.append(str(embedded.client_programs()))
    return [f'export PATH="{":".join(places)}:$PATH"'] if places else []


def _latest_run(connection: psycopg.Connection[Any]) -> Run:
    return _ask(connection, Run, "latest_run", connector=CONNECTOR)[0]


def _counts(connection: psycopg.Connection[Any], run: Run) -> list[Count]:
    return _ask(connection, Count, "counts", connector=run.connector_id)


def _ask(
    connection: psycopg.Connection[Any], row: type[Row], query: str, **parameters: Any
) -> list[Row]:
    text = resources.files(__package__).joinpath("queries", f"{query}.sql").read_bytes()
    with connection.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(text, parameters).fetchall()
