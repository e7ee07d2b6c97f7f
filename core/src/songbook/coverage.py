"""The account of a run: what was seen of each stream in each scope, and what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from songbook import urn
from songbook.connector import Gap, Part
from songbook.errors import PermissionMissing, SongbookError
from songbook.records import (
    NO_SUCH_STREAM,
    NOTHING_CHANGED,
    TYPES,
    Container,
    Coverage,
    Diagnostic,
    Principal,
    System,
)
from songbook.redact import Redactor

_AROUND = frozenset({System.STREAM, Container.STREAM, Principal.STREAM})
"""Streams that tell of the place, not of what is in it."""

MOST_DETAIL = 1000
"""Characters of detail after which no more of the same is added."""

_ORDER = {kind.STREAM: position for position, kind in enumerate(TYPES)}


@dataclass(slots=True)
class Entry:
    """The counts of one stream in one scope."""

    stream: str
    scope: str
    extracted: int = 0
    filtered: int = 0
    denied: int = 0
    failed: int = 0
    truncated: int = 0
    statements: int = 0
    seconds: float = 0.0
    unread: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    """Hashes of the keys that were sent, where the source may give one twice."""

    @property
    def missed(self) -> int:
        """How many objects are known to be missing."""
        return self.denied + self.failed + self.truncated

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing."""
        return not self.missed

    def sent(self, key: object | None) -> None:
        """Count a record; a key that may come twice counts once."""
        if key is not None:
            hashed = hash(key)
            if hashed in self.keys:
                return
            self.keys.add(hashed)
        self.extracted += 1

    def miss(self, outcome: str | None, count: int, reason: str) -> None:
        """Count objects that could not be seen."""
        if outcome is not None:
            setattr(self, outcome, getattr(self, outcome) + count)
            self.reasons.append(reason)

    def record(self, filter_hash: str) -> Coverage:
        """What the target needs to know."""
        return Coverage(
            stream=self.stream,
            scope_urn=self.scope,
            complete=self.complete,
            extracted=self.extracted,
            seen=self.extracted + self.filtered + self.missed,
            filtered=self.filtered,
            denied=self.denied,
            failed=self.failed,
            truncated=self.truncated,
            filter_hash=filter_hash,
            unread_fields=sorted(self.unread),
            reason=" ".join(dict.fromkeys(self.reasons)) or None,
            statements=self.statements,
            duration_ms=round(self.seconds * 1000, 1),
        )


