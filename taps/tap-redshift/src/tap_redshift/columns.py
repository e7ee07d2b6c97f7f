"""Columns: of local tables, of late-binding views, of external tables and of other databases."""

from __future__ import annotations

from collections.abc import Iterator

from songbook import Request, urn
from songbook.connector import Item
from songbook.records import Column
from songbook.sql import records
from tap_redshift import data_types, nested
from tap_redshift.client import Database
from tap_redshift.sources import SQL, Source, attempt

LATE = Source(
    "late_binding_columns", Column, "the tables of the views", "Columns of late-binding views"
)
EXTERNAL = Source("external_columns", Column, "svv_external_columns", "Columns of external tables")


def columns(database: Database, request: Request) -> Iterator[Item]:
    """The columns of a database."""
    if not database.is_local:
        yield from _read(database, SQL["remote_columns"], request)
        return
    yield from _read(database, SQL["columns"], request)
    yield from attempt(LATE, database, _read(database, LATE.statement, request))
    yield from attempt(EXTERNAL, database, _external(database, request))


def _external(database: Database, request: Request) -> Iterator[Column]:
    """The columns of external tables, each followed by the fields within it."""
    for column in _read(database, EXTERNAL.statement, request):
        yield column
        for path, data_type in nested.fields(column.data_type):
            field_path = urn.field_path(column.name, *path)
            parsed = data_types.parse(data_type)
            yield Column(
                urn=f"{column.table_urn}#{urn.encode(field_path)}",
                name=path[-1],
                table_urn=column.table_urn,
                field_path=field_path,
                parent_field_path=urn.field_path(column.name, *path[:-1]),
                data_type=data_type,
                type_class=parsed.type_class,
                length=parsed.length,
                precision=parsed.precision,
                scale=parsed.scale,
            )


def _read(database: Database, statement: str, request: Request) -> Iterator[Column]:
    for column in records(Column, database, statement, request):
        parsed = data_types.parse(column.data_type)
        column.type_class = parsed.type_class
        column.length = _first(parsed.length, column.length)
        # A view may tell the precision of integers and floats too, which their types imply.
        is_decimal = parsed.type_class == "decimal"
        column.precision = _first(parsed.precision, column.precision) if is_decimal else None
        column.scale = _first(parsed.scale, column.scale) if is_decimal else None
        yield column


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
