"""What the text of a data type says: its class, and how much it holds.

Redshift's own types and those of external tables (Hive's) are written in much the same way
(https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from songbook.records import TypeClass

_TYPE = re.compile(r"(?P<name>[a-z][\w ]*?) *(?:\((?P<sizes>[\d, ]+)\))?(?P<rest> with.*|<.*)?")

_CLASSES: dict[TypeClass, tuple[str, ...]] = {
    "string": ("character varying", "varchar", "character", "char", "bpchar", "nvarchar", "nchar",
               "text", "string", "name", "\"char\""),
    "integer": ("smallint", "int2", "integer", "int", "int4", "bigint", "int8", "tinyint", "oid"),
    "float": ("real", "float4", "double precision", "double", "float8", "float"),
    "decimal": ("numeric", "decimal"),
    "boolean": ("boolean", "bool"),
    "date": ("date",),
    "time": ("time", "timetz", "time without time zone", "time with time zone"),
    "timestamp": ("timestamp", "timestamptz", "timestamp without time zone",
                  "timestamp with time zone"),
    "interval": ("interval", "interval year to month", "interval day to second"),
    "binary": ("varbyte", "binary varying", "varbinary", "binary", "bytea"),
    "json": ("super",),
    "geo": ("geometry", "geography"),
    "array": ("array",),
    "struct": ("struct",),
    "map": ("map",),
}  # fmt: skip
_CLASS_OF = {name: type_class for type_class, names in _CLASSES.items() for name in names}


class DataType(NamedTuple):
    """The parts of a type."""

    type_class: TypeClass
    length: int | None = None
    precision: int | None = None
    scale: int | None = None


@lru_cache(maxsize=4096)
def parse(text: str) -> DataType:
    """Read the text of a type; one that is not known is of the class `other`."""
    match = _TYPE.fullmatch(text.strip().lower())
    if match is None:
        return DataType("other")
    type_class = _CLASS_OF.get(match["name"], "other")
    sizes = [int(size) for size in (match["sizes"] or "").split(",") if size.strip()]
    if type_class in ("string", "binary"):
        return DataType(type_class, length=_nth(sizes, 0))
    if type_class == "decimal":
        return DataType(type_class, precision=_nth(sizes, 0), scale=_nth(sizes, 1))
    return DataType(type_class)


def _nth(sizes: list[int], number: int) -> int | None:
    return sizes[number] if len(sizes) > number else None
