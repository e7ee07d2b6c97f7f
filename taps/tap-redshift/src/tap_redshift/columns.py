"""Columns: of local tables, of late-binding views, of external tables and of other databases."""

from __future__ import annotations

from collections.abc import Iterator

from songbook import Request
from songbook.connector import Item
from songbook.records import Column
from songbook.sql import records
from tap_redshift import data_types
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
    for source in (LATE, EXTERNAL):
        yield from attempt(source, database, _read(database, source.statement, request))


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
