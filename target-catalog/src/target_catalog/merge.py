"""The merge of one stream: only what differs is written, and each difference is noted."""

from __future__ import annotations

from dataclasses import dataclass

from target_catalog.streams import Stream
from target_catalog.work import Work

MANY_ROWS = 10_000
"""Beyond this the planner must know of a first load before lineage is resolved against it, and a
load is followed by VACUUM."""


@dataclass(frozen=True)
class Merged:
    """How many rows came, were changed, and went."""

    added: int = 0
    changed: int = 0
    removed: int = 0


def merge(work: Work, stream: Stream) -> Merged:
    """Bring the staged rows of a stream into its table."""
    if not work.staging.of(stream).staged:
        return Merged()
    if work.holds(stream) or work.was_covered(stream):
        return _merge_differences(work, stream)
    added = work.on(stream, "insert_all").rowcount
    if stream.feeds_changes:
        work.on(stream, "count_first_load")
        if work.sent_in_scopes(stream) < added:
            work.on(stream, "count_outside")
    if added > MANY_ROWS:
        work.on(stream, "analyze")
    return Merged(added)


def _merge_differences(work: Work, stream: Stream) -> Merged:
    work.on(stream, "delta")
    if stream.feeds_changes:
        work.on(stream, "count_first_load")
        work.on(stream, "moved_in")
        work.on(stream, "changed_fields")
    work.on(stream, "forget_removal")
    added = work.on(stream, "insert_new").rowcount
    work.on(stream, "update_changed")
    changed = work.connection.execute("SELECT count(*) FROM delta WHERE is_changed").fetchone()
    work.drop("delta")
    return Merged(added, changed[0] if changed else 0)
