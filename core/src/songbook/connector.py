"""A connector is a value: what to configure, how to connect, what to read and how to check it.

    connector = Connector(name="postgres", title="PostgreSQL", config=Config, connect=connect,
                          streams=sql_streams("tap_postgres"), checks=(...), identifiers=POSTGRES)

Its parts are data and plain functions. `songbook.extract` runs them; nothing here does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from typing import Any, Literal, TypeAlias

import msgspec

from songbook.errors import SongbookError
from songbook.identifiers import Identifiers
from songbook.records import Coverage, Diagnostic, Liveness, Record
from songbook.settings import Settings

GROUP = "songbook.connectors"
"""The entry points under which installed connectors are found."""


class Gap(msgspec.Struct, frozen=True):
    """Something that a read could not see: it yields this in place of the records."""

    outcome: Literal["denied", "failed", "truncated"] | None
    """How it was missed; None when the objects were sent but some of their fields could not be
    looked at."""
    diagnostic: Diagnostic
    """What a person should know; its `stream` is the stream with the gap, its `count` the number of
    objects."""
    unread_fields: tuple[str, ...] = ()
    """Fields that were not looked at: the catalog keeps what it has."""


Item: TypeAlias = Record | Gap


@dataclass(frozen=True, slots=True)
class Request:
    """What a read is asked for; everything, unless it is narrowed."""

    schemas: tuple[str, ...] | None = None
    tables: tuple[str, ...] | None = None
    since: Mapping[str, datetime] = field(default_factory=dict)
    """Bookmarks: for a stream with a clock, the time up to which the last run saw it."""
    mark: Mapping[str, Any] | None = None
    """The mark that this part had when it was last read completely, for the same streams and
    filter; None asks for all of it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One pass over a part of the source, which yields records of one or several types."""

    yields: tuple[type[Record], ...]
    read: Callable[[Any, Request], Iterator[Item]]
    statement: str | None = None
    """The SQL that it runs, when it is a statement."""
    changed_at: str | None = None
    """The field that is the source's trustworthy clock of changes."""
    distinct: bool = False
    """Whether the source itself guarantees that no key comes twice."""


def stream(
    *yields: type[Record], changed_at: str | None = None
) -> Callable[[Callable[[Any, Request], Iterator[Item]]], Stream]:
    """Make a stream of a generator function: `@stream(Dashboard, Chart, Lineage)`."""

    def make(read: Callable[[Any, Request], Iterator[Item]]) -> Stream:
        return Stream(yields, read, changed_at=changed_at)

    return make


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check found, and the command that found it."""

    summary: str
    command: str | None = None
    status: Literal["passed", "warning"] = "passed"
    remediation: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a connection test; it raises a SongbookError whose hint is the way out."""

    name: str
    run: Callable[[Any], Evidence]
    quick: bool = False
    """Whether it is cheap enough for a health check every minute."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the source that is read with one client: a database, a project, a site."""

    scope: str
    """URN that its coverage is about."""
    client: Any = None
    error: SongbookError | None = None
    """Why it can't be read, when there is no client."""
    scopes: Mapping[str, str] = field(default_factory=dict)
    """Streams whose coverage is about more than this part; the counts of all parts add up."""
    within: tuple[str, ...] | None = None
    """Scopes below `scope` that are accounted for one by one, where of the rest nothing is known,
    not even whether it is there; streams with an entry in `scopes` are not split."""
    skip: frozenset[str] = frozenset()
    """Streams that another part has read already."""
    mark: Mapping[str, Any] | None = None
    """What the part looks like now, as JSON, where the source tells without reading it. A part
    whose mark is that of the last run is not read: it is alive in the streams of `scopes`, and what
    lies below it is left as it was."""
    lacks: Mapping[str, str] = field(default_factory=dict)
    """Streams that there are not here, by the nature or the version of the source, with a sentence
    that says why: they are neither read nor covered, and that is no fault."""


Wanted: TypeAlias = Callable[[str], bool]
"""Whether the filter and the scopes leave anything at or below a URN."""


def whole(client: Any, wanted: Wanted) -> Iterator[Part]:  # noqa: ARG001
    """The parts of a source that is read in one go."""
    yield Part(scope=client.namespace, client=client)


def no_grants(config: Any, streams: Sequence[str]) -> str:  # noqa: ARG001
    """The script of a source that has no privileges to grant."""
    return ""


@dataclass(frozen=True, slots=True)
class Connector:
    """Everything that makes a tap.

    A client is whatever `connect` opens; it has a `namespace`, the root of the source's URNs.
    """

    name: str
    title: str
    config: type[Settings]
    connect: Callable[[Any], AbstractContextManager[Any]]
    streams: Sequence[Stream]
    identifiers: Identifiers
    levels: tuple[str, ...] = ("database", "schema", "table")
    """What the segments of its paths are called, outermost first."""
    parts: Callable[[Any, Wanted], Iterator[Part]] = whole
    checks: Sequence[Check] = ()
    grants: Callable[[Any, Sequence[str]], str] = no_grants
    """The least-privilege script for a configuration and the names of the selected streams."""
    aliases: tuple[str, ...] = ()
    """Other names under which the registry knows it."""

    @property
    def command(self) -> str:
        """The name of its program."""
        return f"tap-{self.name}"

    @property
    def version(self) -> str:
        """The version of the distribution that registers it."""
        entries = metadata.entry_points(group=GROUP, name=self.name)
        return next((entry.dist.version for entry in entries if entry.dist), "unknown")

    @property
    def yields(self) -> tuple[type[Record], ...]:
        """The record types that it can yield, each once."""
        return tuple(dict.fromkeys(kind for one in self.streams for kind in one.yields))

    @property
    def always(self) -> tuple[type[Record], ...]:
        """The record types that every run writes: what it saw, what a person should know and, for a
        source with a clock, what is merely still there."""
        has_clock = any(one.changed_at for one in self.streams)
        return (Liveness, Diagnostic, Coverage) if has_clock else (Diagnostic, Coverage)
