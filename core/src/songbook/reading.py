"""Records from the Singer messages of our taps: the counterpart of `songbook.messages`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from songbook import records
from songbook.errors import SourceError
from songbook.records import Record

_ID = re.compile(r"urn:songbook:record:([a-z_]+):")


class _Message(msgspec.Struct):
    type: str
    stream: str | None = None
    record: msgspec.Raw = msgspec.Raw()
    schema: dict[str, Any] | None = None


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """The records of our streams, known by their schema's `$id`; raises SourceError."""
    kinds: dict[str | None, type[Record] | None] = {}
    for number, line in enumerate(lines, 1):
        try:
            message = msgspec.json.decode(line, type=_Message)
            if message.type == "SCHEMA":
                kinds[message.stream] = _kind(message.schema or {})
            elif message.type == "RECORD" and (kind := kinds.get(message.stream)):
                yield msgspec.json.decode(message.record, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceError(
                f"Line {number} is no message of a tap: {error}",
                hint="Pipe the output of a tap of this version here, or a file that holds it.",
            ) from None


def _kind(schema: dict[str, Any]) -> type[Record] | None:
    found = _ID.match(str(schema.get("$id", "")))
    name = "".join(part.capitalize() for part in found[1].split("_")) if found else ""
    kind = getattr(records, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Record) else None
