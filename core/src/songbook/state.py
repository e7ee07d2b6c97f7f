"""Singer state: up to which time each stream with a clock was seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
        bookmarks = dict(self._before)
        for name in sorted(set(self._newest) & set(complete)):
            value = self._newest[name].isoformat()
            bookmarks[name] = {"replication_key": self._keys[name], "replication_key_value": value}
        return {"bookmarks": bookmarks}


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
