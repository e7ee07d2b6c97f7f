"""The one pass over a source: from a configuration to records, with an honest account of what was
seen.

`extract` drives the reads of a connector, part by part and stream by stream, lets through what the
filter and the scopes allow, and ends with diagnostics and coverage. It holds no records: memory
does not grow with the source, but for hashes of keys where a source may give one twice.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from songbook import urn
from songbook.connector import Connector, Gap, Part, Request, Stream
from songbook.coverage import Entry, Ledger
from songbook.errors import ConfigError, SongbookError
from songbook.filters import Filter
from songbook.records import Diagnostic, Liveness, Record, System
from songbook.redact import Redactor
from songbook.settings import Settings, ambient, secret_values, validate
from songbook.sql import params
from songbook.state import Clock, Marks

Entries: TypeAlias = dict[str, Entry]
"""The counts of one stream, by scope."""

RECENT = 1024
"""How many decisions of the filter are kept: parts of one table mostly come together."""


def extract(
    connector: Connector,
    config: Settings | Mapping[str, Any],
    streams: Iterable[str] | None = None,
    *,
    state: Mapping[str, Any] | None = None,
) -> Generator[Record, None, dict[str, Any]]:
    """Read a source: yields records, coverage last, and returns the Singer state to start from next
    time.

    `streams` are names of streams; None means those that are on by default. Raises ConfigError for
    settings or streams that are wrong, and ConnectionFailed when the source can't be reached;
    whatever else is missed is said in diagnostics and coverage.
    """
    settings = parse(connector, config)
    names = chosen(connector, streams)
    allowance = Allowance(connector, settings)
    ledger = Ledger(allowance.filter.hash, Redactor(secret_values(settings)))
    clock = Clock(state)
    marks = Marks(state, _basis(connector, names, allowance))
    with connector.connect(settings) as client:
        for part in connector.parts(client, allowance.wants):
            ledger.absent(part, names)
            here = names - part.skip - part.lacks.keys()
            visit = _Visit(part, here, allowance, ledger, clock, marks)
            yield from visit.visit(connector.streams)
        ledger.close(allowance.unmatched(), allowance.scopes, client.namespace)
    yield from ledger.diagnostics()
    yield from ledger.coverage()
    final = clock.state(ledger.complete_streams())
    final["bookmarks"] |= marks.bookmark(allowance.wants)
    return final


def _basis(connector: Connector, names: frozenset[str], allowance: Allowance) -> str:
    """What a mark is about: the same streams, through the same filter, by the same release."""
    basis = (connector.version, sorted(names), allowance.filter.hash)
    return hashlib.sha256(json.dumps(basis).encode()).hexdigest()[:16]


def parse(connector: Connector, config: Settings | Mapping[str, Any]) -> Settings:
    """The settings as the connector's own type; raises ConfigError."""
    if isinstance(config, Settings):
        return config
    return validate(connector.config, config, ambient=ambient())


def chosen(connector: Connector, streams: Iterable[str] | None) -> frozenset[str]:
    """The names of the streams to read; raises ConfigError for one that the connector does not
    have."""
    have = {kind.STREAM: kind.DEFAULT for kind in connector.yields}
    if streams is None:
        return frozenset(name for name, default in have.items() if default)
    names = frozenset(streams) - {kind.STREAM for kind in connector.always}
    if unknown := sorted(names - set(have)):
        hint = f"It has: {', '.join(have)}."
        raise ConfigError(f"{connector.command} has no stream {', '.join(unknown)}.", hint=hint)
    return names


class Allowance:
    """What the filter and the scopes of a run let through."""

    def __init__(self, connector: Connector, settings: Settings) -> None:
        self.filter = Filter(settings.include, settings.exclude, identifiers=connector.identifiers)
        self.scopes = tuple(settings.scopes)
        self._depth = len(connector.levels)
        self._includes = lru_cache(maxsize=RECENT)(self._decide)
        self._silent = [*self.filter.include, *self.filter.exclude]
        self._deepest = 0

    def __bool__(self) -> bool:
        return bool(self.filter or self.scopes)

    def wants(self, place: str) -> bool:
        """Whether anything at or below a place may be read."""
        in_scope = any(
            urn.is_within(place, one) or urn.is_within(one, place) for one in self.scopes
        )
        return (in_scope or not self.scopes) and self.passes(place)

    def passes(self, subject: str) -> bool:
        """Whether the filter includes what a URN is about."""
        return self._includes(subject.partition("#")[0])

    def _decide(self, whole: str) -> bool:
        path = self._path(whole)
        self._silent = [pattern for pattern in self._silent if not pattern.covers(path)]
        self._deepest = max(self._deepest, len(path))
        return self.filter.decide(path).included

    def _path(self, whole: str) -> tuple[str, ...]:
        """What patterns look at: a routine of a schema counts like a table, an index like its
        table."""
        parsed = urn.parse(whole)
        is_member = parsed.name is not None and 0 < len(parsed.path) < self._depth
        return (*parsed.path, str(parsed.name)) if is_member else parsed.path

    def admits(self, record: Record) -> bool:
        """Whether filter and scopes let a record through."""
        subject = getattr(record, record.SUBJECT) if record.SUBJECT else None
        if subject is None:
            return True
        in_scope = any(urn.is_within(subject, one) for one in self.scopes)
        return (in_scope or not self.scopes) and self.passes(subject)

    def scopes_below(self, place: str) -> Sequence[str]:
        """The scopes that a run accounts for when it reads a place."""
        if not self.scopes or any(urn.is_within(place, one) for one in self.scopes):
            return (place,)
        return [one for one in self.scopes if urn.is_within(one, place)]

    def unmatched(self) -> list[str]:
        """The patterns that cover nothing of what this run met, as far down as it looked."""
        return [one.text for one in self._silent if len(one.parts) <= self._deepest]


