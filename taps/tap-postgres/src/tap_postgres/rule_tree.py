"""Parser of the text in which PostgreSQL stores the query of a view (`pg_rewrite.ev_action`).

The text is what the server's nodeToString writes: `{NODE :field value …}`, `(list …)`, `<>` for
nothing, and else tokens in which a backslash takes the meaning from the next character. Tokens are
kept as they stand in the text: whoever compares two of them need not unescape any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar, Union

from tap_postgres.rule_shapes import Shapes, shapes

KNOWN_MAJORS = range(15, 19)
"""The versions of PostgreSQL whose trees this program knows."""

T = TypeVar("T")
Value: TypeAlias = Union[str, "Node", list["Value"], None]

_TOKEN = re.compile(
    r"""
    (?: :(\w+)\ )?                # in a node: the name of the field that the next begins
    ( [)}]                        # the end of a list or a node
    | \( | \{\w*                  # the beginning of a list, or of a node with its kind
    | \d+\ \[[-\d\ ]*\]           # the bytes of a constant: nobody reads them, and they are many
    | (?:[^\ \n\t(){}\\]+|\\.)+   # any other value
    )
    """,
    re.DOTALL | re.VERBOSE,
)

_SELECT = "1"
"""CMD_SELECT of the server's CmdType."""


class RuleTreeError(Exception):
    """The tree is not as the server is known to write it."""


class Node:
    """One node of the tree: its kind, and its fields in the order of the text."""

    __slots__ = ("fields", "kind")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.fields: dict[str, Value] = {}

    def value(self, field: str) -> Value:
        """A field, whatever it holds."""
        try:
            return self.fields[field]
        except KeyError:
            raise RuleTreeError(f"{self.kind} has no {field}") from None

    def token(self, field: str) -> str:
        """A field that holds one token."""
        value = self.value(field)
        if not isinstance(value, str):
            raise RuleTreeError(f"{field} of {self.kind} is not a token")
        return value

    def number(self, field: str) -> int:
        """A field that holds a whole number."""
        token = self.token(field)
        if not token.removeprefix("-").isdecimal():
            raise RuleTreeError(f"{field} of {self.kind} is not a number")
        return int(token)

    def flag(self, field: str) -> bool:
        """A field that holds true or false."""
        return self.token(field) == "true"

    def elements(self, field: str) -> list[Value]:
        """A field that holds a list; nothing counts as an empty one."""
        value = self.value(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise RuleTreeError(f"{field} of {self.kind} is not a list")
        return value

    def node(self, field: str) -> Node:
        """A field that holds a node."""
        return as_node(self.value(field))

    def nodes(self, field: str) -> list[Node]:
        """A field that holds a list of nodes."""
        return [as_node(value) for value in self.elements(field)]


def as_node(value: Value) -> Node:
    """The value, which must be a node."""
    if not isinstance(value, Node):
        raise RuleTreeError("a node is missing")
    return value


def as_list(value: Value) -> list[Value]:
    """The value, which must be a list."""
    if not isinstance(value, list):
        raise RuleTreeError("a list is missing")
    return value


def nth(elements: Sequence[T], number: int) -> T:
    """An element by its number; the server counts from 1."""
    if not 1 <= number <= len(elements):
        raise RuleTreeError(f"there is no element {number} in {len(elements)}")
    return elements[number - 1]


def named(elements: Mapping[str, T], name: str) -> T:
    """An element by its name, as the tree writes it."""
    if name not in elements:
        raise RuleTreeError("a name in the tree is unknown")
    return elements[name]


def parse(text: str, major: int) -> Node:
    """Read the rule of a view, which is one query; raises RuleTreeError."""
    if major not in KNOWN_MAJORS:
        raise RuleTreeError(f"the rule trees of PostgreSQL {major} are not known")
    query = _only(_only(_read(text, shapes(major))))
    if not isinstance(query, Node) or query.kind != "QUERY":
        raise RuleTreeError("the rule is not one query")
    if query.token("commandType") != _SELECT:
        raise RuleTreeError("the rule is not a SELECT")
    return query


def nodes(root: Node) -> Iterator[Node]:
    """The node and all below it, in no order of meaning."""
    pending: list[Value] = [root]
    while pending:
        value = pending.pop()
        if isinstance(value, Node):
            yield value
            pending.extend(value.fields.values())
        elif isinstance(value, list):
            pending.extend(value)


def _only(value: Value) -> Value:
    if not isinstance(value, list) or len(value) != 1:
        raise RuleTreeError("the rule is not one query")
    return value[0]


def _read(text: str, known: Shapes) -> list[Value]:
    """What stands in the text, usually one list. A loop, because trees can be very deep."""
    outermost: list[Value] = []
    holder: Node | list[Value] = outermost
    outside: list[Node | list[Value]] = []
    for field, word in _TOKEN.findall(text):
        if word in ")}":
            _check_end(holder, field + word, known)
            if not outside:
                raise RuleTreeError("the text has an end too many")
            holder = outside.pop()
            continue
        value = _begin(word) if word[0] in "{(<" else word
        if isinstance(holder, list) and not field:
            holder.append(value)
        elif isinstance(holder, Node) and field:
            holder.fields[field] = value
        else:
            raise RuleTreeError("a field is outside of a node, or a value outside of a field")
        if isinstance(value, Node | list):
            outside.append(holder)
            holder = value
    if outside:
        raise RuleTreeError("the text ends early")
    return outermost


def _begin(word: str) -> Value:
    if word == "(":
        return []
    if word.startswith("{"):
        return Node(word[1:])
    return None if word == "<>" else word


def _check_end(holder: Node | list[Value], end: str, known: Shapes) -> None:
    """Nothing is made of a node that has other fields than its kind has in this version."""
    if isinstance(holder, list):
        if end != ")":
            raise RuleTreeError("a list does not end like one")
    elif end != "}" or tuple(holder.fields) != known.get(_shape(holder)):
        raise RuleTreeError(f"{holder.kind} has an unknown shape")


def _shape(node: Node) -> str:
    return f"{node.kind} {node.token('rtekind')}" if node.kind == "RANGETBLENTRY" else node.kind
