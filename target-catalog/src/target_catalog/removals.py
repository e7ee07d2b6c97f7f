"""Removals: what a complete run did not find any more.

Nothing goes because it could not be seen: missing.sql says what must be true.
"""

from __future__ import annotations

from psycopg import sql

from target_catalog.streams import Stream, of_the_source
from target_catalog.work import Work

FEW = 20
"""Removals up to this number are never held."""


def find(work: Work, covered: list[Stream]) -> None:
    """List in `moved` what goes, leaves the scope or is back in it."""
    for stream in covered:
        if stream.is_whole:
            work.on(stream, "unsent_wholes")
    work.execute("unsent_alive")
    # Or the planner takes it for full, hence nothing for missing, and compares each row with each.
    work.connection.execute("ANALYZE unsent")
    for stream in covered:
        if stream.goes_by_absence:
            work.on(stream, "missing")
        if stream.is_keyed_by_urn:
            work.on(stream, "back_alive")
    follow(work)


def follow(work: Work) -> None:
    """Add what lies below the listed objects, in all streams of the connector."""
    work.connection.execute("ANALYZE moved")
    wholes = [stream.name for stream in of_the_source() if stream.is_whole]
    moved = work.execute("moved_wholes", {"wholes": wholes}).rowcount
    for stream in of_the_source() if moved else ():
        if work.holds(stream):
            _follow_in(work, stream)
    work.drop("moved_wholes")


def _follow_in(work: Work, stream: Stream) -> None:
    if stream.scope_field:
        field = sql.Identifier("t", stream.scope_field)
        work.on(stream, "follow", below=sql.SQL("catalog.is_within({}, w.urn)").format(field))
    if stream.parent:
        field = sql.Identifier("t", stream.parent)
        work.on(stream, "follow", below=sql.SQL("{} = w.urn").format(field))


def hold(work: Work, share: float) -> int:
    """Set removals aside when they are more than a share of all objects; gives how many were."""
    if work.execute("release_held").fetchone() is not None:
        for stream in of_the_source():
            if stream in work.staging.streams:
                work.on(stream, "release_sent")
    leaving = _number_leaving(work)
    if not are_too_many(leaving, _number_of_objects(work), share):
        return 0
    work.execute("hold")
    return leaving


def are_too_many(leaving: int, objects: int, share: float) -> bool:
    """Whether so many removals wait for a person."""
    return leaving > FEW and leaving > share * objects


def apply(work: Work) -> tuple[int, int]:
    """Remove what goes and mark what left the scope; gives how many of each."""
    rows = work.connection.execute(
        "SELECT DISTINCT stream FROM moved WHERE direction <> 'in'"
    ).fetchall()
    names = {name for (name,) in rows}
    removed = left = 0
    for stream in of_the_source():
        if stream.name in names:
            work.on(stream, "bury")
            removed += work.on(stream, "remove").rowcount
            left += work.on(stream, "mark_scope").rowcount
    return removed, left


def _number_leaving(work: Work) -> int:
    row = work.connection.execute("SELECT count(*) FROM moved WHERE direction = 'out'").fetchone()
    return int(row[0]) if row else 0


def _number_of_objects(work: Work) -> int:
    rows = (work.on(stream, "objects_of_connector").fetchone() for stream in of_the_source())
    return sum(row[0] for row in rows if row)
