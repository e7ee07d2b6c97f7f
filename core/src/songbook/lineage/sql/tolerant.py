"""The tolerant pass: the tables of a statement that can't be parsed, from its words alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from songbook.lineage.sql.words import Word, words_of

_READ: Final = frozenset({"FROM", "JOIN", "USING"})
_WRITTEN: Final = frozenset({"INTO", "OVERWRITE", "UPDATE", "TABLE", "VIEW"})
_BETWEEN: Final = frozenset(
    ["TABLE", "IF", "NOT", "EXISTS", "ONLY", "LATERAL", "INTO", "OR", "REPLACE"]
)
_NO_TABLE: Final = frozenset(
    [
        "SELECT",
        "SET",
        "VALUES",
        "UNNEST",
        "WHERE",
        "ON",
        "AS",
        "WITH",
        "JOIN",
        "LEFT",
        "RIGHT",
        "FULL",
        "INNER",
        "CROSS",
        "GROUP",
        "ORDER",
        "ROWS",
    ]
)
_FUNCTIONS_WITH_FROM: Final = frozenset(["EXTRACT", "TRIM", "SUBSTRING", "OVERLAY", "POSITION"])


class Part(NamedTuple):
    """One part of a name as written."""

    text: str
    quoted: bool


class Mention(NamedTuple):
    """A table that the words name, and whether it is written."""

    parts: tuple[Part, ...]
    written: bool


def mentions(sql: str, dialect: str) -> Iterator[Mention]:
    """The tables that stand after FROM, JOIN, INTO … and are no common table expressions."""
    words = words_of(sql, dialect)
    defined = {
        words[at].text.lower()
        for at in range(len(words) - 2)
        if words[at].kind == "word" and words[at + 1].upper == "AS" and words[at + 2].text == "("
    }
    calls: list[bool] = []
    """For each open bracket, whether it is one of a function that uses FROM itself."""
    deleting = False
    for at, word in enumerate(words):
        if word.text == "(":
            calls.append(at > 0 and words[at - 1].upper in _FUNCTIONS_WITH_FROM)
        elif word.text == ")" and calls:
            calls.pop()
        deleting = deleting or word.upper == "DELETE"
        if word.upper not in _READ | _WRITTEN or (calls and calls[-1]):
            continue
        written = word.upper in _WRITTEN or (word.upper == "FROM" and deleting)
        deleting = deleting and word.upper != "FROM"
        yield from _tables(words, at + 1, defined, written=written)


def _tables(words: list[Word], at: int, defined: set[str], *, written: bool) -> Iterator[Mention]:
    """The tables of a list that begins there; FROM a, b names two."""
    while at < len(words):
        while at < len(words) and words[at].upper in _BETWEEN:
            at += 1
        if [word.upper for word in words[at : at + 2]] == ["ROWS", "FROM"]:
            return
        end = _end_of_name(words, at)
        if end == at:
            return
        called = end < len(words) and words[end].text == "("
        if not (called and not written) and words[at].text.lower() not in defined:
            yield Mention(tuple(_parts(words[at:end])), written)
        if written:
            return
        if end < len(words) and words[end].upper == "AS":
            end += 1
        if end < len(words) and words[end].kind == "word" and words[end].upper not in _NO_TABLE:
            end += 1
        if end >= len(words) or words[end].text != ",":
            return
        at = end + 1


def _end_of_name(words: list[Word], at: int) -> int:
    """The place behind a dotted name, or the place itself if there is none."""
    if at >= len(words) or words[at].kind not in ("word", "quoted"):
        return at
    if words[at].upper in _NO_TABLE or words[at].text[0].isdigit():
        return at
    end = at + 1
    while end + 1 < len(words) and words[end].text == "." and words[end + 1].kind != "sign":
        end += 2
    return end


def _parts(words: list[Word]) -> Iterator[Part]:
    for word in words:
        if word.kind == "quoted":
            inner = word.text[1:-1].replace(word.text[0] * 2, word.text[0])
            for piece in inner.split(".") if word.text[0] == "`" else [inner]:
                yield Part(piece, quoted=True)
        elif word.kind == "word":
            yield Part(word.text, quoted=False)
