"""One load: takes messages in, stages their records, and settles the run when the input ends."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from songbook.errors import RecordInvalid, SourceError
from target_catalog import runs, streams
from target_catalog.config import Config
from target_catalog.database import Connection
from target_catalog.messages import Message, record_of
from target_catalog.others import COLUMNS, OtherStream
from target_catalog.settle import Load, Outcome, settle
from target_catalog.staging import Encoder, RowRefused, Staging, StagingTable
from target_catalog.statements import statement
from target_catalog.streams import Stream, namespace_of
from target_catalog.validate import Fault, RecordFaulty, Validator, storable

SIGN_OF_LIFE = 10
"""Seconds between two words to other runs that this one lives."""


@dataclass
class Inlet:
    """Where the records of one Singer stream go."""

    name: str
    validator: Validator
    table: StagingTable
    encoder: Encoder
    key: tuple[str, ...]
    ours: Stream | None = None
    other: OtherStream | None = None
    rejected: int = 0

    def row(self, record: dict[str, Any], version: int | None) -> Any:
        """A record as a staged row."""
        return self.other.row(record, version) if self.other else self.encoder(record)

    def takes(self, ours: Stream | None, schema: dict[str, Any], key: tuple[str, ...]) -> bool:
        """Whether it was made for such a stream."""
        if self.other is None or ours is not None:
            return self.ours is ours
        return (self.other.schema, self.other.key_properties) == (schema, key)


@dataclass
class Loader:
    """The load of one run."""

    connection: Connection
    config: Config
    run: runs.Run
    staging: Staging
    inlets: dict[str, Inlet] = field(default_factory=dict)
    others: dict[str, OtherStream] = field(default_factory=dict)
    state: bytes | None = None
    system: dict[str, Any] | None = None
    namespace: str | None = None
    problems: list[str] = field(default_factory=list)
    last_sign: float = field(default_factory=time.monotonic)

    def take(self, message: Message) -> None:
        """Take one message in."""
        match message.type:
            case "RECORD" if message.stream is not None and message.record:
                self.record(message)
            case "SCHEMA" if message.stream is not None and message.schema is not None:
                self.schema(message.stream, message.schema, message.key_properties or [])
            case "STATE" if message.value:
                self.remember(message)
            case "ACTIVATE_VERSION" if message.stream is not None and message.version is not None:
                self.activate_version(message.stream, message.version)
            case "RECORD" | "SCHEMA" | "STATE" | "ACTIVATE_VERSION":
                raise SourceError(f"Line {message.line_number}: a {message.type} lacks something.")
            case other:
                raise SourceError(
                    f"Line {message.line_number}: no message is called {other!r}.",
                    hint="target-catalog takes SCHEMA, RECORD, STATE and ACTIVATE_VERSION.",
                )

    def schema(self, name: str, schema: dict[str, Any], key_properties: list[str]) -> None:
        """Make room for a stream; the same schema again changes nothing."""
        ours, key = self._ours(name, schema), tuple(key_properties)
        before = self.inlets.get(name)
        if before and before.takes(ours, schema, key):
            return
        inlet = self._our_inlet(name, ours) if ours else self._other_inlet(name, schema, key)
        if before:
            self._flush(before)
            inlet.rejected = before.rejected
        self.inlets[name] = inlet

    def record(self, message: Message) -> None:
        """Validate and stage one record."""
        inlet = self.inlets.get(message.stream or "")
        if inlet is None:
            raise SourceError(
                f"Line {message.line_number}: a record of stream {message.stream}"
                " comes before its schema.",
                hint="A Singer tap writes a stream's SCHEMA first.",
            )
        try:
            record = record_of(message.record)
            self.add(inlet, record, message)
        except RecordFaulty as error:
            self._reject(inlet, message, error.faults)
        except (RecursionError, msgspec.DecodeError, ValueError) as error:
            self._reject(inlet, message, [Fault("$", str(error))])

    def add(self, inlet: Inlet, record: Any, message: Message) -> None:
        """Stage one decoded record; raises RecordFaulty."""
        if not isinstance(record, dict):
            raise RecordFaulty([Fault("$", "not an object")])
        inlet.validator.check(record)
        if inlet.other:
            inlet.other.arrived_version = message.version
        elif self.system is None:
            self._notice_system(inlet, record)
        try:
            self.staging.add(inlet.table, inlet.row(record, message.version), message.size)
        except RowRefused as refused:
            self._reject_row(inlet, refused)
        if time.monotonic() - self.last_sign > SIGN_OF_LIFE:
            runs.keep_alive(self.connection, self.run)
            self.last_sign = time.monotonic()

    def remember(self, message: Message) -> None:
        """Keep a state for the end of the run; null is none."""
        try:
            value = record_of(message.value)
        except (RecursionError, msgspec.DecodeError, ValueError) as error:
            raise SourceError(
                f"Line {message.line_number}: the state can't be kept: {error}"
            ) from None
        if value is not None:
            self.state = msgspec.json.encode(value)

    def activate_version(self, name: str, version: int) -> None:
        """Note that a stranger's tap has sent a version whole; ours say so by coverage."""
        if name in self.others:
            self.others[name].activate(version)

    def finish(self) -> Outcome:
        """Settle what came in."""
        for inlet in self.inlets.values():
            self._flush(inlet)
            if inlet.other and inlet.rejected:
                inlet.other.active_version = None
        rejected = {inlet.name: inlet.rejected for inlet in self.inlets.values() if inlet.rejected}
        self.problems += [f"{name}: {number} records rejected" for name, number in rejected.items()]
        if not any(inlet.table.staged for inlet in self.inlets.values()):
            self._doubt_silence()
        load = Load(
            self.staging, self._connector(), list(self.others.values()), self.state, self.problems
        )
        return settle(self.connection, self.config, self.run, load)

    def _doubt_silence(self) -> None:
        """A tap without records has died; only a stranger's may have nothing new, but a state."""
        if self.staging.announced or not self.others:
            raise SourceError(
                "No record arrived.",
                hint="Run the tap alone, or look at what it says above. The catalog is unchanged.",
            )
        if self.state is None:
            self.problems.append("neither a record nor a state arrived")

    def _ours(self, name: str, schema: dict[str, Any]) -> Stream | None:
        ours = streams.bundled().get(streams.record_type(schema))
        if ours and streams.major_version(schema) != streams.major_version(ours.schema):
            raise SourceError(
                f"Stream {name} speaks version {streams.major_version(schema)} of its record type,"
                f" this target version {streams.major_version(ours.schema)}.",
                hint="Install the tap and target-catalog in versions that go together.",
            )
        return ours

    def _our_inlet(self, name: str, stream: Stream) -> Inlet:
        validator = Validator(name, storable(stream.schema), stream.key)
        table = self.staging.of(stream)
        self.staging.announced.add(stream)
        return Inlet(name, validator, table, Encoder(stream.columns), stream.key, ours=stream)

    def _other_inlet(self, name: str, schema: dict[str, Any], key: tuple[str, ...]) -> Inlet:
        validator = Validator(name, schema)
        if name not in self.others:
            self.others[name] = OtherStream(name, schema, key, self.staging.create(COLUMNS))
        other = self.others[name]
        other.schema, other.key_properties = schema, key
        return Inlet(name, validator, other.table, Encoder(COLUMNS), key, other=other)

    def _flush(self, inlet: Inlet) -> None:
        while inlet.table.rows:
            try:
                self.staging.flush(inlet.table)
            except RowRefused as refused:
                self._reject_row(inlet, refused)

    def _reject_row(self, inlet: Inlet, refused: RowRefused) -> None:
        record = msgspec.json.encode(refused.row, enc_hook=str)
        message = Message("RECORD", inlet.name, msgspec.Raw(record))
        self._reject(inlet, message, [Fault("$", refused.reason)])

    def _reject(self, inlet: Inlet, message: Message, faults: list[Fault]) -> None:
        """Deal with a record that can't be loaded, as the setting on_invalid says."""
        inlet.rejected += 1
        if self.config.on_invalid == "quarantine":
            self._quarantine(inlet, message, faults)
        elif self.config.on_invalid == "fail":
            raise RecordInvalid(
                f"{_place(message)} of stream {inlet.name} is invalid"
                f"{_named(inlet, message)}: {'; '.join(map(str, faults))}",
                hint="Report it to the tap's authors; on_invalid: quarantine loads the others.",
            )

    def _quarantine(self, inlet: Inlet, message: Message, faults: list[Fault]) -> None:
        record = bytes(message.record).decode("utf-8", "replace").replace("\0", "\ufffd")
        self.connection.execute(
            "INSERT INTO catalog.quarantine (run_id, stream, line_number, record, faults)"
            " VALUES (%s, %s, %s, %s, %s)",
            (
                self.run.id,
                inlet.name,
                message.line_number or None,
                record,
                Jsonb(msgspec.to_builtins(faults)),
            ),
        )

    def _notice_system(self, inlet: Inlet, record: dict[str, Any]) -> None:
        if inlet.ours is None:
            return
        if inlet.ours.name == "systems":
            self.system = record
        elif self.namespace is None:
            self.namespace = namespace_of(record.get(inlet.ours.urn_field))

    def _connector(self) -> str:
        """Its name: as set, else tap and system, else that of who reads the system already."""
        if self.config.connector:
            return self.config.connector
        if self.system:
            tap = self.system.get("tap") or f"tap-{self.system['platform']}"
            return f"{tap} {self.system['namespace']}"
        if self.namespace:
            values = {"organization": self.run.organization, "namespace": self.namespace}
            row = self.connection.execute(statement("connector_of_system"), values).fetchone()
            return str(row[0]) if row else f"unnamed tap {self.namespace}"
        return f"unnamed tap {min(self.inlets, default='without streams')}"


def _place(message: Message) -> str:
    return f"Line {message.line_number}: a record" if message.line_number else "A record"


def _named(inlet: Inlet, message: Message) -> str:
    try:
        record = record_of(message.record)
    except (RecursionError, ValueError):
        return ""
    if not isinstance(record, dict) or not inlet.key:
        return ""
    return f" ({', '.join(f'{name} = {record.get(name)!r}'[:500] for name in inlet.key)})"
