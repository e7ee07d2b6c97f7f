"""A cache of analyses, which may be lost at any time."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import msgspec

from songbook.lineage.sql import SqlLineage

FILE = "lineage.sqlite3"
DAYS = 30
"""How long an analysis is kept that nobody asks for."""

_PROGRAMS = tuple(metadata.version(name) for name in ("songbook-core", "sqlglot"))
"""Another version may know better."""


class Cache:
    """Analyses by what they depend on, in a file of a folder; a file that fails is done without."""

    def __init__(self, folder: str) -> None:
        self._file: sqlite3.Connection | None = None
        with suppress(OSError, sqlite3.Error):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(Path(folder) / FILE, timeout=1, isolation_level=None)
            self._file.execute("PRAGMA synchronous = OFF")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS analyses"
                " (key BLOB PRIMARY KEY, result BLOB NOT NULL, used_on TEXT NOT NULL)"
            )
            self._file.execute(
                "DELETE FROM analyses WHERE used_on < date('now', ?)", (f"-{DAYS} days",)
            )

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def of(self, what: object, analyze: Callable[[], SqlLineage]) -> SqlLineage:
        """The analysis of something, made if it is not there; one with errors is made again."""
        key = hashlib.sha256(msgspec.msgpack.encode((_PROGRAMS, what))).digest()
        known = self._get(key)
        if known is not None:
            return known
        result = analyze()
        if not result.errors:
            self._put(key, result)
        return result

    def _get(self, key: bytes) -> SqlLineage | None:
        if self._file is None:
            return None
        with suppress(sqlite3.Error, msgspec.MsgspecError, TypeError):
            row = self._file.execute(
                "UPDATE analyses SET used_on = date('now') WHERE key = ? RETURNING result", (key,)
            ).fetchone()
            return row and msgspec.msgpack.decode(row[0], type=SqlLineage)
        return None

    def _put(self, key: bytes, result: SqlLineage) -> None:
        if self._file is None:
            return
        with suppress(sqlite3.Error):
            self._file.execute(
                "INSERT OR REPLACE INTO analyses VALUES (?, ?, date('now'))",
                (key, msgspec.msgpack.encode(result)),
            )
