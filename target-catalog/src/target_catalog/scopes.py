"""Scopes: what the run says it saw, held against what arrived."""

from __future__ import annotations

from psycopg import sql

from songbook.errors import SourceError
from songbook.records import NO_SUCH_STREAM, NOTHING_CHANGED
from target_catalog.runs import Superseded
from target_catalog.streams import Stream, bundled, of_the_source
from target_catalog.work import Work

MANY_SCOPES = 20
"""From here on an index on the staged rows is cheaper than reading them once for each scope."""


def judge(work: Work) -> list[Stream]:
    """Decide which scopes are settled; gives the streams that were covered."""
    known = [stream.name for stream in of_the_source()]
    work.on(bundled()["coverage"], "read_coverage", {"known": known})
    work.on(bundled()["liveness"], "read_liveness")
    work.connection.execute("ANALYZE run_scopes, alive")
    _refuse_overlaps(work)
    numbers: dict[str, int] = dict(
        work.connection.execute(
            "SELECT stream, count(*) FROM run_scopes GROUP BY stream"
        ).fetchall()
    )
    covered = [stream for stream in of_the_source() if stream.name in numbers]
    for stream in covered:
        if numbers[stream.name] > MANY_SCOPES and stream.scope_field:
            _index(work, stream, stream.scope_field)
        if stream.is_keyed_by_urn:
            work.on(stream, "alive_not_sent")
        work.on(stream, "count_sent")
        work.on(stream, "first_scopes")
    work.execute("judge_scopes")
    return covered


def refuse_when_overtaken(work: Work, streams: list[str]) -> None:
    """Raise Superseded when a newer run over the same scopes has committed.

    Of the run's streams those without scopes are compared whole.
    """
    unscoped = sorted(set(streams) - _covered_names(work))
    found = work.execute("overtaken_by", {"unscoped": unscoped}).fetchone()
    if found:
        raise Superseded(
            f"Run {work.run.id} was overtaken: run {found[0]}, which began later, has committed"
            " what it read in the same scopes.",
            hint="The catalog holds what the newer run saw; run this one again for scopes that"
            " the newer one did not read.",
        )
    _leave_systems_to_newer(work)


def keep_unread(work: Work, covered: list[Stream]) -> None:
    """Let fields that the run could not look at keep what the catalog has."""
    rows = work.connection.execute(
        "SELECT DISTINCT stream, jsonb_array_elements_text(unread_fields) FROM run_scopes"
    ).fetchall()
    for stream in covered:
        for field in sorted(field for name, field in rows if name == stream.name):
            if field in stream.updated:
                work.on(stream, "keep_unread", {"field": field}, field=sql.Identifier(field))


def problems(work: Work) -> list[str]:
    """What keeps the run from being complete, in words."""
    return [
        *_uncovered(work),
        *_unsaid(work, _covered_names(work)),
        *_incomplete(work),
        *_outside(work),
        *_lost(work),
    ]


def remember(work: Work) -> None:
    """Note what was complete, for later runs, and what was said about every scope."""
    coverage = bundled()["coverage"]
    work.execute("remember_scopes")
    work.on(coverage, "remember_coverage")


def _leave_systems_to_newer(work: Work) -> None:
    """Take back what the run says of a whole system, such as its users, where a newer run spoke."""
    streams = {stream.name: stream for stream in of_the_source()}
    for name, scope in work.execute("overtaken_systems").fetchall():
        work.on(streams[name], "leave_to_newer", {"scope": scope})
        work.staging.announced.discard(streams[name])


def _covered_names(work: Work) -> set[str]:
    return {name for (name,) in work.connection.execute("SELECT DISTINCT stream FROM run_scopes")}


def _excused_names(work: Work) -> set[str]:
    """Streams that the source says it does not have, or that nothing changed in."""
    codes = [NO_SUCH_STREAM, NOTHING_CHANGED]
    rows = work.on(bundled()["diagnostic"], "excused_streams", {"codes": codes})
    return {name for (name,) in rows}


def _refuse_overlaps(work: Work) -> None:
    found = work.execute("overlapping_scopes").fetchone()
    if found:
        stream, outer, inner = found
        raise SourceError(
            f"Coverage of stream {stream} overlaps: {inner} lies within {outer}.",
            hint="A tap must name each scope once, at one level. Report this to its authors.",
        )


def _index(work: Work, stream: Stream, field: str) -> None:
    name = work.staging.of(stream).name
    work.connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(name, sql.Identifier(field)))


def _uncovered(work: Work) -> list[str]:
    announced = [stream.name for stream in work.staging.announced if not stream.about_the_run]
    known = _covered_names(work) | _excused_names(work)
    missing = [name for name in announced if name not in known]
    return [f"no coverage for {', '.join(missing)}"] if missing else []


def _unsaid(work: Work, covered: set[str]) -> list[str]:
    """Places of which a stream with coverage elsewhere says nothing, though it did before."""
    announced = [stream.name for stream in work.staging.announced if stream.name in covered]
    rows = work.execute("unsaid_scopes", {"announced": announced})
    return [f"no coverage for {stream} in {scope}" for stream, scope in rows]


def _incomplete(work: Work) -> list[str]:
    rows = work.connection.execute(
        "SELECT stream, scope_urn, complete, extracted, arrived, reason FROM run_scopes"
        " WHERE NOT settles ORDER BY stream, scope_urn LIMIT 20"
    )
    return [
        f"{stream} in {scope}: {extracted} sent, {arrived} arrived"
        if complete
        else f"{stream} in {scope}: {reason or 'incomplete'}"
        for stream, scope, complete, extracted, arrived, reason in rows
    ]


def _outside(work: Work) -> list[str]:
    """Streams with rows that lie in none of their scopes."""
    sent: dict[str, int] = dict(
        work.connection.execute(
            "SELECT stream, sum(sent) FROM run_scopes GROUP BY stream"
        ).fetchall()
    )
    counts = {
        stream.name: work.staging.count(table) - sent[stream.name]
        for stream, table in work.staging.streams.items()
        if stream.name in sent
    }
    return [f"{name}: {number} outside of any scope" for name, number in counts.items() if number]


def _lost(work: Work) -> list[str]:
    """Streams in which an object is said to be unchanged that the catalog doesn't have."""
    streams = {name for (name,) in work.connection.execute("SELECT DISTINCT stream FROM alive")}
    lost = []
    for stream in of_the_source():
        if stream.name in streams and stream.is_keyed_by_urn:
            row = work.on(stream, "alive_unknown").fetchone()
            if row and row[0]:
                lost.append(
                    f"{stream.name}: {row[0]} unchanged but unknown; run once without state"
                )
    return lost
