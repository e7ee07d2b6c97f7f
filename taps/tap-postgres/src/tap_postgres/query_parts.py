"""What a query of a rule tree consists of, as far as one query alone can tell."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from tap_postgres.expression_parts import Part
from tap_postgres.flows import Role
from tap_postgres.rule_tree import Node, RuleTreeError, Value, as_node, nodes


class Entry(StrEnum):
    """The server's RTEKind: what an entry of a range table is."""

    RELATION = "0"
    SUBQUERY = "1"
    JOIN = "2"
    FUNCTION = "3"
    TABLE_FUNCTION = "4"
    VALUES = "5"
    COMMON = "6"
    GROUP = "9"


class SetOperation(StrEnum):
    """The server's SetOperation."""

    UNION = "1"
    INTERSECT = "2"
    EXCEPT = "3"


class Operand(NamedTuple):
    """One query of a set operation."""

    entry: int
    gives: bool
    """Whether its rows can come out; the right side of EXCEPT only takes rows away."""
    roles: frozenset[Role]
    """How its columns decide which rows come out: rows are compared as wholes."""


def relations(query: Node) -> set[int]:
    """Every relation that the query names anywhere in a FROM, whether or not its columns matter."""
    entries = (node for node in nodes(query) if node.kind == "RANGETBLENTRY")
    return {
        entry.number("relid")
        for entry in entries
        # Up to version 15 the range table of a view also holds the view itself, twice.
        if entry.token("rtekind") == Entry.RELATION and entry.flag("inFromCl")
    }


def operands(query: Node) -> Iterator[Operand]:
    """The queries that UNION, INTERSECT and EXCEPT put together; none in any other query."""
    pending = [(query.value("setOperations"), True, frozenset[Role]())]
    while pending:
        value, gives, roles = pending.pop()
        if value is None:
            continue
        node = as_node(value)
        if node.kind == "RANGETBLREF":
            yield Operand(node.number("rtindex"), gives, roles)
        else:
            operation = node.token("op")
            roles |= _comparing(operation, node.flag("all"))
            pending.append((node.node("rarg"), gives and operation != SetOperation.EXCEPT, roles))
            pending.append((node.node("larg"), gives, roles))


def sources(query: Node) -> tuple[list[int], list[Part]]:
    """What stands in FROM and WHERE: entries of the range table, and the conditions on them."""
    entries: list[int] = []
    conditions: list[Part] = []
    pending: list[Value] = [query.node("jointree")]
    while pending:
        node = as_node(pending.pop())
        match node.kind:
            case "RANGETBLREF":
                entries.append(node.number("rtindex"))
            case "JOINEXPR":
                conditions.append((node.value("quals"), "JOIN"))
                pending += (node.value("larg"), node.value("rarg"))
            case "FROMEXPR":
                conditions.append((node.value("quals"), "FILTER"))
                pending += node.elements("fromlist")
            case kind:
                raise RuleTreeError(f"{kind} is not known in FROM")
    return entries, conditions


def set_returning(value: Value) -> Iterator[Node]:
    """The calls in an expression that give many rows for one; those of subqueries are theirs."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, Node) and value.kind != "QUERY":
            flag = _SET_RETURNING.get(value.kind)
            if flag and value.flag(flag):
                yield value
            pending += value.fields.values()


_SET_RETURNING = {"FUNCEXPR": "funcretset", "OPEXPR": "opretset"}


def _comparing(operation: str, keeps_duplicates: bool) -> frozenset[Role]:
    if operation == SetOperation.UNION:
        return frozenset() if keeps_duplicates else frozenset({"GROUP_BY"})
    if operation in (SetOperation.INTERSECT, SetOperation.EXCEPT):
        return frozenset({"FILTER"})
    raise RuleTreeError(f"set operation {operation} is not known")
