"""Constraints and indexes.

A name says too little: a foreign key, a unique key and a check of one table may share one. So the
last part of a constraint's URN is its type and its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from songbook import urn
from songbook.connector import Item
from songbook.records import Constraint, Index, IndexColumn
from tap_mysql.rows import Row, Rows, Server, expression, extra

ConstraintType = Literal["primary_key", "foreign_key", "unique", "check"]

TYPES: Mapping[str, ConstraintType] = {
    "PRIMARY KEY": "primary_key",
    "UNIQUE": "unique",
    "FOREIGN KEY": "foreign_key",
}
ORDERS = {"A": "ASC", "D": "DESC"}


def constraints(server: Server, rows: Rows) -> Iterator[Item]:
    """Primary, unique and foreign keys."""
    for _, group in groupby(rows, _key):
        first, *parts = group
        if first["part"] == 0:  # else the key came between the parts of the answer
            yield _constraint(server.namespace, first, parts)


def _key(row: Row) -> tuple[Any, ...]:
    return row["table_schema"], row["table_name"], row["is_foreign"], row["constraint_name"]


def _constraint(namespace: str, row: Row, parts: Sequence[Row]) -> Constraint:
    table = row["table_schema"], row["table_name"]
    columns = [part for part in parts if part["part"] == 1]
    rules = next((part for part in parts if part["part"] == 2), {})
    referenced = [part for part in columns if part["referenced_table"] is not None]
    kind = TYPES[row["constraint_type"]]
    return Constraint(
        urn=_urn(namespace, table, kind, row["constraint_name"]),
        name=row["constraint_name"],
        table_urn=urn.join(namespace, table),
        constraint_type=kind,
        columns=[urn.field_path(part["column_name"]) for part in columns],
        referenced_table_urn=urn.join(
            namespace, [referenced[0]["referenced_schema"], referenced[0]["referenced_table"]]
        )
        if referenced
        else None,
        referenced_columns=[urn.field_path(part["referenced_column"]) for part in referenced],
        on_update=rules.get("update_rule"),
        on_delete=rules.get("delete_rule"),
        enforced=True,
    )


def checks(server: Server, rows: Rows) -> Iterator[Item]:
    """Check constraints."""
    for row in rows:
        table = row["table_schema"], row["table_name"]
        yield Constraint(
            urn=_urn(server.namespace, table, "check", row["constraint_name"]),
            name=row["constraint_name"],
            table_urn=urn.join(server.namespace, table),
            constraint_type="check",
            expression=expression(server, row["check_clause"]),
            enforced=row.get("enforced", "YES") == "YES",
            extra=extra(level=row["level"].lower() if row.get("level") else None),
        )


def _urn(namespace: str, table: tuple[str, str], kind: ConstraintType, name: str) -> str:
    return urn.join(namespace, [*table, f"{kind}:{name}"], "constraint")


def indexes(server: Server, rows: Rows) -> Iterator[Item]:
    """Indexes, of a row for each of their parts."""
    for _, group in groupby(
        rows, lambda row: (row["table_schema"], row["table_name"], row["index_name"])
    ):
        yield index(server, list(group))


def index(server: Server, parts: Sequence[Row]) -> Index:
    """The record of an index's rows of information_schema.statistics."""
    first = parts[0]
    table = first["table_schema"], first["table_name"]
    is_hidden = first.get("is_visible") == "NO" or first.get("ignored") == "YES"
    prefixes = {part["column_name"]: int(part["sub_part"]) for part in parts if part["sub_part"]}
    if first["index_type"] == "SPATIAL":
        prefixes = {}  # the size of a bounding box, which nobody chose
    return Index(
        urn=urn.join(server.namespace, [*table, first["index_name"]], "index"),
        name=first["index_name"],
        description=first["index_comment"] or None,
        table_urn=urn.join(server.namespace, table),
        columns=[_index_column(server, part) for part in parts],
        unique=not first["non_unique"],
        method=first["index_type"].lower(),
        extra=extra(
            comment=first["comment"] or None,
            primary=first["index_name"] == "PRIMARY" or None,
            prefix_lengths=prefixes or None,
            visible=False if is_hidden else None,
        ),
    )


def _index_column(server: Server, row: Row) -> IndexColumn:
    name, formula = row["column_name"], row.get("expression")
    return IndexColumn(
        field_path=None if name is None else urn.field_path(name),
        expression=None if formula is None else expression(server, formula),
        order=ORDERS.get(row["collation"] or ""),
    )
