"""Columns of tables and views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from songbook import urn
from songbook.connector import Item
from songbook.records import Column, Identity, TypeClass
from tap_mysql.rows import Row, Rows, Server, expression, extra, number

TYPE_CLASSES: dict[str, TypeClass] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer",
    "bigint": "integer", "year": "integer", "decimal": "decimal", "float": "float",
    "double": "float", "date": "date", "time": "time", "datetime": "timestamp",
    "timestamp": "timestamp", "char": "string", "varchar": "string", "tinytext": "string",
    "text": "string", "mediumtext": "string", "longtext": "string", "binary": "binary",
    "varbinary": "binary", "tinyblob": "binary", "blob": "binary", "mediumblob": "binary",
    "longblob": "binary", "bit": "binary", "enum": "enum", "json": "json", "uuid": "uuid",
    "vector": "array", "geometry": "geo", "point": "geo", "linestring": "geo", "polygon": "geo",
    "multipoint": "geo", "multilinestring": "geo", "multipolygon": "geo",
    "geometrycollection": "geo", "geomcollection": "geo",
}  # fmt: skip
"""The family of each type; what is missing (set, inet6 …) is `other`."""

_ON_UPDATE = re.compile(r"on update (\S+)", re.IGNORECASE)
_NO_TEXT = frozenset({"integer", "decimal", "float", "boolean"})


def columns(server: Server, rows: Rows) -> Iterator[Item]:
    """Columns, but for those of sequences, which are no tables here."""
    inner = server.sequences
    for row in rows:
        if (row["table_schema"], row["table_name"]) not in inner:
            yield column(server, row)


def column(server: Server, row: Row) -> Column:
    """The record of a row of information_schema.columns."""
    table = row["table_schema"], row["table_name"]
    name, traits = row["column_name"], row["extra"] or ""
    kind = type_class(row)
    on_update = _ON_UPDATE.search(traits)
    return Column(
        urn=urn.join(server.namespace, [*table, name], "#"),
        name=name,
        table_urn=urn.join(server.namespace, table),
        field_path=urn.field_path(name),
        ordinal=number(row["ordinal_position"]),
        description=row["column_comment"] or None,
        data_type=row["column_type"],
        type_class=kind,
        length=_length(row, kind),
        precision=_precision(row, kind),
        scale=number(row["numeric_scale"]) if kind in ("decimal", "float") else None,
        nullable=row["is_nullable"] == "YES",
        default=default(server, row, kind),
        identity=Identity(mode="by_default") if "auto_increment" in traits else None,
        generation_expression=expression(server, row["generation_expression"] or "") or None,
        generated=_generated(traits),
        collation=row["collation_name"],
        hidden="INVISIBLE" in traits or None,
        extra=extra(
            charset=row["character_set_name"],
            on_update=on_update and on_update[1],
            srs_id=row.get("srs_id"),
            unsigned="unsigned" in row["column_type"] or None,
            unversioned="WITHOUT SYSTEM VERSIONING" in traits or None,
        ),
    )


def type_class(row: Row) -> TypeClass:
    """The family of a column's type."""
    if row["column_type"] == "tinyint(1)":
        return "boolean"  # what BOOLEAN stands for; no other width is shown by MySQL 8
    return TYPE_CLASSES.get(row["data_type"], "other")


def _length(row: Row, kind: TypeClass) -> int | None:
    if row["data_type"] == "bit":
        return number(row["numeric_precision"])
    return number(row["character_maximum_length"]) if kind in ("string", "binary") else None


def _precision(row: Row, kind: TypeClass) -> int | None:
    """Digits that were declared; those of integers and of plain floats are the type's own."""
    if kind == "decimal" or (kind == "float" and row["numeric_scale"] is not None):
        return number(row["numeric_precision"])
    return number(row["datetime_precision"]) if kind in ("time", "timestamp") else None


def _generated(traits: str) -> Literal["stored", "virtual"] | None:
    if "STORED GENERATED" in traits:
        return "stored"
    return "virtual" if "VIRTUAL GENERATED" in traits else None


def default(server: Server, row: Row, kind: TypeClass) -> str | None:
    """The expression that fills a column.

    MariaDB writes an expression, and NULL where there is none. MySQL gives the bare text of a
    constant, so that only the type tells it from an expression, and bytes as digits.
    """
    text: str | None = row["column_default"]
    if text is None or (server.is_mariadb and text == "NULL"):
        return None
    if "DEFAULT_GENERATED" in (row["extra"] or ""):
        return expression(server, text)
    is_bytes = kind == "binary" and text.startswith("0x")
    is_now = kind == "timestamp" and text.upper().startswith("CURRENT_TIMESTAMP")  # MySQL 5.7
    if server.is_mariadb or is_bytes or is_now or kind in _NO_TEXT or row["data_type"] == "bit":
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
