"""The cache: what was analyzed once is not analyzed again while all it depends on stays.

Two steps, since the columns that an analysis depends on are only known after it: the text's key
leads to the tables it asked for, and with their present columns to the result.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec

from songbook.lineage.sql.definition import Analysis, Definition, KnownColumns

FILE = "sql-lineage.sqlite3"
_T = TypeVar("_T")


class Cache:
    """Analyses by content, in one file that may be lost or damaged at any time."""

    def __init__(self, folder: Path) -> None:
        self._connection = _opened(folder / FILE)

    def asked(self, definition: Definition) -> tuple[str, ...] | None:
        """The tables whose columns the analysis of a definition asks for, if that is known."""
        return self._get(_text_key(definition), tuple[str, ...])

    def get(self, definition: Definition, schema: KnownColumns) -> Analysis | None:
        """The analysis of a definition with these columns, if it was kept."""
        asked = self.asked(definition)
        return None if asked is None else self._get(_key(definition, asked, schema), Analysis)

    def put(self, definition: Definition, schema: KnownColumns, analysis: Analysis) -> None:
        """Keep an analysis."""
        self._put(_text_key(definition), analysis.asked)
        self._put(_key(definition, analysis.asked, schema), analysis)

    def close(self) -> None:
        """Write all down; without it the last ones may be lost."""
        _tolerant(self._connection.commit)
        self._connection.close()

    def _get(self, key: bytes, kind: type[_T]) -> _T | None:
        found = _tolerant(lambda: self._connection.execute(_READ, (key,)).fetchone())
        if found is None:
            return None
        try:
            return msgspec.msgpack.decode(found[0], type=kind)
        except msgspec.MsgspecError:
            return None

    def _put(self, key: bytes, value: object) -> None:
        row = (key, msgspec.msgpack.encode(value))
        _tolerant(lambda: self._connection.execute(_WRITE, row))


_TABLE = "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"
_READ = "SELECT value FROM kept WHERE key = ?"
_WRITE = "INSERT OR REPLACE INTO kept VALUES (?, ?)"


def _opened(file: Path) -> sqlite3.Connection:
    """The file's database; a damaged one is made anew, and memory stands in where none can be."""
    for attempt in (file, file, None):
        try:
            if attempt is not None:
                attempt.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(attempt or ":memory:", timeout=5)
            connection.execute(_TABLE)
            connection.execute("SELECT count(*) FROM kept").fetchone()
        except (sqlite3.Error, OSError):
            _remove(file)
        else:
            return connection
    raise AssertionError("a database in memory can always be opened")


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return


def _tolerant(action: Callable[[], _T]) -> _T | None:
    """What the database does, or nothing if it is damaged: then all is computed again."""
    try:
        return action()
    except sqlite3.Error:
        return None


def _text_key(definition: Definition) -> bytes:
    return _digest(definition)


def _key(definition: Definition, asked: Sequence[str], schema: KnownColumns) -> bytes:
    columns = {table: schema.get(table) for table in asked}
    others = None
    if any(found is None for found in columns.values()):
        wanted = {table.lower() for table in asked}
        others = {name: schema[name] for name in schema if name.lower() in wanted}
    return _digest([definition, sorted(columns.items()), others])


def _digest(value: object) -> bytes:
    return blake2b(msgspec.msgpack.encode([_versions(), value]), digest_size=20).digest()


@lru_cache(maxsize=1)
def _versions() -> bytes:
    """What sqlglot and this package are: its very sources, so that no change is missed."""
    digest = blake2b(version("sqlglot").encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()
