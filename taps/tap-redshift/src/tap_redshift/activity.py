"""Statements that ran and how tables were used, by day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from songbook import Gap, Request, urn
from songbook.connector import Item
from songbook.records import Query, Usage
from tap_redshift import history
from tap_redshift.client import Database
from tap_redshift.sources import SQL

HASH_DIGITS = 32
"""128 bits of SHA-256."""

_WORDS = re.compile(
    r"""
    (?P<name> "(?:[^"]|"")*" )
    | (?P<comment> --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<value>
        '(?:[^'\\]|\\.|'')*(?:'|\Z)        # a string; the log cuts long statements off
        | \$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z)
        | \b\d[\d.]*(?:e[+-]?\d+)?\b
    )
    | (?P<space> \s+ )
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def without_values(text: str) -> str:
    """A statement without the values, comments and line breaks in it."""
    return _WORDS.sub(_plain, text).strip()


def _plain(match: re.Match[str]) -> str:
    if match["name"]:
        return match["name"]
    return "?" if match["value"] else " "


def queries(database: Database, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """Statements that ran, with those counted together that differ in their values only."""
    users = {row["id"]: row["name"] for row in database.ask(SQL["user_names"])}
    window = None
    day: dict[str, Query] = {}
    for row in history.log(database, history.QUERIES):
        if isinstance(row, Gap):
            yield row
            continue
        if row["window_start"] != window:
            yield from day.values()
            window, day = row["window_start"], {}
        one = _query(database, row, users)
        if one.statement_hash in day:
            _add(day[one.statement_hash], one)
        else:
            day[one.statement_hash] = one
    yield from day.values()


def _query(database: Database, row: dict[str, Any], users: dict[int, str]) -> Query:
    text = without_values(row["text"])
    # Two databases of a run must not give the same key.
    identity = f"{database.urn}\0{text}".encode("utf-8", "surrogatepass")
    user = users.get(row["user_id"])
    return Query(
        statement_hash=hashlib.sha256(identity).hexdigest()[:HASH_DIGITS],
        window_start=row["window_start"].replace(tzinfo=UTC),
        text=text,
        statement_type=row["statement_type"],
        principal_urn=user and urn.join(database.namespace, [f"user:{user}"], "principal"),
        runs=row["runs"],
        duration_ms=row["microseconds"] / 1000,
        rows=row["returned_rows"],
    )


def _add(known: Query, one: Query) -> None:
    """Count a statement to another one; who ran it is known as long as it was one user."""
    known.runs = (known.runs or 0) + (one.runs or 0)
    known.duration_ms = (known.duration_ms or 0) + (one.duration_ms or 0)
    known.rows = None if known.rows is None or one.rows is None else known.rows + one.rows
    if known.principal_urn != one.principal_urn:
        known.principal_urn = None


def usage(database: Database, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """How often tables were read and written."""
    tables = {row["id"]: row for row in database.ask(SQL["relation_names"])}
    for row in history.log(database, history.USAGE):
        if isinstance(row, Gap):
            yield row
        elif row["table_id"] in tables:
            table = tables[row["table_id"]]
            path = [database.name, table["schema_name"], table["table_name"]]
            yield Usage(
                object_urn=urn.join(database.namespace, path),
                field_path="",
                window_start=row["window_start"].replace(tzinfo=UTC),
                reads=row["reads"],
                writes=row["writes"],
                unique_users=row["unique_users"],
            )
