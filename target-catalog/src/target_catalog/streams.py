"""The streams of the record contract, as the target sees them: tables, keys, parents and types.

All of it is read from the bundled `schemas/*.json`. A stream is ours by its schema's `$id`,
whatever its name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from songbook.urn import parse

ID = re.compile(r"urn:songbook:record:(?P<type>[a-z_]+):(?P<major>\d+)\.\d+\.\d+")
SQL_TYPES = {"integer": "bigint", "number": "double precision", "boolean": "boolean"}
SCOPE_FIELDS = {
    "systems": "namespace",
    "grants": "object_urn",
    "usage": "object_urn",
    "lineage": "asserted_by",
    "coverage": "scope_urn",
    "diagnostics": "scope_urn",
}
"""The field that says where a row belongs, where that is not `urn`."""
WINDOWED = {"queries", "usage", "commits", "pull_requests"}
"""Streams of what happened in a window of time: their rows go by age, never by absence."""
STITCHED_BY = {
    "charts": "urn",
    "columns": "table_urn",
    "containers": "urn",
    "dashboards": "urn",
    "data_models": "urn",
    "fields": "data_model_urn",
    "files": "urn",
    "jobs": "urn",
    "locations": "urn",
    "ml_models": "urn",
    "repositories": "urn",
    "routines": "urn",
    "sequences": "urn",
    "tables": "urn",
}
"""The column with the URN at which lineage may read otherwise when a row comes, changes or goes."""
ABOUT_THE_RUN = {"coverage", "liveness", "diagnostics"}
"""Streams that speak of the run and not of the source."""


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a record as a column."""

    name: str
    sql_type: str
    volatile: bool = False
    is_urn: bool = False


@dataclass(frozen=True, eq=False)
class Stream:
    """One record type and the table that holds it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    schema: dict[str, Any]
    parent: str | None = None

    @property
    def about_the_run(self) -> bool:
        """Whether its records speak of the run and not of the source."""
        return self.name in ABOUT_THE_RUN

    @property
    def scope_field(self) -> str | None:
        """The column whose URN says in which scope a row lies."""
        field = SCOPE_FIELDS.get(self.name, "urn")
        return field if field in self.column_names else None

    @property
    def urn_field(self) -> str:
        """The column that a change of a row is filed under."""
        return self.scope_field or self.key[0]

    @property
    def feeds_changes(self) -> bool:
        """Whether its rows make change rows; measures of a window are new each time by nature."""
        return self.name not in {"queries", "usage"}

    @property
    def goes_by_absence(self) -> bool:
        """Whether a row that a complete run doesn't find is gone."""
        return self.name not in WINDOWED

    @property
    def is_keyed_by_urn(self) -> bool:
        """Whether each row is an object with a URN of its own."""
        return self.key == ("urn",)

    @property
    def is_whole(self) -> bool:
        """Whether each row is an object that stands for itself, and others may lie below it."""
        return self.is_keyed_by_urn and self.parent is None

    @property
    def settled_by(self) -> str | None:
        """The column with the URN of the whole that a row is sent with."""
        return "asserted_by" if self.name == "lineage" else self.parent

    @property
    def stitched_by(self) -> str | None:
        """The column with the URN at which a row matters to lineage."""
        return STITCHED_BY.get(self.name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """All columns that a record fills."""
        return tuple(column.name for column in self.columns)

    @property
    def lasting(self) -> tuple[str, ...]:
        """The columns whose differences are changes: neither key nor volatile."""
        return tuple(c.name for c in self.columns if not c.volatile and c.name not in self.key)

    @property
    def updated(self) -> tuple[str, ...]:
        """All columns but the key."""
        return tuple(name for name in self.column_names if name not in self.key)


@cache
def bundled() -> dict[str, Stream]:
    """Our record types by name (`table`), in the order of the folder."""
    folder = files("songbook").joinpath("schemas")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    schemas = [json.loads(folder.joinpath(name).read_text("utf-8")) for name in names]
    return {record_type(schema): _stream(schema) for schema in schemas}


@cache
def of_the_source() -> tuple[Stream, ...]:
    """The streams that have a table of objects: all but those about the run."""
    return tuple(stream for stream in bundled().values() if not stream.about_the_run)


def record_type(schema: dict[str, Any]) -> str:
    """The type that a schema's `$id` names; empty where it is none of ours."""
    found = ID.fullmatch(str(schema.get("$id", "")))
    return found["type"] if found else ""


def major_version(schema: dict[str, Any]) -> int:
    """The major version that a schema's `$id` names."""
    found = ID.fullmatch(str(schema.get("$id", "")))
    return int(found["major"]) if found else 0


def _stream(schema: dict[str, Any]) -> Stream:
    key = tuple(schema["x-key"])
    columns = tuple(
        _column(name, definition, name in key) for name, definition in schema["properties"].items()
    )
    return Stream(schema["x-stream"], key, columns, schema, schema.get("x-parent"))


def _column(name: str, definition: dict[str, Any], is_key: bool) -> Column:
    sql_type = _sql_type(definition)
    is_urn = sql_type == "text" and (is_key or name.endswith("_urn") or name == "asserted_by")
    return Column(name, sql_type, definition.get("x-volatile", False), is_urn)


def _sql_type(definition: dict[str, Any]) -> str:
    types = definition.get("type", "object")
    first = types if isinstance(types, str) else next(it for it in types if it != "null")
    if first == "string":
        return "timestamptz" if definition.get("format") == "date-time" else "text"
    return SQL_TYPES.get(first, "jsonb")


def namespace_of(urn: Any) -> str | None:
    """The namespace of a URN; nothing where it is none."""
    try:
        return parse(urn).namespace
    except (TypeError, AttributeError, ValueError):
        return None
