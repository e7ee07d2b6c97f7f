"""SQLite metadata: the tables and columns of a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import Field

from songbook import Check, Connector, Evidence, Request, Settings, stream, urn
from songbook.errors import ConnectionFailed
from songbook.identifiers import Identifiers
from songbook.records import Column, Table


class Config(Settings):
    """Which file to read."""

    path: Path = Field(description="The SQLite file.", examples=["shop.db"])


class File:
    """An open file; its URNs begin with `namespace`."""

    def __init__(self, config: Config, connection: sqlite3.Connection) -> None:
        self.namespace = config.namespace or f"sqlite://{urn.encode(config.path.name)}"
        self.rows = connection.execute


@contextmanager
def connect(config: Config) -> Iterator[File]:
    """Open the file so that it can't be changed."""
    try:
        connection = sqlite3.connect(f"{config.path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise ConnectionFailed(f"Can't open {config.path}: {error}.", hint="Check it.") from None
    with closing(connection):
        yield File(config, connection)


TABLES = "SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
COLUMNS = """
SELECT t.name, c.cid, c.name, c.type, NOT c."notnull", c.dflt_value
FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
WHERE t.type IN ('table', 'view') ORDER BY t.name, c.cid
"""


@stream(Table, Column)
def tables(file: File, request: Request) -> Iterator[Table | Column]:
    """Every table, then every column; of chosen tables only when somebody browses."""
    for name, kind, statement in file.rows(TABLES):
        own = urn.join(file.namespace, [name])
        yield Table(urn=own, name=name, container_urn=file.namespace, table_type=kind,
                    definition=statement)  # fmt: skip
    for table, position, name, kind, nullable, default in file.rows(COLUMNS):
        if request.tables is not None and table not in request.tables:
            continue
        yield Column(
            urn=urn.join(file.namespace, [table, name], "#"),
            name=name,
            table_urn=urn.join(file.namespace, [table]),
            field_path=urn.field_path(name),
            ordinal=position + 1,
            data_type=kind,
            nullable=bool(nullable),
            default=default,
        )


def readable(file: File) -> Evidence:
    """Count the tables."""
    ((count,),) = file.rows("SELECT count(*) FROM sqlite_schema WHERE type = 'table'")
    return Evidence(f"{count} tables.")


connector = Connector(
    name="minimal",
    title="SQLite",
    config=Config,
    connect=connect,
    streams=(tables,),
    checks=(Check("tables", readable),),
    identifiers=Identifiers("keep", "keep", "insensitive", "insensitive"),
    levels=("table",),
)


def main() -> None:
    """The command `tap-minimal`."""
    from songbook.cli import run_tap

    run_tap(connector)
