"""What is in files, and which commit and pull request last touched them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from songbook.errors import SongbookError
from tap_github import graphql
from tap_github.access import in_batches
from tap_github.faults import TimedOut, explained
from tap_github.kinds import WITHOUT_TEXT
from tap_github.repository import Repository
from tap_github.trees import Entry

BATCH_FILES = 50
BATCH_BYTES = 1 << 20
"""How much one query asks for at most."""
TEXT_BYTES = 512 * 1000
"""GraphQL cuts off texts above about this size."""
LARGEST_BLOB = 100 << 20
"""GitHub gives no larger file at all (https://docs.github.com/rest/git/blobs)."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file's text, and what last touched it."""

    entry: Entry
    text: str | None = None
    left_out: str | None = None
    """Why there is no text."""
    commit: dict[str, Any] | None = None
    """The last commit, as GraphQL gives it."""
    error: SongbookError | None = None
    """Why nothing could be read."""


def contents(repository: Repository, head: str, entries: Iterable[Entry]) -> Iterator[Content]:
    """The contents of files in a commit, in their order; only one batch is held at a time."""

    def ask(some: Sequence[Entry]) -> Iterator[Content]:
        return _asked(repository, head, some)

    def hopeless(entry: Entry) -> Content:
        return Content(entry, error=explained(TimedOut(), f"{repository.name}/{entry.path}"))

    for batch in _batches(repository, entries):
        yield from in_batches(ask, batch, hopeless)


def text_of(repository: Repository, entry: Entry) -> str | None:
    """A file's text whatever its size; None when it is none."""
    if entry.size > LARGEST_BLOB:
        return None
    kept = repository.cache.read(_key(repository, entry))
    if isinstance(kept, str):
        return kept
    blob = repository.get("git", "blobs", entry.sha)
    return _decoded(base64.b64decode(blob["content"]))


def _batches(repository: Repository, entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        weight = entry.size if _why_not(repository, entry) is None else 0
        if batch and (len(batch) == BATCH_FILES or size + weight > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += weight
    if batch:
        yield batch


def _why_not(repository: Repository, entry: Entry) -> str | None:
    """Why a file's text is not asked for."""
    if entry.kind in WITHOUT_TEXT:
        return WITHOUT_TEXT[entry.kind]
    return "too large" if entry.size > repository.config.max_file_kb * 1024 else None


def _asked(repository: Repository, head: str, entries: Sequence[Entry]) -> Iterator[Content]:
    reasons = [_why_not(repository, entry) for entry in entries]
    kept = [
        None if reason else repository.cache.read(_key(repository, entry))
        for reason, entry in zip(reasons, entries, strict=True)
    ]
    unread = {
        n
        for n, entry in enumerate(entries)
        if reasons[n] is None and kept[n] is None and entry.size <= TEXT_BYTES
    }
    query, values = graphql.contents(entries, unread=unread)
    data = repository.graphql(query, head=head, **values).data["repository"]
    for n, entry in enumerate(entries):
        commit = next(iter(((data["head"] or {}).get(f"h{n}") or {}).get("nodes") or []), None)
        text, reason = kept[n], reasons[n]
        if reason is None and not isinstance(text, str):
            text, reason = _read(repository, entry, data.get(f"b{n}"))
        yield Content(entry, text, reason, commit)


def _read(
    repository: Repository, entry: Entry, blob: dict[str, Any] | None
) -> tuple[str | None, str | None]:
    """The text of a file, or why it has none."""
    if blob and blob["isBinary"]:
        return None, "binary"
    text = blob["text"] if blob and not blob["isTruncated"] else None
    if text is None:
        text = text_of(repository, entry)
    if text is None or "\0" in text:  # which no database takes as text
        return None, "binary"
    if entry.kind == "notebook":
        text = _without_outputs(text)
        if text is None:
            return None, "not a notebook"
    repository.cache.write(_key(repository, entry), text)
    return text, None


def _without_outputs(text: str) -> str | None:
    """A notebook without what its cells printed: that is data. None for what is no notebook."""
    try:
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            cell.pop("outputs", None)
            cell.pop("attachments", None)
        return json.dumps(notebook, indent=1, ensure_ascii=False)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError:
        return None


def _key(repository: Repository, entry: Entry) -> str:
    return f"blob {repository.urn} {entry.sha}"
