"""The fields within columns of external tables, whose types are written as Hive writes them.

    struct<name:string,seen:array<struct<at:timestamp>>>

An array or a map has no field of its own: what is in its elements stands right below the column
(https://docs.aws.amazon.com/redshift/latest/dg/tutorial-nested-data-create-table.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

DEEPEST = 50
"""Levels that are looked into; deeper ones are no types that anybody wrote."""


class Nested(NamedTuple):
    """A field: the names that lead to it from its column, and its type."""

    path: tuple[str, ...]
    data_type: str


def fields(data_type: str, above: tuple[str, ...] = ()) -> Iterator[Nested]:
    """All fields within a type, each before those within it."""
    kind, inner = _taken_apart(data_type)
    if inner is None or len(above) > DEEPEST:
        return
    for part in _split(inner, ","):
        if kind == "struct":
            name, *of_type = _split(part, ":")
            path, own = (*above, name.strip()), ":".join(of_type).strip()
            yield Nested(path, own)
            yield from fields(own, path)
        else:
            yield from fields(part, above)


def _taken_apart(data_type: str) -> tuple[str, str | None]:
    """The name of a type, and what stands in its angle brackets."""
    name, bracket, rest = data_type.strip().partition("<")
    inner = rest.rstrip()[:-1] if bracket and rest.rstrip().endswith(">") else None
    kind = name.strip().lower()
    return kind, inner if kind in ("struct", "array", "map") else None


def _split(text: str, sign: str) -> list[str]:
    """The parts between signs that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += (character in "<(") - (character in ">)")
        if character == sign and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
