"""What every tap of an HTTP API needs beside its vendor's client: patience and a memory.

The vendor's client sends the requests; this says how often and how long one waits for them, and
keeps answers that need not be fetched twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from songbook.errors import ConnectionFailed

Answer = TypeVar("Answer")
Delay = Callable[[Exception, int], float | None]
"""Seconds until a failed request may be sent again, by its error and the number of tries so far;
None when it would fail again."""

MOST_TRIES = 6
"""How often one request is sent at most."""


class Patience:
    """The time that one run may spend waiting for a source that is busy or counts requests."""

    def __init__(self, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self.left = seconds
        self._sleep = sleep

    def wait(self, seconds: float, reason: str) -> None:
        """Wait; raises ConnectionFailed at once when the budget would not last so long."""
        if seconds > self.left:
            raise ConnectionFailed(
                f"{reason} It asks to wait {seconds:.0f} s, and the run has {self.left:.0f} s left "
                "for waiting.",
                hint="Run it again later; what was read is kept. Or raise `max_wait_seconds`.",
            )
        self.left -= seconds
        self._sleep(seconds)


def persist(send: Callable[[], Answer], delay: Delay, patience: Patience) -> Answer:
    """Send a request, again and again while its failures pass; raises the last failure."""
    tries = 1
    while True:
        try:
            return send()
        except Exception as error:
            seconds = delay(error, tries)
            if seconds is None or tries == MOST_TRIES:
                raise
            patience.wait(seconds, f"{_first_line(error)}.")
            tries += 1


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")


class Cache:
    """Answers on disk that may be lost at any time; without a folder none are kept.

    Only what can't be wrong belongs here: what a hash names, or what the server confirms by an
    ETag. What the catalog has already is told by the state, not by this.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = Path(folder) if folder else None

    def read(self, key: str) -> Any:
        """The answer of a key, or None."""
        if self._folder is None:
            return None
        try:
            return msgspec.json.decode(self._path(self._folder, key).read_bytes())
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, key: str, answer: Any) -> None:
        """Keep an answer, readable by this user alone; where that fails, it is not kept."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            path = self._path(self._folder, key)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(answer))
            Path(unfinished).replace(path)  # another run never sees half of it

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return folder / name[:2] / f"{name[2:]}.json"