@dataclass(frozen=True, slots=True)
class _Visit:
    """The reading of one part."""

    part: Part
    names: frozenset[str]
    allowance: Allowance
    ledger: Ledger
    clock: Clock
    marks: Marks

    def visit(self, streams: Sequence[Stream]) -> Iterator[Record]:
        """All that the part has of the chosen streams, or a sign of life where nothing changed."""
        mark, place = self.part.mark, self.part.scope
        if mark is None or self.allowance.scopes_below(place) != (place,):
            self.marks.leave(place)
            yield from self.read(streams, Request(since=self.clock.since()))
            return
        before = self.marks.before(place)
        if before == mark:
            self.marks.keep(place, mark)
            self.ledger.unchanged(self.names - self.part.scopes.keys())
            yield from self._alive(streams)
            return
        missed = self._missed()
        yield from self.read(streams, Request(mark=before))
        if self._missed() == missed:
            self.marks.keep(place, mark)
        else:
            self.marks.leave(place)

    def _missed(self) -> int:
        """How much is known to be missing in the scopes of this part."""
        return self.ledger.missed(
            (name, scope)
            for name in self.names
            for scope in {self.part.scope, self.part.scopes.get(name, self.part.scope)}
        )

    def _alive(self, streams: Sequence[Stream]) -> Iterator[Record]:
        """The part itself, where a stream's coverage is about more than the part."""
        for stream in streams:
            names = {kind.STREAM for kind in stream.yields} & self.names & self.part.scopes.keys()
            kinds = [kind for kind in stream.yields if kind.STREAM in names]
            entries = {kind.STREAM: self._entries(kind) for kind in kinds}
            signs = [Liveness(stream=name, urn=self.part.scope) for name in entries]
            yield from self._let_through(stream, signs, entries)

    def read(self, streams: Sequence[Stream], request: Request) -> Iterator[Record]:
        """All that the part has of the chosen streams."""
        reads = [one for one in streams if any(kind.STREAM in self.names for kind in one.yields)]
        if self.part.error is None and hasattr(self.part.client, "submit"):
            self.part.client.submit(
                [one.statement for one in reads if one.statement], params(request)
            )
        for stream in reads:
            yield from self._one_read(stream, request)

    def _one_read(self, stream: Stream, request: Request) -> Iterator[Record]:
        entries = {
            kind.STREAM: self._entries(kind) for kind in stream.yields if kind.STREAM in self.names
        }
        own = [entry for some in entries.values() for entry in some.values()]
        started = time.perf_counter()
        try:
            if self.part.error is not None:
                raise self.part.error
            yield from self._let_through(stream, stream.read(self.part.client, request), entries)
        except SongbookError as error:
            if error.exit_code == SongbookError.exit_code:  # our bug: nothing to go on with
                raise
            self.ledger.failure(error, own, self.part.scope)
        for entry in own:
            entry.statements += stream.statement is not None
            entry.seconds += time.perf_counter() - started

    def _entries(self, kind: type[Record]) -> Entries:
        shared = self.part.scopes.get(kind.STREAM)
        places = (shared,) if shared else self.part.within
        if places is None:
            places = (self.part.scope,)
        scopes = (
            places
            if kind is System
            else [one for place in places for one in self.allowance.scopes_below(place)]
        )
        return {scope: self.ledger.open(kind.STREAM, scope) for scope in scopes}

    def _let_through(
        self, stream: Stream, items: Iterable[Record | Gap], entries: Mapping[str, Entries]
    ) -> Iterator[Record]:
        unrestricted = (
            {}
            if self.allowance
            else {
                name: entry
                for name, own in entries.items()
                if len(own) == 1
                for entry in own.values()
            }
        )
        for item in items:
            if isinstance(item, Gap):
                self.ledger.gap(item, entries.get(item.diagnostic.stream, {}).values())
                continue
            if isinstance(item, Diagnostic):
                self.ledger.note(item)
                continue
            name = item.stream if isinstance(item, Liveness) else item.STREAM
            if name not in entries:
                continue
            entry = unrestricted.get(name) or self._allowed(item, entries[name])
            if entry is None:
                continue
            entry.sent(None if stream.distinct else _key(item))
            if stream.changed_at and name == stream.yields[0].STREAM:
                self.clock.see(name, stream.changed_at, getattr(item, stream.changed_at, None))
            yield item

    def _allowed(self, item: Record, entries: Entries) -> Entry | None:
        """The entry that counts a record, or None when it is left out."""
        if isinstance(item, System):
            return next(iter(entries.values()))
        subject = getattr(item, item.SUBJECT) if item.SUBJECT else self.part.scope
        entry = next((entries[one] for one in urn.enclosing(subject) if one in entries), None)
        if entry is not None and not self.allowance.passes(subject):
            entry.filtered += 1
            return None
        return entry


def _key(record: Record) -> tuple[Any, ...]:
    """What names a record in its stream; a sign of life counts as the object itself."""
    if isinstance(record, Liveness):
        return (record.urn,)
    return tuple(getattr(record, field) for field in record.KEY)
