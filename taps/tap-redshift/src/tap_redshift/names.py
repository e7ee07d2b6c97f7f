"""Names as a statement takes them after IN."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.types.string import StrDumper


class Names(tuple[str, ...]):
    """A list of names: `schema_name IN %(schemas)s`."""

    __slots__ = ()


EVERY_NAME = Names([""])
"""What stands after IN where all names are wanted: IN can't be empty, and nothing has this name."""


class _NamesDumper(Dumper):
    def dump(self, names: Names) -> bytes:
        return self.quote(names)

    def quote(self, names: Names) -> bytes:
        text = StrDumper(str, self.connection)
        return b"(" + b", ".join(bytes(text.quote(name)) for name in names) + b")"


def adapt(connection: psycopg.Connection[Any]) -> None:
    """Let a connection write Names."""
    connection.adapters.register_dumper(Names, _NamesDumper)
