"""CODEOWNERS: who owns which files
(https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from typing import NamedTuple

from songbook.records import Owner

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may be; the first that exists counts."""

_WORD = re.compile(r"(?:\\.|[^\s\\])+")
_DEEP = "**"
"""The part of a pattern that stands for any number of folders."""


class Rule(NamedTuple):
    """A pattern of paths and who owns them."""

    parts: tuple[re.Pattern[str] | None, ...]
    """A pattern for each folder and the file; None stands for any number of folders."""
    owners: tuple[Owner, ...]


def rules(text: str) -> list[Rule]:
    """The rules of a CODEOWNERS file; lines that GitHub ignores are left out."""
    return list(_rules(text))


def owners(path: str, known: Sequence[Rule]) -> list[Owner]:
    """Who owns a file: the last rule that fits counts, also when it names nobody."""
    for rule in reversed(known):
        if _fits(rule.parts, path.split("/")):
            return list(rule.owners)
    return []


def _rules(text: str) -> Iterator[Rule]:
    for line in text.splitlines():
        content = re.split(r"(?:^|(?<=\s))#", line.strip(), maxsplit=1)[0]
        words = _WORD.findall(content)
        # GitHub takes no negation, no character ranges, and no escaped "#" at the beginning.
        if not words or words[0].startswith(("!", "\\#")) or "[" in words[0]:
            continue
        parts = tuple(_parts(words[0].replace("\\ ", " ")))
        yield Rule(parts, tuple(_owner(word) for word in words[1:] if "@" in word))


def _parts(pattern: str) -> Iterator[re.Pattern[str] | None]:
    """A pattern as git's ignore files have it: anchored by a slash, else at any depth; a folder
    covers all below, but `folder/*` only its own files."""
    names = pattern.strip("/").split("/")
    if "/" not in pattern.rstrip("/"):
        yield None
    for name in names:
        yield None if name == _DEEP else re.compile(translate(name))
    if pattern.endswith("/"):
        yield re.compile(translate("*"))
    if len(names) == 1 or names[-1] != "*" or pattern.endswith("/"):
        yield None


def _fits(parts: Sequence[re.Pattern[str] | None], path: Sequence[str]) -> bool:
    """Whether a path agrees with a pattern, in time that no pattern can blow up."""
    reached = _passed(parts, {0})
    for name in path:
        following = set()
        for at in reached - {len(parts)}:
            part = parts[at]
            if part is None:
                following.add(at)
            elif part.match(name):
                following.add(at + 1)
        reached = _passed(parts, following)
    return len(parts) in reached


def _passed(parts: Sequence[re.Pattern[str] | None], places: set[int]) -> set[int]:
    """The places in a pattern, and those behind parts that may stand for nothing."""
    found = set(places)
    for at in sorted(places):
        behind = at
        while behind < len(parts) and parts[behind] is None:
            behind += 1
            found.add(behind)
    return found


def _owner(word: str) -> Owner:
    if not word.startswith("@"):
        return Owner(principal=word, kind="user", source="CODEOWNERS")
    name = word[1:]
    return Owner(principal=name, kind="group" if "/" in name else "user", source="CODEOWNERS")
