"""The SQL of `queries/*.sql`, composed for one stream where a statement speaks of a stream's table.

In those files `t` is the catalog's table, `s` the staged rows, `c` a scope of the run, and braces
stand for what differs from stream to stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from psycopg import sql

from target_catalog.streams import Stream

Part = sql.Composable
COMMA = sql.SQL(", ")
AND = sql.SQL(" AND ")


def statement(name: str, **parts: Part) -> sql.Composed:
    """A statement of `queries/` with its braces filled."""
    return sql.SQL(_text(name)).format(**parts)


def of_stream(name: str, stream: Stream, **parts: Part) -> sql.Composed:
    """A statement of `queries/` that speaks of one stream."""
    return statement(name, **_parts(stream), **parts)


def reads_staging(name: str) -> bool:
    """Whether a statement of `queries/` speaks of staged rows."""
    return "{staging}" in _text(name)


@cache
def _text(name: str) -> str:
    folder = files("target_catalog").joinpath("queries")
    return folder.joinpath(f"{name}.sql").read_text("utf-8")


@cache
def _parts(stream: Stream) -> dict[str, Part]:
    return {
        "table": sql.Identifier("catalog", stream.name),
        "stream": sql.Literal(stream.name),
        "columns": _list(stream.column_names),
        "s_columns": _list(stream.column_names, "s"),
        "key": _list(stream.key),
        "updated": _list(stream.updated),
        "excluded": _list(stream.updated, "excluded"),
        "same_key": _same_key(stream, "t", "s"),
        "same_older_key": _same_key(stream, "older", "newest"),
        "t_all": _row(stream.updated, "t"),
        "s_all": _row(stream.updated, "s"),
        "t_lasting": _row(stream.lasting, "t"),
        "s_lasting": _row(stream.lasting, "s"),
        "lasting": sql.Literal(list(stream.lasting)),
        "assignments": COMMA.join(
            sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in stream.updated
        ),
        "t_urn": sql.Identifier("t", stream.urn_field),
        "s_urn": sql.Identifier("s", stream.urn_field),
        "t_within": _within(stream, "t"),
        "s_within": _within(stream, "s"),
        "t_object_key": _object_key(stream, "t"),
        "s_object_key": _object_key(stream, "s"),
        "t_parent": _parent(stream, "t"),
        "s_parent": _parent(stream, "s"),
        "s_whole": sql.Identifier("s", stream.stitched_by or stream.urn_field),
        "is_object": sql.Literal(stream.is_keyed_by_urn),
        "forget_resolution": sql.SQL(
            ", resolution = NULL, resolved_upstream_urn = NULL, resolution_candidates = NULL,"
            " resolved_upstream_field = NULL, resolved_downstream_field = NULL,"
            " field_resolution = NULL"
            if stream.name == "lineage"
            else ""
        ),
        "goes_by_absence": sql.SQL(
            "t.origin <> 'query_log'" if stream.name == "lineage" else "true"
        ),
    }


def _list(names: Iterable[str], alias: str | None = None) -> sql.Composed:
    return COMMA.join(_column(name, alias) for name in names)


def _row(names: Iterable[str], alias: str) -> sql.Composed:
    return sql.SQL("ROW({})").format(_list(names, alias))


def _column(name: str, alias: str | None) -> sql.Identifier:
    return sql.Identifier(alias, name) if alias else sql.Identifier(name)


def _same_key(stream: Stream, left: str, right: str) -> sql.Composed:
    return AND.join(
        sql.SQL("{} = {}").format(sql.Identifier(left, name), sql.Identifier(right, name))
        for name in stream.key
    )


def _within(stream: Stream, alias: str) -> Part:
    """Whether a row lies in the scope `c`; rows without a URN lie in all scopes of their stream."""
    if stream.scope_field is None:
        return sql.SQL("true")
    return sql.SQL("catalog.is_within({}, c.scope_urn)").format(
        sql.Identifier(alias, stream.scope_field)
    )


def _object_key(stream: Stream, alias: str) -> Part:
    """One text that names a row within its stream."""
    if len(stream.key) == 1:
        return sql.Identifier(alias, stream.key[0])
    return sql.SQL("jsonb_build_array({})::text").format(_list(stream.key, alias))


def _parent(stream: Stream, alias: str) -> Part:
    return sql.Identifier(alias, stream.settled_by) if stream.settled_by else sql.SQL("NULL::text")
