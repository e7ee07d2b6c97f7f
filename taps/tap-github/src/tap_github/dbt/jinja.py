"""The calls in a dbt template, found without rendering it: a stranger's macros are never run.

It takes time in proportion to the text, whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_CALL = re.compile(r"\b(ref|source|config|var)\s*\(")
_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_KEYWORD = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*(.*)", re.DOTALL)
_OPEN, _CLOSE = "([{", ")]}"
LONGEST_CALL = 4000
"""Characters of arguments after which a call is taken for broken."""
MOST_CALLS = 1000
"""Calls of one template that are looked at: no model has so many."""

Variables = Mapping[str, str]


class Block(NamedTuple):
    """A piece of a template: `{{ }}`, `{% %}`, `{# #}`, or the text between (kind is empty)."""

    kind: str
    inner: str


class Call(NamedTuple):
    """A call with the arguments that are literals; None stands for what only running would tell."""

    name: str
    args: tuple[str | None, ...]
    options: Mapping[str, str | None]


def blocks(text: str) -> Iterator[Block]:
    """The pieces of a template, in order."""
    at, search = 0, 0
    unclosed: set[str] = set()
    while match := _OPENING.search(text, search):
        kind = match[0]
        end = -1 if kind in unclosed else text.find(_CLOSING[kind], match.end())
        if end < 0:
            unclosed.add(kind)
            search = match.end()
            continue
        if match.start() > at:
            yield Block("", text[at : match.start()])
        inner = text[match.end() : end].strip("-+ \t\r\n")
        at = search = end + 2
        if kind == "{%" and inner == "raw":
            over = _RAW.search(text, at)
            literal = text[at : over.start()] if over else text[at:]
            at = search = over.end() if over else len(text)
            yield Block("", literal)
            continue
        yield Block(kind, inner)
    if at < len(text):
        yield Block("", text[at:])


def calls(text: str, variables: Variables) -> Iterator[Call]:
    """The calls of `ref`, `source`, `config` and `var` in a template."""
    return islice(_calls(text, variables), MOST_CALLS)


def _calls(text: str, variables: Variables) -> Iterator[Call]:
    for block in blocks(text):
        if block.kind in ("{{", "{%"):
            for match in _CALL.finditer(block.inner):
                call = _call(block.inner, match, variables)
                if call is None:
                    break  # a bracket is missing: nothing behind it means what it says
                yield call[0]


def compiled(text: str, variables: Variables, put: Callable[[Call], str | None]) -> str | None:
    """The SQL of a template whose blocks are plain calls; None when only running would tell it.

    `put` gives what stands in place of a call. What is for incremental runs only is left out.
    """
    parts: list[str] = []
    hidden = 0
    for block in blocks(text):
        if block.kind == "{%":
            word = block.inner.split("(")[0].split()
            if hidden:
                hidden += (word[:1] == ["if"]) - (word[:1] == ["endif"])
            elif word[:2] == ["if", "is_incremental"]:
                hidden = 1
            elif word[:1] not in (["snapshot"], ["endsnapshot"]):
                return None
        elif not hidden and block.kind == "{{":
            value = _value(block.inner, variables, put)
            if value is None:
                return None
            parts.append(value)
        elif not hidden and not block.kind:
            parts.append(block.inner)
    return "".join(parts)


def _value(inner: str, variables: Variables, put: Callable[[Call], str | None]) -> str | None:
    if inner == "this":
        return put(Call("this", (), {}))
    match = _CALL.match(inner)
    call = _call(inner, match, variables) if match else None
    if call is None or inner[call[1] :].strip():
        return None
    return put(call[0])


def _call(text: str, match: re.Match[str], variables: Variables) -> tuple[Call, int] | None:
    """A call and where it ends, or None when it has no end."""
    args: list[str | None] = []
    options: dict[str, str | None] = {}
    at = match.end()
    while True:
        argument = _argument(text, at)
        if argument is None:
            return None
        raw, at = argument
        if keyword := _KEYWORD.fullmatch(raw):
            options[keyword[1]] = literal(keyword[2].strip(), variables)
        elif raw.strip():
            args.append(literal(raw.strip(), variables))
        if text[at - 1] == ")":
            return Call(match[1], tuple(args), options), at


def _argument(text: str, start: int) -> tuple[str, int] | None:
    """The text of one argument, and the place behind the comma or bracket that ends it."""
    depth, quote, at = 0, "", start
    while at < min(len(text), start + LONGEST_CALL):
        character = text[at]
        if quote:
            if character == "\\":
                at += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character in _OPEN:
            depth += 1
        elif depth and character in _CLOSE:
            depth -= 1
        elif not depth and character in ",)":
            return text[start:at], at + 1
        at += 1
    return None


def literal(raw: str, variables: Variables) -> str | None:
    """The value of a literal or of a variable that the project sets; None for anything else."""
    if raw[:1] in ("'", '"') and raw[-1:] == raw[:1] and len(raw) > 1:
        inner = raw[1:-1]
        return None if raw[0] in inner or "\\" in inner else inner
    if re.fullmatch(r"-?\d+(\.\d+)?|[Tt]rue|[Ff]alse", raw):
        return raw.lower()
    match = _CALL.match(raw)
    call = _call(raw, match, variables) if match and match[1] == "var" else None
    if call is None or raw[call[1] :].strip() or not call[0].args:
        return None
    name, *default = call[0].args
    return variables.get(name or "", default[0] if default else None)
