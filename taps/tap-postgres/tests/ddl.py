"""Records written as the statements that pg_dump would write for the same objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ddl_objects
import ddl_tables
from ddl_names import column_name, literal, qualified, quote
from ddl_objects import arguments, plain_name, routine_kind
from reading import Json, Reading, parts


def comment(stream: str, record: Json, reading: Reading) -> Iterator[str]:
    """COMMENT ON, where the record has a description; that of `public` is the server's own."""
    if record["description"] not in (None, "standard public schema"):
        yield f"COMMENT ON {_subject(stream, record, reading)} IS {literal(record['description'])}"


def _subject(stream: str, record: Json, reading: Reading) -> str:
    name = quote(record["name"])
    if stream == "containers":
        return f"{record['container_type'].upper()} {name}"
    if stream == "tables":
        kind = record["native_type"].upper().removeprefix("PARTITIONED ")
        return f"{kind} {qualified(record['urn'])}"
    if stream == "columns":
        return f"COLUMN {column_name(record)}"
    if stream == "indexes":
        return f"INDEX {'.'.join(map(quote, (parts(record['urn'])[1], record['name'])))}"
    if stream == "routines":
        return f"{routine_kind(record)} {qualified(plain_name(record))}({arguments(record)})"
    if stream == "types":
        kind = "DOMAIN" if record["type_type"] == "domain" else "TYPE"
        return f"{kind} {qualified(record['urn'])}"
    if stream == "policies":
        return f"POLICY {name} ON {qualified(record['applies_to'][0])}"
    if stream == "triggers" and record["table_urn"] is None:
        return f"EVENT TRIGGER {name}"
    if stream in ("triggers", "constraints"):
        return f"{stream[:-1].upper()} {name} ON {qualified(record['table_urn'])}"
    if stream == "locations":
        return f"SERVER {name}"
    return f"{stream[:-1].upper()} {qualified(record['urn'])}"


WRITERS: dict[str, Callable[[Json, Reading], Iterator[str]]] = {
    "containers": ddl_tables.schema,
    "tables": ddl_tables.relation,
    "columns": ddl_tables.column,
    "constraints": ddl_tables.constraint,
    "indexes": ddl_tables.index,
    "routines": ddl_objects.routine,
    "triggers": ddl_tables.trigger,
    "sequences": ddl_objects.sequence,
    "types": ddl_objects.type_,
    "policies": ddl_tables.policy,
}


def statements(reading: Reading) -> Iterator[tuple[str, str]]:
    """The URN of each object, with each statement that its record stands for."""
    for stream, write in WRITERS.items():
        for record in reading[stream]:
            for text in write(record, reading):
                yield record["urn"], text
    for stream in (*WRITERS, "locations"):
        for record in reading[stream]:
            for text in comment(stream, record, reading):
                yield record["urn"], text
