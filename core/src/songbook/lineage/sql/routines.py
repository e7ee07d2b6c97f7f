"""Routines: procedures, functions, triggers, tasks and events, by the statements in their body."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from songbook.lineage.sql.blocks import Block, Unit, find, names_listed
from songbook.lineage.sql.control_flow import units_of
from songbook.lineage.sql.words import Word, unquoted, words_of

_KINDS: Final = frozenset(
    ["PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "EVENT", "TASK", "PIPE", "RULE", "ALERT"]
)
_NO_ROUTINE: Final = re.compile(
    r"\s*CREATE\s+(OR\s+(REPLACE|REFRESH|ALTER)\s+)?((GLOBAL|LOCAL|TEMP|TEMPORARY|TRANSIENT|"
    r"MATERIALIZED|DYNAMIC|SECURE|RECURSIVE|EXTERNAL|STREAMING|UNLOGGED|LIVE)\s+)*"
    r"(VIEW|SCHEMA|DATABASE|INDEX|TYPE|USER|ROLE|SEQUENCE|TABLE(?!\s+FUNCTION))\b",
    re.IGNORECASE,
)
_SQL: Final = frozenset({"", "SQL", "PLPGSQL"})
_BODY_AFTER: Final = {
    "EVENT": frozenset({"DO"}),
    "RULE": frozenset({"DO"}),
    "TRIGGER": frozenset({"ROW", "STATEMENT"}),
}
_RULES: Final = frozenset({"ALSO", "INSTEAD"})
_STARTS: Final = frozenset(
    [
        "BEGIN",
        "DECLARE",
        "SELECT",
        "WITH",
        "INSERT",
        "UPDATE",
        "DELETE",
        "MERGE",
        "REPLACE",
        "COPY",
        "RETURN",
        "CALL",
        "IF",
        "SET",
    ]
)


class Routine(NamedTuple):
    """What a CREATE statement says about a routine: its kind, its table if it is a trigger."""

    kind: str
    table: str | None
    units: list[Unit]
    columns: list[str]
    """The columns of the table that a function returns."""


def routine_of(statement: str, block: Block) -> Routine | None:
    """The body of a CREATE PROCEDURE and its like, as units; None for another statement."""
    if _NO_ROUTINE.match(statement):
        return None
    chunk = words_of(statement, block.dialect)
    head = next((at for at, word in enumerate(chunk[:20]) if word.upper in _KINDS), None)
    if head is None:
        return None
    block.variables |= _parameters(chunk[head:])
    kind = chunk[head].upper
    units = _body(kind, chunk, head, block, statement)
    return Routine(kind, _table(kind, chunk, statement), units, _returned(chunk))


def _returned(chunk: list[Word]) -> list[str]:
    """The names of the columns of RETURNS TABLE (…), or else of the OUT parameters."""
    for at in range(len(chunk) - 2):
        if chunk[at].upper == "RETURNS" and chunk[at + 1].upper == "TABLE":
            return [word.text for word in names_listed(chunk[at + 2 :])]
    return [
        chunk[at + 1].text
        for at in range(1, len(chunk) - 1)
        if chunk[at].upper in ("OUT", "INOUT") and chunk[at - 1].text in ("(", ",")
    ]


def _body(kind: str, chunk: list[Word], head: int, block: Block, statement: str) -> list[Unit]:
    language = _language(chunk)
    body = _quoted_body(chunk, head)
    if language.upper() not in _SQL:
        return [Unit("note", f"The routine is written in {language}, which is not read.")]
    if body is not None:
        return [Unit("script", unquoted(body))]
    start = find(chunk, _BODY_AFTER.get(kind, frozenset({"AS"})) | {"BEGIN"}, head)
    if start is None or kind not in ("TRIGGER", "EVENT", "RULE", "TASK", "PIPE", "ALERT"):
        start = _first_statement(chunk, start or head)
    elif chunk[start].upper != "BEGIN":
        start += 2 if chunk[start + 1 : start + 2] and chunk[start + 1].upper in _RULES else 1
    if start is None or start >= len(chunk):
        return []
    block.inside = kind not in ("TASK", "PIPE")
    return units_of(statement[chunk[start].start :], block)


def _first_statement(chunk: list[Word], first: int) -> int | None:
    """Where the body begins: at its first statement, which may stand in parentheses."""
    start = find(chunk, _STARTS, first)
    if start is not None:
        return start
    for at in range(first, len(chunk) - 1):
        if chunk[at].upper in ("AS", "RETURN") and chunk[at + 1].text == "(":
            return at + 1 if chunk[at + 2 : at + 3] and chunk[at + 2].upper in _STARTS else None
    return None


def _quoted_body(chunk: list[Word], head: int) -> Word | None:
    for at in range(head, len(chunk)):
        if chunk[at].kind == "dollar" or (
            chunk[at].kind == "string" and chunk[at - 1].upper == "AS"
        ):
            return chunk[at]
    return None


def _language(chunk: list[Word]) -> str:
    for at, word in enumerate(chunk[:-1]):
        if word.upper == "LANGUAGE":
            return chunk[at + 1].text.strip("'\"")
        if word.upper == "BEGIN":
            break
    return ""


def _parameters(chunk: list[Word]) -> set[str]:
    """The names in the first parentheses: parameters are no columns."""
    opening = next((at for at, word in enumerate(chunk[:8]) if word.text == "("), None)
    if opening is None:
        return set()
    return {word.text.strip('"`').lower() for word in names_listed(chunk[opening:])}


def _table(kind: str, chunk: list[Word], statement: str) -> str | None:
    """The table that a trigger or a rule is on."""
    if kind not in ("TRIGGER", "RULE"):
        return None
    wanted = frozenset({"ON"}) if kind == "TRIGGER" else frozenset({"TO"})
    place = find(chunk, wanted)
    if place is None or place + 1 >= len(chunk):
        return None
    end = place + 2
    while end + 1 < len(chunk) and chunk[end].text == ".":
        end += 2
    return statement[chunk[place + 1].start : chunk[end - 1].end]
