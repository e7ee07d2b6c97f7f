"""The streams: which records, read by which function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from songbook import Request, Stream
from songbook.connector import Item
from songbook.records import (
    Branch,
    Commit,
    Container,
    File,
    Grant,
    Lineage,
    Principal,
    PullRequest,
    Record,
    System,
)
from songbook.records import Repository as RepositoryRecord
from tap_github import graphql, history, overview, people
from tap_github.files import files

Read = Callable[[Any, Request], Iterator[Item]]


def _stream(*kinds: type[Record], read: Read, asks: str | None = None, **more: Any) -> Stream:
    return Stream(kinds, read, statement=asks, **more)


STREAMS = (
    _stream(System, read=overview.systems),
    _stream(Container, read=overview.containers),
    _stream(
        RepositoryRecord, read=overview.repositories, asks=graphql.PULSE, changed_at="altered_at"
    ),
    _stream(Branch, read=history.branches),
    _stream(Commit, read=history.commits, asks=graphql.HISTORY),
    _stream(PullRequest, read=history.pull_requests, asks=graphql.PULL_REQUESTS),
    _stream(File, Lineage, read=files, asks=graphql.TEXT + graphql.LAST),
    _stream(Principal, read=people.principals),
    _stream(Grant, read=people.grants),
)
"""In the order in which they are read."""
