"""The query log: SYS views, and STL tables on a cluster that has no SYS views yet.

Whole days are read, so that a window means the same in each run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from songbook import Gap
from songbook.errors import PermissionMissing, SourceError
from songbook.records import Diagnostic, Lineage, Query, Usage
from tap_redshift.client import Database, quote
from tap_redshift.sources import SQL, Source

Row: TypeAlias = dict[str, Any]


class Log(NamedTuple):
    """One question to the query log, asked of SYS views first."""

    sys: Source
    stl: str
    """The statement for a cluster without SYS views."""


QUERIES = Log(Source("queries", Query, "sys_query_history", "The query log"), "queries_stl")
USAGE = Log(Source("usage", Usage, "sys_query_detail", "The steps of queries"), "usage_stl")
LINEAGE = Log(
    Source("log_lineage", Lineage, "sys_query_detail", "Lineage by the query log", is_extra=True),
    "log_lineage_stl",
)


def log(database: Database, question: Log) -> Iterator[Row | Gap]:
    """The rows of a question about whole days, and what is missing from them."""
    yield from _restrictions(database, question.sys)
    try:
        yield from _rows(database, question.sys.statement)
    except PermissionMissing as error:
        yield question.sys.gap(database, error)
    except SourceError:
        try:
            yield from _rows(database, SQL[question.stl])
        except (PermissionMissing, SourceError) as error:
            yield question.sys.gap(database, error)


def _rows(database: Database, statement: str) -> Iterator[Row]:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    since = today - timedelta(days=database.config.history_days)
    names, rows = database.rows(statement, {"since": since, "until": today})
    for row in rows:
        yield dict(zip(names, row, strict=True))


def _restrictions(database: Database, question: Source) -> Iterator[Gap]:
    """A user sees only what he ran himself, unless he may see all."""
    if any(row["sees_all"] for row in database.ask(SQL["log_access"])):
        return
    yield Gap(
        outcome=None if question.is_extra else "denied",
        diagnostic=Diagnostic(
            code="REDSHIFT_HISTORY_OWN_ONLY",
            stream=question.of.STREAM,
            scope_urn=database.urn,
            severity="warning",
            title="Only what the user ran itself is in its query log.",
            remediation=f"ALTER USER {quote(database.user)} SYSLOG ACCESS UNRESTRICTED;",
            count=1,
        ),
    )
