"""The change feed: monthly partitions, and the rows for objects that come or go whole."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from psycopg import errors, sql

from target_catalog.database import Connection
from target_catalog.migrate import LOCK
from target_catalog.work import Work


def record(work: Work) -> None:
    """Write the change rows of what moved and of what was loaded for the first time."""
    work.connection.execute("ANALYZE moved")
    work.execute("changed_objects")
    work.execute("changed_scopes")


def prepare(connection: Connection, now: datetime | None = None) -> None:
    """Make the partitions of this month and the next, where there are none."""
    now = now or datetime.now(UTC)
    known = _partitions(connection)
    for begin in (_month(now, 0), _month(now, 1)):
        name = f"changes_{begin:%Y_%m}"
        if name not in known:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                _make_partition(connection, name, begin)


def _make_partition(connection: Connection, name: str, begin: datetime) -> None:
    partition = sql.Identifier("catalog", name)
    bounds = sql.Literal(begin.isoformat()), sql.Literal(_month(begin, 1).isoformat())
    connection.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} PARTITION OF catalog.changes"
            " FOR VALUES FROM ({}) TO ({})"
        ).format(partition, *bounds)
    )
    connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(partition))
    connection.execute(
        sql.SQL("COMMENT ON TABLE {} IS 'One month of the change feed.'").format(partition)
    )


def forget_old(work: Work, months: int) -> None:
    """Delete the connector's changes and tombstones that are older than its retention."""
    oldest = {"oldest": _month(datetime.now(UTC), -months)}
    work.execute("forget_old_changes", oldest)
    work.execute("forget_old_removals", oldest)


def drop_empty(connection: Connection, months: int) -> None:
    """Drop the months older than the retention in which no connector keeps anything any more."""
    oldest = f"changes_{_month(datetime.now(UTC), -months):%Y_%m}"
    for name in _partitions(connection):
        if name < oldest:
            # Who reads the feed for long is not waited for: a later run drops the month.
            with suppress(errors.LockNotAvailable), connection.transaction():
                connection.execute("SET LOCAL lock_timeout = '1s'")
                _drop_if_empty(connection, sql.Identifier("catalog", name))


def _drop_if_empty(connection: Connection, partition: sql.Identifier) -> None:
    if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(partition)).fetchone() is None:
        connection.execute(sql.SQL("DROP TABLE {}").format(partition))


def _month(moment: datetime, offset: int) -> datetime:
    """The first of a month, so many months from the moment's."""
    years, month = divmod(moment.year * 12 + moment.month - 1 + offset, 12)
    return datetime(years, month + 1, 1, tzinfo=UTC)


def _partitions(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT c.relname FROM pg_catalog.pg_inherits AS i"
        " JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'catalog.changes'::regclass"
    )
    return [name for (name,) in rows]
