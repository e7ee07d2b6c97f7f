"""Words: a text cut into what is quoted, what is commented and what is neither, in any dialect.

The parser has a finer tokenizer of its own; this one is for what comes before it: finding the
statements of a script, also inside of procedures, and the tables of what can't be parsed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["word", "quoted", "string", "dollar", "sign"]

_BACKSLASHES = frozenset({"mysql", "mariadb", "bigquery", "snowflake", "databricks", "spark"})
_STRINGS_IN_DOUBLE_QUOTES = frozenset({"mysql", "mariadb", "bigquery", "databricks", "spark"})
_HASH_COMMENTS = frozenset({"mysql", "mariadb", "bigquery"})
_SLASH_COMMENTS = frozenset({"snowflake"})
_EXECUTED_COMMENTS = frozenset({"mysql", "mariadb"})
_NESTED_COMMENTS = frozenset({"postgres", "redshift", "duckdb", "databricks", "tsql"})
_BRACKET_NAMES = frozenset({"tsql"})
_MORE = re.compile(r"[^\n]")


class Word(NamedTuple):
    """One word and its place; `upper` is what keywords are compared with, empty if quoted."""

    kind: Kind
    text: str
    start: int
    end: int
    upper: str


def statements_of(sql: str, dialect: str) -> list[str]:
    """The statements of a script, without their comments, each place in a line as it was.

    MySQL's `/*! … */` is no comment: what stands in it is executed.
    """
    statements: list[str] = []
    clean: list[str] = []
    for match in _pattern(dialect).finditer(sql):
        kind, text = match.lastgroup, match.group()
        if kind == "comment" and _is_closed(text):
            text = _MORE.sub(" ", text)
        if kind == "end":
            statements.append("".join(clean))
            clean = []
        else:
            clean.append(text)
    statements.append("".join(clean))
    return [statement for statement in statements if statement.strip()]


def words_of(statement: str, dialect: str) -> list[Word]:
    """The words of a text whose comments are gone."""
    words: list[Word] = []
    for match in _pattern(dialect).finditer(statement):
        kind, text, start = match.lastgroup, match.group(), match.start()
        if kind in ("rest", "end", "sign"):
            words += [
                Word(
                    "word" if part.lastgroup == "word" else "sign",
                    part.group(),
                    start + part.start(),
                    start + part.end(),
                    part.group().upper(),
                )
                for part in _PARTS.finditer(text)
            ]
        elif kind not in ("hint", "comment"):
            words.append(Word(kind, text, start, match.end(), ""))  # type: ignore[arg-type]
    return words


def _is_closed(comment: str) -> bool:
    """Whether a comment ends; one that does not is left for the parser to complain about."""
    return not comment.startswith("/*") or "!" in comment[2:3] or comment.endswith("*/")


def unquoted(word: Word) -> str:
    """The content of a string."""
    text = word.text
    if word.kind == "dollar":
        mark = text[: text.index("$", 1) + 1]
        return text[len(mark) : -len(mark)] if text.endswith(mark) else text[len(mark) :]
    quote = text[0]
    if text.startswith(quote * 3):
        return text[3:-3]
    inner = text[1:-1] if len(text) > 1 and text.endswith(quote) else text[1:]
    return inner.replace(quote * 2, quote).replace(f"\\{quote}", quote)


_PARTS = re.compile(r"(?P<word>[\w@#$]+)|(?P<sign>:=|::|[^\w\s])")


@lru_cache(maxsize=64)
def _pattern(dialect: str) -> re.Pattern[str]:
    """Quoted things, comments and semicolons; all between them is `rest`."""
    escape, plain = (r"|\\.", r"\\") if dialect in _BACKSLASHES else ("", "")
    single = rf"'(?:[^'{plain}]++|''{escape})*+(?:'|$)"
    double = rf'"(?:[^"{plain}]++|""{escape})*+(?:"|$)'
    comments = [r"--[^\n]*"]
    if dialect in _EXECUTED_COMMENTS:
        comments.append(r"/\*!\d*|\*/")
    inner = r"[^*/]++|\*(?!/)|/(?!\*)"
    nested = rf"/\*(?:{inner})*+\*/" if dialect in _NESTED_COMMENTS else r"/(?=\*)"
    comments.append(rf"/\*(?!\+)(?:{inner}|{nested})*+(?:\*/|$)")
    if dialect in _HASH_COMMENTS:
        comments.append(r"\#[^\n]*")
    if dialect in _SLASH_COMMENTS:
        comments.append(r"//[^\n]*")
    strings = [r"(?<=[eE])'(?:[^'\\]++|\\.|'')*+(?:'|$)", single]
    names = [r"`(?:[^`]++|``)*+(?:`|$)"]
    if dialect in _STRINGS_IN_DOUBLE_QUOTES:
        strings = [r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|$)', *strings, double]
    else:
        names.append(double)
    if dialect in _BRACKET_NAMES:
        names.append(r"\[[^\]\n]*\]")
    return re.compile(
        rf"(?P<rest>[^'\"`$\-/;\#\[*]+)"
        rf"|(?P<end>;)"
        rf"|(?P<hint>/\*\+(?:[^*]++|\*(?!/))*+\*/)"
        rf"|(?P<comment>{'|'.join(comments)})"
        rf"|(?P<dollar>(?<!\w)\$(?P<tag>[A-Za-z_]\w*)?\$.*?(?:\$(?(tag)(?P=tag))\$|$))"
        rf"|(?P<string>{'|'.join(strings)})"
        rf"|(?P<quoted>{'|'.join(names)})"
        rf"|(?P<sign>.)",
        re.DOTALL,
    )
