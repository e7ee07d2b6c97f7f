"""Parsing: from the text of a statement to its trees."""

from __future__ import annotations

import logging
import re

from sqlglot import ErrorLevel, Token, TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from songbook.lineage.sql import budget

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END})
_PLACE = re.compile(r"Line (\d+), Col: (\d+)")

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


class Unreadable(Exception):
    """A statement that can't be parsed; says why in one sentence."""


def parsed(statement: str, dialect: str) -> list[exp.Expr]:
    """The trees of a statement; raises Unreadable."""
    rules = Dialect.get_or_raise(dialect)
    try:
        tokens = rules.tokenize(statement)
        _check(tokens)
        trees = rules.parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, statement)
    except RecursionError as error:
        raise Unreadable("A statement is nested too deep.") from error
    except (SqlglotError, ValueError, TypeError, AttributeError, LookupError) as error:
        place = _PLACE.search(str(error))
        where = f" at line {place[1]}, column {place[2]}" if place else ""
        raise Unreadable(f"A statement can't be parsed{where}.") from error
    return [tree for tree in trees if tree is not None]


def _check(tokens: list[Token]) -> None:
    if len(tokens) > budget.TOKENS:
        raise Unreadable(f"A statement has more than {budget.TOKENS} words.")
    depth = deepest = 0
    for token in tokens:
        if token.token_type in _OPENING:
            depth += 1
            deepest = max(depth, deepest)
        elif token.token_type in _CLOSING:
            depth -= 1
    if deepest > budget.NESTING:
        raise Unreadable(f"A statement is nested more than {budget.NESTING} deep.")
