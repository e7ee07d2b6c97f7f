"""The adapter to singer-sdk: a true `Tap` class of any connector.

It serves what the SDK knows and Songbook's own writer does not: stream maps, flattening, deselected
properties, discovery, `--test`, and the SDK's test classes. A plain sync does not come here, since
importing the SDK alone takes over a second; `tests` prove that both ways write the same records.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from singer_sdk import Stream, Tap
from singer_sdk.exceptions import ConfigurationError, MappingError
from singer_sdk.helpers.capabilities import CapabilitiesEnum, PluginCapabilities, TapCapabilities
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.singerlib import Catalog
from singer_sdk.singerlib.encoding.base import GenericSingerWriter
from singer_sdk.singerlib.encoding.simple import Message, StateMessage

from songbook import settings
from songbook.connector import Connector
from songbook.contract import schema_of
from songbook.errors import ConfigError
from songbook.extract import extract
from songbook.records import TYPES, Record

CAPABILITIES: list[CapabilitiesEnum] = [
    TapCapabilities.CATALOG,
    TapCapabilities.DISCOVER,
    TapCapabilities.STATE,
    TapCapabilities.TEST,
    PluginCapabilities.ABOUT,
    PluginCapabilities.STREAM_MAPS,
    PluginCapabilities.FLATTENING,
]
"""What every tap can do, in the SDK's words."""


def stream_types(connector: Connector) -> list[type[Record]]:
    """The record types of a connector's streams in the order in which they are announced."""
    return [kind for kind in TYPES if kind in (*connector.yields, *connector.always)]


def tap_class(connector: Connector) -> type[Tap]:
    """A Tap that the SDK, its tests and Meltano take as one of their own."""
    return type(
        "MetadataTap",
        (_MetadataTap,),
        {
            "name": connector.command,
            "connector": connector,
            "package_name": f"songbook-{connector.command}",
            # `songbook.settings` refuses what is unknown; the SDK does not know all names.
            "config_jsonschema": settings.json_schema(connector.config)
            | {"additionalProperties": True},
            "capabilities": CAPABILITIES,
        },
    )


def run(connector: Connector, config: dict[str, Any], action: str, **given: Any) -> bool:
    """Call a method of a connector's Tap; gives whether everything was seen.

    The settings are not checked by the SDK, which knows only their main names. Raises ConfigError
    for a stream map that makes no sense.
    """
    try:
        mapping = action != "run_discovery"
        tap = tap_class(connector)(
            config=config, validate_config=False, setup_mapper=mapping, **given
        )
        getattr(tap, action)()
    except (ConfigurationError, MappingError) as error:
        hint = "Check stream_maps, stream_map_config and the settings of flattening."
        raise ConfigError(str(error), hint=hint) from None
    return bool(getattr(tap, "complete", True))


class _Writer(GenericSingerWriter[bytes, Message]):
    """Writes the SDK's messages with msgspec, as `songbook.messages` does."""

    def serialize_message(self, message: Message) -> bytes:
        return msgspec.json.encode(message.to_dict())

    def write_message(self, message: Message) -> None:
        sys.stdout.buffer.write(self.serialize_message(message) + b"\n")
        sys.stdout.buffer.flush()


class _MetadataStream(Stream):
    """One record type of a connector; the SDK's tests read it alone, a sync reads all at once."""

    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    def __init__(self, tap: _MetadataTap, kind: type[Record]) -> None:
        self.kind = kind
        self._metadata_tap = tap
        self.selected_by_default = kind.DEFAULT
        super().__init__(tap=tap, name=kind.STREAM, schema=schema_of(kind))
        self.primary_keys = kind.KEY

    @property
    def schema(self) -> dict[str, Any]:
        """The contract's schema, whole: a catalog's copy has lost what the SDK does not know."""
        return schema_of(self.kind)

    def apply_catalog(self, catalog: Catalog) -> None:
        """Follow a catalog's choices; the account of a run can't be deselected."""
        if self.kind not in self._metadata_tap.connector.always:
            super().apply_catalog(catalog)

    def get_records(self, context: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:  # noqa: ARG002
        connector = self._metadata_tap.connector
        # The account of a run needs something to account for: the first stream, which is small.
        kind = connector.yields[0] if self.kind in connector.always else self.kind
        for record in extract(connector, self._metadata_tap.own_config, [kind.STREAM]):
            if type(record) is self.kind:
                yield msgspec.to_builtins(record)


class _MetadataTap(Tap):
    """A tap that drives its reads itself."""

    connector: ClassVar[Connector]
    message_writer_class = _Writer
    complete = True
    """Whether the last sync saw everything."""

    def __init__(self, *, config: Any = None, **given: Any) -> None:
        self._given = dict(config) if isinstance(config, dict) else None
        super().__init__(config=config, **given)

    @property
    def own_config(self) -> dict[str, Any]:
        """The settings as they were given, without the SDK's own and without its defaults."""
        given = self.config if self._given is None else self._given
        return {name: value for name, value in given.items() if name not in settings.SDK_SETTINGS}

    def discover_streams(self) -> Sequence[Stream]:
        return [_MetadataStream(self, kind) for kind in stream_types(self.connector)]

    def setup_mapper(self) -> None:
        """A catalog can neither forget nor deselect the account of a run."""
        super().setup_mapper()
        for kind in self.connector.always:
            self.mapper.register_raw_stream_schema(kind.STREAM, schema_of(kind), list(kind.KEY))

    # The SDK's loop reads stream by stream; it is marked final, but there is no other door to it.
    def sync_all(self) -> None:  # type: ignore[misc]
        """One pass over the reads, each record routed to its stream."""
        selected = {type_.STREAM: stream for type_, stream in self._selected()}
        for stream in selected.values():
            stream._write_schema_message()  # the SDK has no public way to announce a stream
        records = extract(self.connector, self.own_config, selected, state=self.state)
        final = self._route(records, selected)
        self.write_message(StateMessage(value=final))

    def _selected(self) -> Iterator[tuple[type[Record], _MetadataStream]]:
        for kind in stream_types(self.connector):
            stream = self.streams[kind.STREAM]
            if stream.selected and isinstance(stream, _MetadataStream):
                yield kind, stream

    def _route(
        self, records: Iterable[Record], selected: Mapping[str, _MetadataStream]
    ) -> dict[str, Any]:
        """Hand each record to its stream; gives the state that the reads end with."""
        iterator = iter(records)
        while True:
            try:
                record = next(iterator)
            except StopIteration as end:
                state: dict[str, Any] = end.value
                return state
            if record.STREAM == "coverage" and not getattr(record, "complete", True):
                self.complete = False
            selected[record.STREAM]._write_record_message(msgspec.to_builtins(record))