class Ledger:
    """All entries and diagnostics of a run."""

    def __init__(self, filter_hash: str, redact: Redactor) -> None:
        self._filter_hash = filter_hash
        self._redact = redact
        self._entries: dict[tuple[str, str], Entry] = {}
        self._diagnostics: dict[tuple[str, str, str], Diagnostic] = {}
        self._unchanged: Counter[str] = Counter()

    def open(self, stream: str, scope: str) -> Entry:
        """The entry of a stream in a scope; it exists from now on, even if nothing is found."""
        return self._entries.setdefault((stream, scope), Entry(stream, scope))

    def note(self, diagnostic: Diagnostic) -> None:
        """Take in a diagnostic; equal ones are counted together."""
        key = (diagnostic.code, diagnostic.stream, diagnostic.scope_urn)
        known = self._diagnostics.get(key)
        if known is not None:
            diagnostic = _together(known, diagnostic)
        self._diagnostics[key] = _redacted(diagnostic, self._redact)

    def gap(self, gap: Gap, entries: Iterable[Entry]) -> None:
        """Take in what a read could not see, in the scopes that it is about: all, if it is about
        none of them."""
        self.note(gap.diagnostic)
        given = list(entries)
        for entry in [one for one in given if _touch(one.scope, gap)] or given:
            entry.unread.update(gap.unread_fields)
            reason = self._redact(gap.diagnostic.title)
            entry.miss(gap.outcome, gap.diagnostic.count or 1, reason)

    def absent(self, part: Part, streams: Collection[str]) -> None:
        """Take in which of some streams a part does not have: no gap, and no coverage either."""
        for stream in sorted(part.lacks.keys() & set(streams)):
            self.note(
                Diagnostic(
                    code=NO_SUCH_STREAM,
                    stream=stream,
                    scope_urn=part.scope,
                    severity="info",
                    title=part.lacks[stream],
                )
            )

    def unchanged(self, streams: Iterable[str]) -> None:
        """Take in that streams of a part were not read, since nothing in it changed: no gap, and
        no coverage either."""
        self._unchanged.update(streams)

    def failure(self, error: SongbookError, entries: Iterable[Entry], place: str) -> None:
        """Take in an error that ended a read, or kept a part from being read."""
        denied = isinstance(error, PermissionMissing)
        for entry in entries:
            entry.miss("denied" if denied else "failed", 1, self._redact(str(error)))
            self.note(
                Diagnostic(
                    code="PERMISSION_MISSING" if denied else "READ_FAILED",
                    stream=entry.stream,
                    scope_urn=place,
                    severity="error",
                    title=str(error),
                    remediation=error.hint,
                    count=1,
                )
            )

    def close(self, unmatched: Sequence[str], scopes: Sequence[str], namespace: str) -> None:
        """Say what looks like a mistake of whoever configured the run.

        `unmatched` are the patterns that decided nothing: most likely they are misspelt.
        """
        for stream, count in self._unchanged.items():
            self.note(
                Diagnostic(
                    code=NOTHING_CHANGED,
                    stream=stream,
                    scope_urn=namespace,
                    severity="info",
                    title="Parts that did not change since the last run were not read again.",
                    count=count,
                )
            )
        filled = {one.scope for one in self._entries.values() if one.extracted}
        if empty := [scope for scope in scopes if scope not in filled and not self._unchanged]:
            self._warn(
                "SCOPE_MATCHED_NOTHING",
                namespace,
                f"Scopes in which nothing was found: {', '.join(empty)}",
                "Check them against the URNs in the catalog, or with --browse.",
                len(empty),
            )
        if unmatched:
            self._warn(
                "FILTER_MATCHED_NOTHING",
                namespace,
                f"Patterns that match nothing: {', '.join(unmatched)}",
                "Try --explain-filter with the name of what they are meant for.",
                len(unmatched),
            )
        found = [one for one in self._entries.values() if one.stream not in _AROUND]
        if found and not self._unchanged and not any(one.extracted for one in found):
            self._warn(
                "NOTHING_FOUND",
                namespace,
                "Nothing was read but the place itself.",
                "Check what the settings point at, the filter, and the privileges (--grants).",
            )

    def _warn(self, code: str, place: str, title: str, remediation: str, count: int = 1) -> None:
        self.note(
            Diagnostic(
                code=code,
                stream="",
                scope_urn=place,
                severity="warning",
                title=title,
                remediation=remediation,
                count=count,
            )
        )

    def missed(self, places: Iterable[tuple[str, str]]) -> int:
        """How many objects are known to be missing of streams in scopes."""
        entries = (self._entries.get(place) for place in places)
        return sum(entry.missed for entry in entries if entry is not None)

    def complete_streams(self) -> set[str]:
        """The streams that have no gap in any scope."""
        streams = {entry.stream for entry in self._entries.values()}
        return streams - {entry.stream for entry in self._entries.values() if not entry.complete}

    def diagnostics(self) -> Iterator[Diagnostic]:
        """The diagnostics, in a fixed order."""
        yield from (self._diagnostics[key] for key in sorted(self._diagnostics))

    def coverage(self) -> Iterator[Coverage]:
        """The coverage, in the order of streams and scopes."""
        for entry in sorted(
            self._entries.values(), key=lambda one: (_ORDER[one.stream], one.scope)
        ):
            yield entry.record(self._filter_hash)


def _touch(scope: str, gap: Gap) -> bool:
    """Whether a gap is about something in a scope or around it."""
    place = gap.diagnostic.scope_urn
    return urn.is_within(scope, place) or urn.is_within(place, scope)


def _together(known: Diagnostic, more: Diagnostic) -> Diagnostic:
    """Two diagnostics of one key as one: counted, with the first few details."""
    count = (known.count or 1) + (more.count or 1)
    details = [one.detail for one in (known, more) if one.detail]
    detail = "\n".join(details) if len(known.detail or "") < MOST_DETAIL else known.detail
    return msgspec.structs.replace(known, count=count, detail=detail or None)


def _redacted(diagnostic: Diagnostic, redact: Redactor) -> Diagnostic:
    """The diagnostic with secrets masked in all that people read."""
    return msgspec.structs.replace(
        diagnostic,
        title=redact(diagnostic.title),
        detail=diagnostic.detail and redact(diagnostic.detail),
        remediation=diagnostic.remediation and redact(diagnostic.remediation),
    )
