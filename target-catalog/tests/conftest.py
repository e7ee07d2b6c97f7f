"""A catalog on a real server, and a source to fill it from."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from songbook import records as r
from target_catalog import config as settings
from target_catalog import database, load, migrate, streams
from target_catalog.settle import Outcome

NAMESPACE = "postgres://db:5432"
DATABASE = f"{NAMESPACE}/app"
SCHEMA = f"{DATABASE}/public"
COMMAND = str(Path(sys.executable).parent / "target-catalog")


class Source:
    """Records as a tap of a small database would write them."""

    namespace = NAMESPACE
    database = DATABASE
    schema = SCHEMA

    def system(self, **facts: Any) -> r.System:
        """The server."""
        facts = {"namespace": NAMESPACE, "platform": "postgres", "tap": "tap-postgres"} | facts
        return r.System(**facts)

    def container(self, urn: str = SCHEMA, **facts: Any) -> r.Container:
        """A schema."""
        facts = {"container_type": "schema"} | facts
        return r.Container(urn=urn, name=urn.rpartition("/")[2], **facts)

    def table(self, name: str, schema: str = SCHEMA, **facts: Any) -> r.Table:
        """A table."""
        facts = {"table_type": "table"} | facts
        return r.Table(urn=f"{schema}/{name}", name=name, container_urn=schema, **facts)

    def column(self, table: str, name: str, schema: str = SCHEMA, **facts: Any) -> r.Column:
        """A column of a table."""
        whole = f"{schema}/{table}"
        facts = {"data_type": "text", "type_class": "string"} | facts
        return r.Column(urn=f"{whole}#{name}", name=name, table_urn=whole, field_path=name, **facts)

    def tables(self, *names: str, columns: Sequence[str] = ("id", "name")) -> list[r.Record]:
        """Tables with columns."""
        wholes: list[r.Record] = [self.table(name) for name in names]
        return [*wholes, *(self.column(table, name) for table in names for name in columns)]

    def edge(self, view: str, upstream: str | None, **facts: Any) -> r.Lineage:
        """An edge of lineage that a view asserts."""
        urn = f"{SCHEMA}/{view}"
        facts = {
            "asserted_by": urn,
            "downstream_urn": urn,
            "upstream_urn": upstream,
            "granularity": "table",
            "origin": "view_definition",
        } | facts
        return r.Lineage(lineage_id=msgspec.json.encode(facts).hex()[-32:], **facts)

    def alive(self, record: r.Asset, stream: str = "tables") -> r.Liveness:
        """Word that an object is unchanged."""
        return r.Liveness(stream=stream, urn=record.urn)

    def covered(
        self, records: Iterable[r.Record], *names: str, scope: str = DATABASE, **facts: Any
    ) -> list[r.Record]:
        """The records and the coverage of their streams, or of the named ones, in one scope."""
        records = list(records)
        counts = Counter(_stream(record) for record in records)
        wanted = names or tuple(sorted(counts))
        coverage = [
            r.Coverage(
                **({"complete": True, "extracted": counts[name]} | facts),
                stream=name,
                scope_urn=NAMESPACE if name == "systems" else scope,
            )
            for name in wanted
        ]
        return [*records, *coverage]

    def write(self, records: Iterable[r.Record], state: Any = None) -> bytes:
        """Singer messages."""
        records = list(records)
        schemas = {it.name: it.schema for it in streams.bundled().values()}
        order = list(dict.fromkeys(type(record).STREAM for record in records))
        lines: list[Any] = [
            {"type": "SCHEMA", "stream": name, "schema": schemas[name], "key_properties": []}
            for name in order
        ]
        lines += [{"type": "RECORD", "stream": type(it).STREAM, "record": it} for it in records]
        lines += [{"type": "STATE", "value": state}] if state is not None else []
        return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _stream(record: r.Record) -> str:
    return record.stream if isinstance(record, r.Liveness) else type(record).STREAM


@dataclass
class Catalog:
    """A database of its own, with the catalog's tables."""

    url: str
    settings: dict[str, Any] = field(default_factory=dict)
    source: Source = field(default_factory=Source)

    def load(self, records: Iterable[r.Record] | bytes, state: Any = None, **facts: Any) -> Outcome:
        """Load records in this process."""
        lines = records if isinstance(records, bytes) else self.source.write(records, state)
        config, _ = settings.parse({"database_url": self.url} | self.settings | facts, {})
        with database.connect(self.url) as connection:
            migrate.migrate(connection)
            return load.load(connection, config, io.BytesIO(lines))

    def run(
        self, *arguments: str, lines: bytes = b"", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the installed command."""
        inherited = {
            name: value for name, value in os.environ.items() if "DATABASE_URL" not in name
        }
        given = {"TARGET_CATALOG_DATABASE_URL": self.url} if environment is None else environment
        return subprocess.run(
            [COMMAND, *arguments],
            input=lines,
            capture_output=True,
            env=inherited | given,
            timeout=120,
        )

    def rows(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query; plain values where it has one column."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(query, values).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def one(self, query: str, *values: Any) -> Any:
        """The only row of a query."""
        (row,) = self.rows(query, *values)
        return row

    def execute(self, query: str, *values: Any) -> None:
        """Run a statement."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(query, values)

    def names(self, stream: str = "tables") -> list[str]:
        """The names in a stream's table."""
        return self.rows(f"SELECT name FROM catalog.{stream} ORDER BY urn")

    def changes(self) -> list[dict[str, Any]]:
        """The change feed of the latest run that has any."""
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            return connection.execute(
                "SELECT kind, stream, urn, field, before, after, counts, breaking"
                " FROM catalog.changes"
                " WHERE run_id = (SELECT id FROM catalog.runs WHERE status <> 'running'"
                " ORDER BY number DESC LIMIT 1) ORDER BY stream, urn, field"
            ).fetchall()

    def contents(self, connector: str = "%") -> dict[str, list[Any]]:
        """All rows of a connector in all streams, without what differs from run to run."""
        query = (
            "SELECT to_jsonb(t) - '{{connector_id,first_seen_at,changed_at,left_scope_at}}'::text[]"
            " FROM catalog.{} AS t JOIN catalog.connectors AS c ON c.id = t.connector_id"
            " WHERE c.name LIKE %s ORDER BY 1"
        )
        return {
            stream.name: self.rows(query.format(stream.name), connector)
            for stream in streams.of_the_source()
        }


EMPTY = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT oid::regclass FROM pg_class
        WHERE relkind = 'r'
          AND (relnamespace = 'catalog_staging'::regnamespace OR relname ~ '^changes_2')
    LOOP
        EXECUTE 'DROP TABLE ' || name;
    END LOOP;
    FOR name IN
        SELECT oid::regclass FROM pg_class
        WHERE relnamespace = 'catalog'::regnamespace AND relkind = 'r' AND relname <> 'migrations'
    LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
END;
$$
"""


@pytest.fixture(scope="session")
def prepared(postgres: Any) -> Catalog:
    """A database with the catalog's tables, made once."""
    prepared = Catalog(postgres.url(postgres.create_database()))
    with database.connect(prepared.url) as connection:
        migrate.migrate(connection)
    return prepared


@pytest.fixture
def catalog(prepared: Catalog) -> Catalog:
    """An empty catalog."""
    prepared.execute(EMPTY)
    return Catalog(prepared.url)


@pytest.fixture
def source() -> Source:
    """What a tap of a small database would write."""
    return Source()


@pytest.fixture
def empty_database(postgres: Any) -> Iterator[Catalog]:
    """A database that nobody prepared."""
    yield Catalog(postgres.url(postgres.create_database()))


def as_json(text: bytes) -> Any:
    """What a line says."""
    return json.loads(text)
