"""Blocks: where in a script we are, what it has declared, and how its words are searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from songbook.lineage.sql.words import Word

QUERY = frozenset({"SELECT", "WITH"})
"""The words that a query begins with."""
_MODES = frozenset({"IN", "OUT", "INOUT", "VARIADIC"})
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


class Unit(NamedTuple):
    """A piece of a script: a statement, a query of whose tables alone are read, or a whole script
    in a string; or only a note that something can't be read."""

    kind: Literal["statement", "reads", "script", "note"]
    text: str


@dataclass
class Block:
    """The state of a script: whether this is a procedure's body, and the statement in hand.

    `units` are what was found in the statement whose text is `text`.
    """

    dialect: str
    inside: bool = False
    declaring: bool = False
    variables: set[str] = field(default_factory=set)
    units: list[Unit] = field(default_factory=list)
    text: str = ""

    def add(self, kind: Literal["statement", "reads"], chunk: list[Word]) -> None:
        """One more unit, from the words of this statement."""
        if chunk:
            self.units.append(Unit(kind, self.text[chunk[0].start : chunk[-1].end]))

    def read(self, chunk: list[Word]) -> None:
        """The queries in a piece of control flow are read for their tables."""
        for query in queries_in(chunk):
            self.add("reads", query)

    def declare(self, chunk: list[Word]) -> None:
        """The names before a declaration's type are variables; its default may hold a query."""
        for at, word in enumerate(chunk):
            if word.kind in ("word", "quoted") and (at == 0 or chunk[at - 1].text == ","):
                self.variables.add(word.text.strip('"`').lower())
            elif word.text != ",":
                break
        self.read(chunk)


def queries_in(chunk: list[Word]) -> Iterator[list[Word]]:
    """The outermost queries among some words."""
    depth, start, base = 0, None, 0
    for at, word in enumerate(chunk):
        if word.text in _OPENING:
            depth += 1
        elif word.text in _CLOSING:
            depth -= 1
            if start is not None and depth < base:
                yield chunk[start:at]
                start = None
        elif word.upper in QUERY and start is None:
            start, base = at, depth
    if start is not None:
        yield chunk[start:]


def find(chunk: list[Word], wanted: frozenset[str], first: int = 1) -> int | None:
    """The place of a keyword outside of brackets and of CASE … END."""
    depth = 0
    for at, word in enumerate(chunk[first:], first):
        if depth == 0 and word.upper in wanted:
            return at
        if word.text in _OPENING or word.upper == "CASE":
            depth += 1
        elif word.text in _CLOSING or (word.upper == "END" and depth):
            depth -= 1
    return None


def names_listed(chunk: list[Word]) -> Iterator[Word]:
    """The first word of each item of a list in parentheses; IN and OUT are no names."""
    depth, fresh = 0, False
    for word in chunk:
        if word.text in ("(", "<"):
            depth += 1
            fresh = depth == 1
        elif word.text in (")", ">"):
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and word.text == ",":
            fresh = True
        elif fresh and word.upper not in _MODES:
            yield word
            fresh = False
