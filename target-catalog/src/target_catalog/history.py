"""The change feed: monthly partitions, and the rows for objects that come or go whole."""

from __future__ import annotations

from datetime import UTC, datetime

from psycopg import sql

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


def forget_old(connection: Connection, months: int, now: datetime | None = None) -> None:
    """Drop the months of the feed, and the tombstones, that are older than the retention."""
    oldest = _month(now or datetime.now(UTC), -months)
    for name in _partitions(connection):
        if name < f"changes_{oldest:%Y_%m}":
            connection.execute(
                sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("catalog", name))
            )
    connection.execute("DELETE FROM catalog.removed WHERE removed_at < %s", (oldest,))


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
