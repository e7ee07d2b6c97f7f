"""What lineage names and the catalog doesn't have, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from target_catalog.database import Connection
from target_catalog.statements import statement


@dataclass(frozen=True, slots=True)
class Missing:
    """A table or column that edges of one connector name."""

    connector: str
    how: str
    """unresolved, or ambiguous: several could be meant."""
    urn: str | None
    """What the tap knows, or the table whose column is missing."""
    upstream_ref: dict[str, Any] | None
    """The source's own words, where the tap has only those."""
    upstream_field: str | None
    downstream_urn: str | None
    downstream_field: str | None
    edges: int
    asserted_by: str
    """Whoever says so; one of them, where they are several."""
    candidates: list[str] | None


def missing(connection: Connection, organization: UUID) -> list[Missing]:
    """All of it, by connector."""
    with connection.cursor(row_factory=class_row(Missing)) as cursor:
        values = {"organization": organization}
        return cursor.execute(statement("unresolved"), values).fetchall()


def as_json(found: list[Missing]) -> Iterator[str]:
    """A line of JSON each."""
    for one in found:
        yield msgspec.json.encode(asdict(one)).decode()


def as_text(found: list[Missing]) -> Iterator[str]:
    """Paragraphs by connector."""
    if not found:
        yield "Everything that lineage names is in the catalog."
    for connector, ones in groupby(found, key=lambda one: one.connector):
        yield connector
        for one in ones:
            yield f"  {one.how} {_what(one)} ({one.edges} edges, such as of {one.asserted_by})"
            yield from (f"    could be {candidate}" for candidate in one.candidates or ())


def _what(one: Missing) -> str:
    if one.downstream_urn is not None:
        ends = ((one.urn, one.upstream_field), (one.downstream_urn, one.downstream_field))
        return "column: " + " -> ".join(
            f"{urn}#{field}" if field else f"{urn}" for urn, field in ends
        )
    if one.upstream_ref is not None:
        words = (f"{name} {value}" for name, value in one.upstream_ref.items() if value is not None)
        return f"reference: {', '.join(words)}"
    return one.urn or "edge without an upstream"
