"""Streams whose schema is none of ours: kept whole in one generic table, with their schema."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from target_catalog.merge import MANY_ROWS, Merged
from target_catalog.removals import are_too_many
from target_catalog.staging import StagingTable
from target_catalog.streams import Column
from target_catalog.validate import Fault, RecordFaulty
from target_catalog.work import Work

COLUMNS = (
    Column("key", "text", is_urn=True),
    Column("version", "bigint"),
    Column("record", "jsonb"),
)


@dataclass
class OtherStream:
    """A stranger's stream: its schema, and the version that its tap declared complete."""

    name: str
    schema: dict[str, Any]
    key_properties: tuple[str, ...]
    table: StagingTable
    arrived_version: int | None = None
    active_version: int | None = None

    def row(self, record: dict[str, Any], version: int | None) -> tuple[Any, ...]:
        """A record as a staged row; raises RecordFaulty where its key is not there."""
        self._check_key(record)
        document = msgspec.json.encode(record, order="sorted")
        named = msgspec.json.encode([record.get(name) for name in self.key_properties])
        key = named if self.key_properties and len(named) <= 1000 else _digest(named, document)
        return key if isinstance(key, str) else key.decode(), version, document.decode()

    def _check_key(self, record: dict[str, Any]) -> None:
        """Without its key a record would take the place of another one."""
        missing = [f"$.{name}" for name in self.key_properties if name not in record]
        if missing:
            raise RecordFaulty([Fault(path, "a part of the key is missing") for path in missing])
        if self.key_properties and all(record[name] is None for name in self.key_properties):
            raise RecordFaulty([Fault("$", f"the key {', '.join(self.key_properties)} is null")])

    def activate(self, version: int) -> None:
        """Take a version as complete, if records of it came before: some taps say so first."""
        if version == self.arrived_version:
            self.active_version = version


def _digest(named: bytes, document: bytes) -> str:
    return hashlib.sha256(named if len(named) > 1000 else document).hexdigest()


def merge_other(work: Work, other: OtherStream, share: float) -> Merged:
    """Bring a stranger's stream into the generic tables; removals of more than a share are held."""
    values: dict[str, Any] = {"stream": other.name, "version": other.active_version}
    work.execute(
        "merge_other_stream",
        {**values, "schema": Jsonb(other.schema), "key_properties": Jsonb(other.key_properties)},
    )
    staging = other.table.name
    work.execute("keep_last_other", staging=staging)
    work.execute("analyze", table=staging)
    work.execute("release_other_records", values, staging=staging)
    removed = held = 0
    if other.active_version is not None:
        removed, held = _settle_version(work, other, values, share)
    row = work.execute("merge_other_records", values, staging=staging).fetchone()
    added, changed = row or (0, 0)
    if added > MANY_ROWS:
        work.execute("analyze", table=sql.Identifier("catalog", "other_records"))
    return Merged(added, changed, removed, held)


def _settle_version(
    work: Work, other: OtherStream, values: dict[str, Any], share: float
) -> tuple[int, int]:
    """Remove or hold the records that a complete version lacks; gives how many of each."""
    staging = other.table.name
    row = work.execute("count_other_records", values, staging=staging).fetchone()
    records, lacking = row or (0, 0)
    if lacking == 0:
        return 0, 0
    if are_too_many(lacking, records, share):
        return 0, work.execute("hold_other_records", values, staging=staging).rowcount
    removed = work.execute("remove_other_records", values, staging=staging).rowcount
    work.execute("removed_other_records", {**values, "removed": removed})
    return removed, 0
