"""What to read: one meaning of `include` and `exclude` for all taps.

A pattern is a path of names joined by dots, outermost first (`database.schema.table`). `*`, `?` and
`[...]` stand for characters inside one name; a name in double quotes is literal. A pattern covers
what it names and all that lies below; a container on the way to an included thing is included too.
`exclude` wins over `include`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate

from songbook.errors import ConfigError
from songbook.identifiers import Identifiers

_PART = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is read, and the pattern that decided."""

    included: bool
    pattern: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to match."""

    text: str
    parts: tuple[re.Pattern[str], ...]

    def covers(self, path: Path) -> bool:
        """Whether it names this or something above it."""
        return len(self.parts) <= len(path) and self._agrees(path)

    def leads_through(self, path: Path) -> bool:
        """Whether what it names may lie below this."""
        return len(path) < len(self.parts) and self._agrees(path)

    def _agrees(self, path: Path) -> bool:
        return all(part.fullmatch(name) for part, name in zip(self.parts, path, strict=False))


class Filter:
    """The patterns of one run."""

    def __init__(
        self, include: Sequence[str] = (), exclude: Sequence[str] = (), *, identifiers: Identifiers
    ) -> None:
        fold = identifiers.tables == "insensitive"
        self.include = tuple(_compile(text, fold=fold) for text in include)
        self.exclude = tuple(_compile(text, fold=fold) for text in exclude)

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)

    @property
    def hash(self) -> str:
        """A name for the patterns: the same for the same set of them."""
        patterns = [sorted({p.text for p in side}) for side in (self.include, self.exclude)]
        return hashlib.sha256(json.dumps(patterns).encode()).hexdigest()[:16]

    def decide(self, path: Path) -> Decision:
        """Whether an object is read, and why."""
        for pattern in self.exclude:
            if pattern.covers(path):
                return Decision(False, pattern.text, "excluded by")
        for pattern in self.include:
            if pattern.covers(path):
                return Decision(True, pattern.text, "included by")
        for pattern in self.include:
            if pattern.leads_through(path):
                return Decision(True, pattern.text, "on the way to what is included by")
        if self.include:
            return Decision(False, None, "no include pattern matches")
        return Decision(True, None, "everything is included and no exclude pattern matches")


def parse_name(text: str) -> Path:
    """Read a dotted name; raises ConfigError when it is not one."""
    return tuple(name for name, _ in _parts(text))


def _compile(text: str, *, fold: bool) -> Pattern:
    flags = re.IGNORECASE if fold else 0
    parts = (
        re.compile(re.escape(name) if literal else translate(name), flags)
        for name, literal in _parts(text)
    )
    return Pattern(text, tuple(parts))


def _parts(text: str) -> list[tuple[str, bool]]:
    """The names of a path, each with whether it was quoted."""
    parts, position = [], 0
    while match := _PART.match(text, position):
        quoted, bare = match.groups()
        parts.append((bare, False) if quoted is None else (quoted.replace('""', '"'), True))
        position = match.end()
        if position == len(text):
            return parts
        if text[position] != ".":
            break
        position += 1
    hint = 'Join names by dots; quote a name that holds a dot or a quote: app."my.schema".orders'
    raise ConfigError(f"Not a name or pattern: {text!r}", hint=hint)
