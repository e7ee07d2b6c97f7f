"""Primary, foreign and unique keys, each of several rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from songbook import Request, urn
from songbook.connector import Item
from songbook.records import Constraint
from songbook.sql import params
from tap_redshift.client import Database
from tap_redshift.sources import SQL

KINDS: Mapping[str, Literal["primary_key", "foreign_key", "unique"]] = {
    "p": "primary_key",
    "f": "foreign_key",
    "u": "unique",
}


def constraints(database: Database, request: Request) -> Iterator[Item]:
    """The keys of local tables."""
    names, rows = database.rows(SQL["constraints"], params(request))
    named = (dict(zip(names, row, strict=True)) for row in rows)
    for _, group in groupby(named, key=itemgetter("constraint_id")):
        yield _constraint(database, list(group))


def _constraint(database: Database, rows: Sequence[Mapping[str, Any]]) -> Constraint:
    row = rows[0]
    table = [row["database_name"], row["schema_name"], row["table_name"]]
    referenced = [row["database_name"], row["referenced_schema"], row["referenced_table"]]
    return Constraint(
        urn=urn.join(database.namespace, [*table, row["name"]], "constraint"),
        name=row["name"],
        description=row["description"],
        table_urn=urn.join(database.namespace, table),
        constraint_type=KINDS[row["kind"]],
        columns=_columns(rows, "own"),
        referenced_table_urn=(
            urn.join(database.namespace, referenced) if row["referenced_table"] else None
        ),
        referenced_columns=_columns(rows, "referenced"),
        expression=row["expression"],
        enforced=False,
    )


def _columns(rows: Sequence[Mapping[str, Any]], side: str) -> list[str]:
    """The columns of one side, in the order of the key."""
    own = [row for row in rows if row["side"] == side]
    names = {row["position"]: row["column_name"] for row in own}
    positions = own[0]["positions"].split() if own else []
    return [urn.field_path(names[int(position)]) for position in positions]
