"""Singer messages on stdout, written without singer-sdk: the fast way from records to bytes.

RECORD and STATE are byte for byte what the SDK's own path writes; a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec

from songbook.contract import schema_of
from songbook.records import Record

FLUSH_BYTES = 1 << 16
"""How many bytes are gathered before they are written."""


class Writer:
    """Writes messages; records are gathered, all else is written at once."""

    def __init__(self, out: BinaryIO | None = None) -> None:
        self._out = out or sys.stdout.buffer
        self._buffer = bytearray()
        self._encode = msgspec.json.Encoder()
        self._tail = b',"time_extracted":%s}\n' % self._encode.encode(datetime.now(UTC))
        self._heads: dict[type[Record], bytes] = {}

    def schemas(self, kinds: Iterable[type[Record]]) -> None:
        """Announce streams, before their records."""
        for kind in kinds:
            self._schema(kind)

    def _schema(self, kind: type[Record]) -> None:
        self._heads[kind] = b'{"type":"RECORD","stream":"%s","record":' % kind.STREAM.encode()
        message = {
            "type": "SCHEMA",
            "stream": kind.STREAM,
            "schema": schema_of(kind),
            "key_properties": list(kind.KEY),
        }
        self._write(self._encode.encode(message) + b"\n")

    def record(self, record: Record) -> None:
        """Write one record of an announced stream."""
        buffer = self._buffer
        buffer += self._heads[type(record)]
        self._encode.encode_into(record, buffer, len(buffer))
        buffer += self._tail
        if len(buffer) >= FLUSH_BYTES:
            self.flush()

    def state(self, value: Mapping[str, Any]) -> None:
        """Write the state that the next run starts from."""
        self._write(self._encode.encode({"type": "STATE", "value": value}) + b"\n")

    def flush(self) -> None:
        """Hand over what was gathered."""
        self._out.write(self._buffer)
        self._out.flush()
        self._buffer.clear()

    def _write(self, line: bytes) -> None:
        self._buffer += line
        self.flush()
