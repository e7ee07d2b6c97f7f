"""The target as a singer_sdk.Target, for stream maps and the SDK's own tests.

It is the only module that imports singer_sdk, which takes a second: the command comes here only
when a setting of the SDK asks for it. Records take the same way from here on as without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from typing import Any, BinaryIO, ClassVar

import msgspec
from singer_sdk import Target
from singer_sdk.exceptions import (
    ConfigValidationError,
    MapExpressionError,
    MissingKeyPropertiesError,
    RecordsWithoutSchemaException,
    StreamMapConfigError,
)
from singer_sdk.helpers.capabilities import (
    CapabilitiesEnum,
    PluginCapabilities,
    TargetCapabilities,
)

from songbook.errors import ConfigError, NotSupported
from songbook.settings import json_schema
from target_catalog import config as settings
from target_catalog import session
from target_catalog.config import Config
from target_catalog.load import begin, give_up, write_state
from target_catalog.loader import Loader
from target_catalog.messages import Message
from target_catalog.settle import Outcome

_encoder = msgspec.json.Encoder(decimal_format="number")


class CatalogTarget(Target):
    """Loads metadata into a catalog on Postgres or Supabase."""

    name = "target-catalog"
    package_name = "songbook-target-catalog"
    config_jsonschema = json_schema(Config)
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.ACTIVATE_VERSION,
        TargetCapabilities.VALIDATE_RECORDS,
    ]
    outcome: Outcome | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._open = ExitStack()
        self._loader: Loader | None = None

    @property
    def loader(self) -> Loader:
        """The load under way; it begins with the first message."""
        if self._loader is None:
            given = {name: self.config[name] for name in self.config if name in Config.model_fields}
            own, _ = settings.parse(given)
            connection = self._open.enter_context(session.connected(own))
            self._loader = begin(connection, own)
        return self._loader

    def process_endofpipe(self) -> None:
        """Settle the run and write the state."""
        with self._open:
            self.outcome = self.loader.finish()
            write_state(self.loader)

    def close(self, error: BaseException) -> None:
        """Give the run up."""
        with self._open:
            if self._loader is not None:
                give_up(self._loader, error)

    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        self._assert_line_requires(message_dict, requires={"stream", "schema"})
        self._assert_line_requires(message_dict["schema"], requires={"properties"})
        name, schema = message_dict["stream"], message_dict["schema"]
        self.mapper.register_raw_stream_schema(name, schema, message_dict.get("key_properties"))
        identity = {"$id": schema["$id"]} if "$id" in schema else {}
        for stream_map in self.mapper.stream_maps[name]:
            self.loader.schema(
                stream_map.stream_alias,
                {**stream_map.transformed_schema, **identity},
                list(stream_map.transformed_key_properties or []),
            )

    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        self._assert_line_requires(message_dict, requires={"stream", "record"})
        name = message_dict["stream"]
        if name not in self.mapper.stream_maps:
            raise RecordsWithoutSchemaException(
                f"A record of stream {name} comes before its schema."
            )
        for stream_map in self.mapper.stream_maps[name]:
            record = stream_map.transform(dict(message_dict["record"]))
            if record is not None:
                self._take(stream_map.stream_alias, record, message_dict.get("version"))

    def _take(self, name: str, record: dict[str, Any], version: int | None) -> None:
        inlet = self.loader.inlets.get(name)
        missing = [key for key in inlet.key if key not in record] if inlet else []
        if missing:
            raise MissingKeyPropertiesError(
                f"A record of stream {name} lacks {', '.join(missing)}."
            )
        raw = msgspec.Raw(_encoder.encode(record))
        self.loader.take(Message("RECORD", name, raw, version=version, size=len(bytes(raw))))

    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        self._assert_line_requires(message_dict, requires={"value"})
        raw = msgspec.Raw(_encoder.encode(message_dict["value"]))
        self.loader.take(Message("STATE", value=raw))

    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        for stream_map in self.mapper.stream_maps.get(message_dict["stream"], []):
            self.loader.activate_version(stream_map.stream_alias, message_dict["version"])

    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:
        raise NotSupported(
            f"Stream {message_dict['stream']} comes as a BATCH of files.",
            hint="Let the tap write records: leave batch_config out of its settings.",
        )


@contextmanager
def _faults_of_settings() -> Iterator[None]:
    """Raise what the SDK says of its own settings as ConfigError."""
    try:
        yield
    except (MapExpressionError, StreamMapConfigError, ConfigValidationError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise ConfigError(
            f"The SDK can't use its settings: {said}.",
            hint="Correct stream_maps, or the flattening settings, in the configuration.",
        ) from None


def load(config: Config, sdk: dict[str, Any], lines: BinaryIO) -> Outcome:
    """Load an input with the SDK's settings in force."""
    own = config.model_dump(mode="json", exclude_none=True)
    if config.database_url:
        own["database_url"] = config.database_url.get_secret_value()
    with _faults_of_settings():
        target = CatalogTarget(config={**own, **sdk})
        try:
            target.listen(TextIOWrapper(lines, encoding="utf-8"))
        except BaseException as error:
            target.close(error)
            raise
    assert target.outcome is not None  # noqa: S101  # listen ends with process_endofpipe
    return target.outcome
