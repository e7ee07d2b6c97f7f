"""The merge of one stream: only what differs is written, and each difference is noted."""

from __future__ import annotations

from dataclasses import dataclass

from target_catalog.streams import Stream
from target_catalog.work import Work

MANY_ROWS = 1_000
"""From here on the planner must know of new rows, before lineage is resolved against them and the
next run is held against them: else it takes them for one and compares each with each. Such a load
is followed by VACUUM."""


@dataclass(frozen=True)
class Merged:
    """How many rows came, were changed, went, and would go if a person says so."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    held: int = 0


def merge(work: Work, stream: Stream) -> Merged:
    """Bring the staged rows of a stream into its table."""
    if not work.staging.of(stream).staged:
        return Merged()
    known = work.holds(stream) or work.was_covered(stream)
    merged = _merge_differences(work, stream) if known else _merge_all(work, stream)
    if merged.added > MANY_ROWS:
        work.on(stream, "analyze")
    return merged


def _merge_all(work: Work, stream: Stream) -> Merged:
    added = work.on(stream, "insert_all").rowcount
    if stream.stitched_by:
        work.on(stream, "stir_all")
    if stream.feeds_changes:
        work.on(stream, "count_first_load")
        if work.sent_in_scopes(stream) < added:
            work.on(stream, "count_outside")
    return Merged(added)


def _merge_differences(work: Work, stream: Stream) -> Merged:
    work.on(stream, "delta")
    if stream.feeds_changes:
        work.on(stream, "count_first_load")
        work.on(stream, "moved_in")
        work.on(stream, "changed_fields")
    if stream.stitched_by:
        work.on(stream, "stir_sent")
    work.on(stream, "forget_removal")
    added = work.on(stream, "insert_new").rowcount
    work.on(stream, "update_changed")
    changed = work.connection.execute("SELECT count(*) FROM delta WHERE is_changed").fetchone()
    work.drop("delta")
    return Merged(added, changed[0] if changed else 0)
