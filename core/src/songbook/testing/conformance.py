"""What every tap must do, as pytest tests: a subclass names the connector and a source to read.

class TestConformance(Conformance):
    connector = connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls) -> dict[str, Any]:
        return {"path": "sample.db"}

The settings must reach a source that has something in each stream, as a user who may see it all.
"""

# ruff: noqa: S101  # tests assert, wherever they stand

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import msgspec
import pytest
from jsonschema import Draft202012Validator
from pydantic import SecretStr

from songbook import urn
from songbook.about import about
from songbook.browse import browse
from songbook.checks import check
from songbook.connector import Connector
from songbook.contract import schema_of
from songbook.extract import extract, parse
from songbook.records import (
    NO_SUCH_STREAM,
    Column,
    Container,
    Coverage,
    Diagnostic,
    Record,
    Table,
)
from songbook.settings import secret_values

CANARY = "canary-4f1c-secret"
FEW = 5
"""How many tables are browsed: each costs two connections."""


class Conformance:
    """The suite; it asks for a fixture `config`."""

    connector: ClassVar[Connector]

    @pytest.fixture(scope="class")
    @classmethod
    def records(cls, config: Mapping[str, Any]) -> Sequence[Record]:
        """All that the source has, also of the streams that are off by default."""
        return list(_everything(cls.connector, config))

    def test_every_stream_is_the_connectors_own(self, records: Sequence[Record]) -> None:
        """A run writes what `--about` announces, and its account."""
        known = {*self.connector.yields, *self.connector.always}
        assert {type(record) for record in records} <= known

    def test_records_are_valid(self, records: Sequence[Record]) -> None:
        """Each record is what its JSON Schema says."""
        validators = {kind: Draft202012Validator(schema_of(kind)) for kind in map(type, records)}
        for record in records:
            validators[type(record)].validate(msgspec.to_builtins(record))

    def test_keys_are_distinct(self, records: Sequence[Record]) -> None:
        """No key comes twice in a stream."""
        keys = Counter((record.STREAM, *_key(record)) for record in records)
        assert [key for key, count in keys.items() if count > 1] == []

    def test_urns_are_canonical(self, records: Sequence[Record]) -> None:
        """Each subject is a URN as Songbook writes it."""
        for record in records:
            if record.SUBJECT is not None:
                urn.parse(getattr(record, record.SUBJECT))

    def test_coverage_accounts_for_every_record(self, records: Sequence[Record]) -> None:
        """Each stream that the source has is covered, and each scope has as many records as its
        coverage says."""
        coverage = [record for record in records if isinstance(record, Coverage)]
        notes = [record for record in records if isinstance(record, Diagnostic)]
        absent = {one.stream for one in notes if one.code == NO_SUCH_STREAM}
        names = {kind.STREAM for kind in self.connector.yields}
        assert {one.stream for one in coverage} | absent == names
        for one in coverage:
            own = (record for record in records if one.stream == record.STREAM)
            found = sum(_is_in(record, one.scope_urn) for record in own)
            assert (one.stream, one.scope_urn, one.extracted) == (one.stream, one.scope_urn, found)

    def test_the_source_is_read_completely(self, records: Sequence[Record]) -> None:
        """The account has some and the user of the tests may see all."""
        gaps = [one for one in records if isinstance(one, Coverage) and not one.complete]
        assert gaps == []

    def test_two_runs_are_the_same(
        self, records: Sequence[Record], config: Mapping[str, Any]
    ) -> None:
        """Whoever keeps the output in git sees real changes only."""
        again = _everything(self.connector, config)
        assert [*map(_lasting, again)] == [*map(_lasting, records)]

    def test_the_check_passes(self, config: Mapping[str, Any]) -> None:
        """No step of the connection test fails."""
        steps = list(check(self.connector, config))
        assert [step for step in steps if step.status not in ("passed", "warning")] == []

    def test_browsing_shows_what_a_run_reads(
        self, records: Sequence[Record], config: Mapping[str, Any]
    ) -> None:
        """Containers, the tables of one, and the columns of one of them are those of the run."""
        view = browse(self.connector, config)
        containers = {one.urn: one.name for one in records if isinstance(one, Container)}
        assert {one.urn for one in view.schemas()} == containers.keys()
        tables = [one for one in records if isinstance(one, Table)]
        for table in tables[:FEW]:
            schema = containers.get(table.container_urn, "")  # a file may have no schemas
            assert table.urn in {one.urn for one in view.tables(schema)}
            columns = [one for one in records if isinstance(one, Column)]
            own = {one.urn for one in columns if one.table_urn == table.urn}
            assert own <= {one.urn for one in view.columns(schema, table.name)}

    def test_about_explains_every_setting(self) -> None:
        """`--about` has a description for each setting."""
        settings = about(self.connector)["settings"]["properties"]
        assert [name for name, spec in settings.items() if not spec.get("description")] == []

    def test_secrets_never_show(self, records: Sequence[Record], config: Mapping[str, Any]) -> None:
        """Neither right nor wrong secrets stand in records, checks or errors."""
        settings = parse(self.connector, config)
        names = [name for name, value in settings if isinstance(value, SecretStr)]
        wrong = [check(self.connector, {**config, name: CANARY}) for name in names]
        steps = [*check(self.connector, config), *(step for one in wrong for step in one)]
        shown = "\n".join([repr(settings), *map(repr, records), *map(repr, steps)])
        assert [name for name in (CANARY, *secret_values(settings)) if name in shown] == []


def _everything(connector: Connector, config: Mapping[str, Any]) -> Iterator[Record]:
    return extract(connector, config, [kind.STREAM for kind in connector.yields])


def _key(record: Record) -> tuple[Any, ...]:
    return tuple(getattr(record, field) for field in record.KEY)


def _is_in(record: Record, scope: str) -> bool:
    return record.SUBJECT is None or urn.is_within(getattr(record, record.SUBJECT), scope)


def _lasting(record: Record) -> str:
    """A record as JSON, without what its schema calls volatile."""
    properties = schema_of(type(record))["properties"]
    fields = msgspec.to_builtins(record)
    return json.dumps(
        {name: fields[name] for name in fields if not properties[name].get("x-volatile")}
    )
