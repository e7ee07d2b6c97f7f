"""Templates that were not rendered: what dbt and Jinja leave in a text, read as far as it goes."""

from __future__ import annotations

import re
from typing import Final

UNKNOWN: Final = "template_that_was_not_rendered"
"""Stands for a table whose name only the template knows."""

_TEMPLATE = re.compile(
    r"\{\#(?:[^#{]++|\#(?!\})|\{(?!\#))*+\#\}"
    r"|\{%(?:[^%{]++|%(?!\})|\{(?!%))*+%\}"
    r"|\{\{(?:[^{}]++|\{(?!\{)|\}(?!\}))*+\}\}"
)
"""Each ends before the next begins, so that many that only open are no trouble."""
_MARKS = ("{{", "{%", "{#")
_REF = re.compile(r"\{\{-?\s*ref\(\s*(?:(['\"])[^'\"]*\1\s*,\s*)?(['\"])([^'\"]+)\2[^}]*\}\}")
_SOURCE = re.compile(r"\{\{-?\s*source\(\s*(['\"])([^'\"]+)\1\s*,\s*(['\"])([^'\"]+)\3[^}]*\}\}")
_CONFIG = re.compile(r"\{\{-?\s*config\s*\(")
_TABLE_BEFORE = re.compile(r"\b(from|join|into|update|table|view|using)\s+$|\.\s*$", re.IGNORECASE)


def has_templates(sql: str) -> bool:
    """Whether a text may hold templates."""
    return any(mark in sql for mark in _MARKS)


def rendered(sql: str) -> tuple[str, bool]:
    """The text with its references as names, and whether there were templates at all.

    Blocks and comments of the template fall away: the branches of a condition all count.
    """
    pieces: list[str] = []
    place = 0
    for match in _TEMPLATE.finditer(sql):
        pieces.append(sql[place : match.start()])
        pieces.append(_value(match.group(), sql, match))
        place = match.end()
    pieces.append(sql[place:])
    return "".join(pieces), len(pieces) > 1


def _value(template: str, sql: str, match: re.Match[str]) -> str:
    if not template.startswith("{{") or _CONFIG.match(template):
        return " "
    ref, source = _REF.fullmatch(template), _SOURCE.fullmatch(template)
    if ref is not None:
        return ref[3]
    if source is not None:
        return f"{source[2]}.{source[4]}"
    before = sql[max(0, match.start() - 40) : match.start()]
    if _TABLE_BEFORE.search(before) or sql[match.end() : match.end() + 1] == ".":
        return UNKNOWN
    return "NULL"
