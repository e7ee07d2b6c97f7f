r"""What psql's \d+ says about relations, taken apart."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FIELD, RECORD, PART = "\x1f", "\x1e", "\x1d"
"""Separators that stand in no name."""


@dataclass(frozen=True)
class Description:
    """One relation as psql describes it."""

    title: str
    columns: list[dict[str, str]]
    footers: list[str]

    def footer(self, label: str) -> str | None:
        """The rest of the footer that begins with a label."""
        return next((it.removeprefix(label) for it in self.footers if it.startswith(label)), None)


def describe(server: Any, database: str, relations: Sequence[tuple[str, str]]) -> list[Description]:
    """Descriptions of relations, given by schema and name, in their order."""
    commands = [
        it
        for schema, name in relations
        for it in ("-c", rf"\echo '{PART}'", "-c", rf"\d+ {_pattern(schema)}.{_pattern(name)}")
    ]
    program = [str(server.tool("psql")), "-X", "-A", "-F", FIELD, "-R", RECORD, *commands]
    done = subprocess.run(
        [*program, server.url(database)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGOPTIONS": "-c search_path="},
    )
    assert not done.stderr, done.stderr
    return [_parsed(text) for text in done.stdout.split(f"{PART}\n")[1:]]


def _pattern(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _parsed(text: str) -> Description:
    title, header, *rest = text.removesuffix("\n").split(RECORD)
    names = header.split(FIELD)
    rows = [it for it in rest if FIELD in it]
    columns = [dict(zip(names, row.split(FIELD), strict=True)) for row in rows]
    return Description(title, columns, rest[len(rows) :])
