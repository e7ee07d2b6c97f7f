"""The graph of lineage, for people: what something is made from or for, and what breaks with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.rows import class_row

from songbook import urn as urns
from songbook.errors import ConfigError
from target_catalog.database import Connection


@dataclass(frozen=True, slots=True)
class Step:
    """An object or column that was reached, and from where."""

    urn: str
    field: str | None
    depth: int
    via_urn: str
    via_field: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """An object that is made from what is asked about."""

    stream: str | None
    """Null when the catalog has no record of it."""
    kind: str | None
    name: str | None
    urn: str
    fields: list[str] | None
    depth: int
    via_urn: str
    via_field: str | None
    url: str | None


def lineage(
    connection: Connection, organization: UUID, urn: str, steps: int | None, *, is_up: bool
) -> list[Step]:
    """What an object or column is made from, or what is made from it, nearest first."""
    way = "upstream" if is_up else "downstream"
    return _ask(connection, organization, Step, way, urn, steps)


def impact(connection: Connection, organization: UUID, urn: str, steps: int | None) -> list[Reader]:
    """What is at stake when an object or column goes, nearest first."""
    return _ask(connection, organization, Reader, "impact", urn, steps)


def as_json(rows: Sequence[Step | Reader]) -> Iterator[str]:
    """A line of JSON each."""
    for row in rows:
        yield msgspec.json.encode(asdict(row)).decode()


def as_text(rows: Sequence[Step | Reader]) -> Iterator[str]:
    """A line each, with the number of steps before it."""
    if not rows:
        yield "The catalog knows of nothing."
    for row in rows:
        if isinstance(row, Step):
            via = _place(row.via_urn, row.via_field)
            yield f"{row.depth:3}  {_place(row.urn, row.field)}  via {via}"
        else:
            what = row.kind or row.stream or "unknown"
            yield f"{row.depth:3}  {what}  {row.name or ''}  {row.urn}".rstrip()


def _place(urn: str, field: str | None) -> str:
    return f"{urn}#{urns.encode(field)}" if field else urn


def _ask(
    connection: Connection,
    organization: UUID,
    kind: type[Any],
    function: str,
    urn: str,
    steps: int | None,
) -> list[Any]:
    _check(urn)
    columns = sql.SQL(", ").join(map(sql.Identifier, kind.__dataclass_fields__))
    query = sql.SQL("SELECT {} FROM catalog.{}(%s, %s) ORDER BY depth, urn").format(
        columns, sql.Identifier(function)
    )
    with connection.transaction():
        connection.execute(
            "SELECT set_config('songbook.organization', %s, true)", (str(organization),)
        )
        with connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query, (urn, steps)).fetchall()


def _check(urn: str) -> None:
    try:
        urns.parse(urn)
    except ValueError:
        raise ConfigError(
            f"{urn!r} is not a URN.",
            hint="It looks like postgres://db:5432/app/public/orders#total; see catalog.objects.",
        ) from None
