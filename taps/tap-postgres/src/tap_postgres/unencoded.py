"""Text of databases with the encoding SQL_ASCII, where the server takes any bytes for text.

Bytes that are not UTF-8 stand as `\\xe9`: names stay apart from each other, and no row is lost.
"""

from __future__ import annotations

import json
import re
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.rows import TupleRow
from psycopg.types.json import set_json_loads

TEXTS = ("text", "name", "varchar", "bpchar")
_STRAY_BYTE = re.compile("[\udc80-\udcff]")


def take_any_bytes(connection: psycopg.Connection[TupleRow]) -> None:
    """Read all text of a session this way; with UTF8 the server would refuse to send it."""
    connection.execute("SET client_encoding = 'SQL_ASCII'")
    for name in TEXTS:
        connection.adapters.register_loader(name, _Text)
    set_json_loads(_json, connection)


class _Text(Loader):
    """A text with stray bytes written out."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode("utf-8", "backslashreplace")


def _json(data: str | bytes) -> Any:
    """A document whose texts have stray bytes written out."""
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    return json.loads(_STRAY_BYTE.sub(lambda stray: rf"\\x{ord(stray[0]) - 0xDC00:02x}", text))
