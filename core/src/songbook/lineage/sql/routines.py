"""Routines: procedures, functions, triggers, tasks and events, by the statements in their body."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from songbook.lineage.sql.blocks import Block, Unit, find
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
    "RULE": frozenset({"ALSO", "INSTEAD", "DO"}),
    "TRIGGER": frozenset({"ROW", "STATEMENT"}),
}
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
_MODES: Final = frozenset({"IN", "OUT", "INOUT", "VARIADIC"})


class Routine(NamedTuple):
    """What a CREATE statement says about a routine: its kind, its table if it is a trigger."""

    kind: str
    table: str | None
    units: list[Unit]


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
    return Routine(kind, _table(kind, chunk, statement), _body(kind, chunk, head, block, statement))


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
        start += 1
    if start is None or start >= len(chunk):
        return []
    block.inside = kind not in ("TASK", "PIPE")
    if kind in ("PROCEDURE", "PROC") and chunk[start].upper == "IF":
        block.inside = True
    return block.take(statement[chunk[start].start :])


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
    opening = next((at for at, word in enumerate(chunk) if word.text == "("), None)
    names: set[str] = set()
    if opening is None or opening > 6:
        return names
    depth, fresh = 0, False
    for word in chunk[opening:]:
        if word.text in ("(", "<"):
            depth += 1
            fresh = depth == 1
        elif word.text in (")", ">"):
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and word.text == ",":
            fresh = True
        elif fresh and word.upper not in _MODES:
            names.add(word.text.strip('"`').lower())
            fresh = False
    return names


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
