"""Singer state: up to which time each stream with a clock was seen, and how each part of the source
looked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from songbook.errors import ConfigError


class Clock:
    """The bookmarks of the last run, and the newest times of this one."""

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        self._before = _bookmarks(state or {})
        self._keys: dict[str, str] = {}
        self._newest: dict[str, datetime] = {}

    def since(self) -> dict[str, datetime]:
        """Where each stream left off; raises ConfigError for a bookmark that is no time."""
        values = {name: mark.get("replication_key_value") for name, mark in self._before.items()}
        return {name: _time(name, value) for name, value in values.items() if value}

    def see(self, stream: str, field: str, at: datetime | None) -> None:
        """Take note of one record's time."""
        if at is not None and (stream not in self._newest or at > self._newest[stream]):
            self._keys[stream], self._newest[stream] = field, at

    def state(self, complete: Collection[str]) -> dict[str, Any]:
        """The state to start from next time: a stream moves on only when it was read completely."""
        bookmarks = {name: mark for name, mark in self._before.items() if name != Marks.STREAM}
        for name in sorted(set(self._newest) & set(complete)):
            value = self._newest[name].isoformat()
            bookmarks[name] = {"replication_key": self._keys[name], "replication_key_value": value}
        return {"bookmarks": bookmarks}


class Marks:
    """What the parts of a source looked like when they were last read completely.

    They are kept in the state and nowhere else: only there is it sure that the catalog holds what
    was read.
    """

    STREAM = "coverage"
    """The stream under whose bookmark they stand: singer-sdk keeps nothing outside bookmarks."""

    def __init__(self, state: Mapping[str, Any] | None, basis: str) -> None:
        self._basis = basis
        marks = _bookmarks(state or {}).get(self.STREAM, {}).get("marks") or {}
        self._before: dict[str, Any] = dict(marks) if isinstance(marks, dict) else {}
        self._now: dict[str, Any] = {}

    def before(self, scope: str) -> Mapping[str, Any] | None:
        """The mark of the last run; None when it read other streams, or through another filter."""
        known = self._before.get(scope)
        if not isinstance(known, dict) or known.get("basis") != self._basis:
            return None
        mark = known.get("mark")
        return mark if isinstance(mark, dict) else None

    def keep(self, scope: str, mark: Mapping[str, Any]) -> None:
        """Take note of a part that the catalog has completely."""
        self._now[scope] = {"basis": self._basis, "mark": mark}

    def leave(self, scope: str) -> None:
        """Keep the last mark of a part of which something was missed now: it still tells what the
        catalog has."""
        if scope in self._before:
            self._now[scope] = self._before[scope]

    def bookmark(self, covers: Callable[[str], bool]) -> dict[str, Any]:
        """The bookmarks to add: marks of this run, and those of parts that it did not cover.

        A part that was looked for and not met is forgotten: should it come back, it is read whole.
        """
        untouched = {scope: one for scope, one in self._before.items() if not covers(scope)}
        marks = dict(sorted({**untouched, **self._now}.items()))
        return {self.STREAM: {"marks": marks}} if marks else {}


def _bookmarks(state: Mapping[str, Any]) -> dict[str, Any]:
    marks = state.get("bookmarks") or {}
    if not isinstance(marks, dict) or not all(isinstance(mark, dict) for mark in marks.values()):
        hint = "Give the state that a former run ended with, or none."
        raise ConfigError("The state's bookmarks are not as Singer has them.", hint=hint)
    return dict(marks)


def _time(stream: str, value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        hint = "Remove the bookmark from the state to read the stream in full."
        raise ConfigError(
            f"The bookmark of {stream} is not a time: {value!r}.", hint=hint
        ) from None
