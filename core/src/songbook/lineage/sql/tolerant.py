"""The tolerant pass: the tables of a statement that can't be parsed, from its words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORD = re.compile(
    r"""
    (?P<skip>\s+|--[^\n]*|/\*.*?(?:\*/|$)|'(?:[^'\\]|\\.|'')*(?:'|$))
    |(?P<name>(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]\n]*\]|[\w$#@-]+)
        (?:\s*\.\s*(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]\n]*\]|[\w$*]+))*)
    |(?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(r'"(?:[^"]|"")*"|`[^`]*`|\[[^\]\n]*\]|[^."`\[\]\s]+')
_READ = frozenset({"FROM", "JOIN", "USING"})
_WRITTEN = frozenset({"INTO", "OVERWRITE", "UPDATE", "TABLE", "VIEW"})
_BETWEEN = frozenset({"TABLE", "IF", "NOT", "EXISTS", "ONLY", "LATERAL", "INTO", "OR", "REPLACE"})
_NO_TABLE = frozenset({"SELECT", "SET", "VALUES", "UNNEST", "WHERE", "ON", "AS", "WITH"})


class Part(NamedTuple):
    """One part of a name as written."""

    text: str
    quoted: bool


class Mention(NamedTuple):
    """A table that the words name, and whether it is written."""

    parts: tuple[Part, ...]
    written: bool


def mentions(sql: str) -> Iterator[Mention]:
    """The tables that stand after FROM, JOIN, INTO … and are no common table expressions."""
    words = [match for match in _WORD.finditer(sql) if match.lastgroup != "skip"]
    texts = [match.group() for match in words]
    defined = {
        texts[at].lower()
        for at in range(len(texts) - 2)
        if words[at].lastgroup == "name" and texts[at + 1].upper() == "AS" and texts[at + 2] == "("
    }
    for at, word in enumerate(texts):
        keyword = word.upper()
        if keyword not in _READ and keyword not in _WRITTEN:
            continue
        after = at + 1
        while after < len(texts) and texts[after].upper() in _BETWEEN:
            after += 1
        if not _is_table(words, texts, after) or texts[after].lower() in defined:
            continue
        yield Mention(tuple(_parts(texts[after])), keyword in _WRITTEN)


def _is_table(words: list[re.Match[str]], texts: list[str], at: int) -> bool:
    if at >= len(words) or words[at].lastgroup != "name" or texts[at].upper() in _NO_TABLE:
        return False
    called = at + 1 < len(texts) and texts[at + 1] == "(" and texts[at - 1].upper() in _READ
    return not called and not texts[at][0].isdigit()


def _parts(name: str) -> Iterator[Part]:
    for match in _PART.finditer(name):
        text = match.group()
        if text[0] in '"`[':
            for piece in (
                text[1:-1].replace('""', '"').split(".") if text[0] == "`" else [text[1:-1]]
            ):
                yield Part(piece, quoted=True)
        else:
            yield Part(text, quoted=False)
