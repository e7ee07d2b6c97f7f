"""Validation at the target's door: each record against its schema, by a compiled validator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import jsonschema_rs
import msgspec

from songbook.errors import SourceError

BIGINT = {"minimum": -(2**63), "maximum": 2**63 - 1}
LONGEST_KEY = 2600
"""Bytes of a URN or of a whole key: an index entry of PostgreSQL holds 2704 bytes."""
URN = {"maxLength": LONGEST_KEY, "pattern": "^[!-~]*$"}
"""What a URN may be: percent-encoding leaves only ASCII, one byte a character."""


class Fault(msgspec.Struct, frozen=True):
    """One way in which a record breaks its schema."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class RecordFaulty(Exception):
    """A record breaks its schema."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class Validator:
    """The compiled schema of one stream."""

    def __init__(self, stream: str, schema: dict[str, Any], key: tuple[str, ...] = ()) -> None:
        """The parts of the key are those that an index has to hold."""
        is_limited = len(key) == 1 and "maxLength" in schema["properties"][key[0]]
        self._key = () if is_limited else key
        try:
            self._compiled = jsonschema_rs.validator_for(
                schema, validate_formats=True, retriever=_refuse
            )
        except (ValueError, jsonschema_rs.ValidationError) as error:
            raise SourceError(
                f"The schema of stream {stream} can't be used: {str(error).splitlines()[0]}",
                hint="A schema must be a JSON Schema and stand for itself: a $ref to another place"
                " is not followed.",
            ) from None

    def check(self, record: Any) -> None:
        """Raise RecordFaulty with every fault of a record."""
        if not self._compiled.is_valid(record):
            raise RecordFaulty(list(self._faults(record)))
        if self._key:
            self._check_key(record)

    def _check_key(self, record: Any) -> None:
        if sum(len(str(record[name]).encode()) for name in self._key) > LONGEST_KEY:
            parts = " and ".join(self._key)
            raise RecordFaulty([Fault("$", f"{parts} are longer than {LONGEST_KEY} bytes")])

    def _faults(self, record: Any) -> Iterator[Fault]:
        for error in self._compiled.iter_errors(record):
            yield Fault(json_path(error.instance_path), _shortened(error.message))


def _refuse(uri: str) -> NoReturn:
    """Retrieve nothing: a tap's schema must not make the target ask hosts or read files."""
    raise ValueError(f"{uri} is not looked up")


def json_path(parts: list[str | int]) -> str:
    """Where in a record: `$.columns[0].name`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def storable(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with the limits of its table: 64 bits, and the length of an index entry."""
    properties = {
        name: {**definition, **_limits(name, definition)}
        for name, definition in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _limits(name: str, definition: dict[str, Any]) -> dict[str, Any]:
    if "integer" in definition.get("type", ()):
        return BIGINT
    return URN if name in ("urn", "asserted_by") or name.endswith("_urn") else {}


def _shortened(text: str, limit: int = 300) -> str:
    """A message without the middle of the value that it quotes; what is wrong stands at its end."""
    return text if len(text) <= limit else f"{text[: limit // 3]} … {text[-limit // 2 :]}"
