"""Parsing: from a text to statements, each by itself, so that one that fails takes none along."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from sqlglot import ErrorLevel, Token, TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from songbook.lineage.sql import budget

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


class Unreadable(Exception):
    """A text, or one of its statements, that can't be parsed; says why in one sentence."""


def tokens_of(sql: str, dialect: str) -> list[Token]:
    """The tokens of a text; raises Unreadable."""
    if len(sql) > budget.CHARACTERS:
        raise Unreadable(f"The text is longer than {budget.CHARACTERS} characters.")
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    except (SqlglotError, ValueError, IndexError, RecursionError) as error:
        raise Unreadable(f"The text has no tokens of {dialect}: {_first_line(error)}") from error
    if len(tokens) > budget.TOKENS:
        raise Unreadable(f"The text has more than {budget.TOKENS} words.")
    return tokens


def split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The statements of a script: what stands between its semicolons."""
    chunk: list[Token] = []
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            if chunk:
                yield chunk
            chunk = []
        else:
            chunk.append(token)
    if chunk:
        yield chunk


def parsed(chunk: list[Token], sql: str, dialect: str) -> list[exp.Expr]:
    """The trees of one statement; raises Unreadable."""
    if _nesting(chunk) > budget.NESTING:
        raise Unreadable(f"The statement is nested more than {budget.NESTING} deep.")
    parser = Dialect.get_or_raise(dialect).parser(error_level=ErrorLevel.IMMEDIATE)
    try:
        trees = parser.parse(chunk, sql)
    except RecursionError as error:
        raise Unreadable("The statement is nested too deep.") from error
    except (SqlglotError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise Unreadable(f"The statement can't be parsed: {_first_line(error)}") from error
    return [tree for tree in trees if tree is not None]


def _nesting(chunk: list[Token]) -> int:
    depth = deepest = 0
    for token in chunk:
        if token.token_type in _OPENING:
            depth += 1
            deepest = max(depth, deepest)
        elif token.token_type in _CLOSING:
            depth -= 1
    return deepest


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0].strip() if lines else type(error).__name__
