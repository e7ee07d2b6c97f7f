"""Which columns of relations reach the columns and the rows of a query, read off its rule tree.

The server has resolved all names: a variable is the number of an entry in the range table of a
query, and the number of a column there. What is left is to follow the numbers down to relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tap_postgres import range_table
from tap_postgres.expression_parts import parts
from tap_postgres.flows import WHOLE, Flow, Flows, Role, compose, union, within
from tap_postgres.query_parts import operands, set_returning, sources
from tap_postgres.rule_tree import Node, RuleTreeError, Value, as_node, named, nth

_EXISTS = "0"
_SUBQUERY_VALUES: Mapping[str, Role] = {
    "1": "TRANSFORMATION",  # ALL
    "2": "TRANSFORMATION",  # ANY and IN
    "3": "TRANSFORMATION",  # a comparison of rows
    "4": "IDENTITY",  # a single value
    "6": "AGGREGATION",  # ARRAY
}
"""What an expression makes of the columns of a subquery in it, by the server's SubLinkType."""


class Scope:
    """One query of the tree, inside the queries whose columns it may use."""

    def __init__(self, query: Node, outer: Scope | None = None) -> None:
        self.query = query
        self.common: dict[str, Scope] = {}
        """The scopes of its common table expressions."""
        self.growing: dict[str, Mapping[int, Flows]] = {}
        """What reaches the columns of those that are recursive, as far as it is known."""
        self._outer = outer
        self._entries = query.nodes("rtable")
        self._targets = {str(it.number("resno")): it for it in query.nodes("targetList")}
        self._operands = list(operands(query))
        self._inner: dict[int, Scope] = {}
        self._outputs: dict[tuple[int, int], Flows] = {}
        self._columns: dict[tuple[int, int, int], Flows] = {}
        self._rows: Flows | None = None

    def outputs(self) -> list[int]:
        """The numbers of the columns that the query gives."""
        return [it.number("resno") for it in self._targets.values() if not it.flag("resjunk")]

    def output(self, number: int, field: int = WHOLE) -> Flows:
        """What reaches a column of the query, or one field of the composite value in it."""
        key = number, field
        if key not in self._outputs:
            self._outputs[key] = self._find_output(number, field)
        return self._outputs[key]

    def rows(self) -> Flows:
        """What decides which rows the query gives, how often, and in what order."""
        if self._rows is None:
            self._rows = union(self._deciding())
        return self._rows

    def column(self, entry: int, number: int, field: int = WHOLE) -> Flows:
        """What reaches a column of an entry of the range table, or one field of its value."""
        key = entry, number, field
        if key not in self._columns:
            self._columns[key] = range_table.column(self, entry, number, field)
        return self._columns[key]

    def entry(self, number: int) -> Node:
        """An entry of the range table."""
        return nth(self._entries, number)

    def nest(self, query: Node) -> Scope:
        """The scope of a query inside this one."""
        return Scope(query, self)

    def inner(self, entry: int) -> Scope:
        """The scope of a subquery in the range table."""
        if entry not in self._inner:
            self._inner[entry] = self.nest(self.entry(entry).node("subquery"))
        return self._inner[entry]

    def around(self, levels: int) -> Scope:
        """The scope so many levels up."""
        scope: Scope | None = self
        for _ in range(levels):
            scope = scope and scope._outer
        if scope is None:
            raise RuleTreeError(f"there is no query {levels} levels up")
        return scope

    def expression(self, value: Value, role: Role = "IDENTITY") -> Flows:
        """What reaches the value of an expression. A loop, because expressions can be very deep."""
        found: set[Flow] = set()
        pending = [(value, role)]
        while pending:
            value, role = pending.pop()
            if isinstance(value, list):
                pending += [(element, role) for element in value]
            elif value is not None:
                node = as_node(value)
                flows = self._beyond(node)
                if flows is None:
                    pending += [(part, compose(role, inner)) for part, inner in parts(node)]
                else:
                    found |= within(role, flows)
        return frozenset(found)

    def field(self, value: Value, field: int) -> Flows:
        """What reaches one field of an expression's composite value."""
        if field == WHOLE:
            return self.expression(value)
        node = as_node(value)
        if node.kind == "VAR":
            return self._variable(node, field)
        if node.kind == "ROWEXPR":
            return self.expression(nth(node.elements("args"), field))
        return self.expression(node, "TRANSFORMATION")

    def _beyond(self, node: Node) -> Flows | None:
        """What reaches an expression that is more than its own parts; None for all others."""
        match node.kind:
            case "VAR":
                return self._variable(node, WHOLE)
            case "FIELDSELECT":
                return self.field(node.value("arg"), node.number("fieldnum"))
            case "SUBLINK":
                return self._subquery_value(node)
            case "WINDOWFUNC":
                own = union(self.expression(part, role) for part, role in parts(node))
                return own | self._window(node.token("winref"))
            case _:
                return None

    def _variable(self, node: Node, field: int) -> Flows:
        scope = self.around(node.number("varlevelsup"))
        return scope.column(node.number("varno"), node.number("varattno"), field)

    def _subquery_value(self, node: Node) -> Flows:
        """Its values, what they are compared with, and what decides which values there are."""
        query = self.nest(node.node("subselect"))
        kind = node.token("subLinkType")
        if kind == _EXISTS:
            return query.rows()
        values = union(query.output(number) for number in query.outputs())
        compared = self.expression(node.value("testexpr"), "TRANSFORMATION")
        return within(named(_SUBQUERY_VALUES, kind), values) | compared | query.rows()

    def _window(self, reference: str) -> Flows:
        windows = {it.token("winref"): it for it in self.query.nodes("windowClause")}
        window = named(windows, reference)
        by = window.nodes("partitionClause") + window.nodes("orderClause")
        frame = [window.value("startOffset"), window.value("endOffset")]
        return self._listed(by, "WINDOW") | self.expression(frame, "WINDOW")

    def _listed(self, clauses: Iterable[Node], role: Role) -> Flows:
        """What reaches the columns that ORDER BY or a clause like it points to."""
        numbers = {it.token("ressortgroupref"): it.number("resno") for it in self._targets.values()}
        listed = (named(numbers, clause.token("tleSortGroupRef")) for clause in clauses)
        return within(role, union(self.output(number) for number in listed))

    def _find_output(self, number: int, field: int) -> Flows:
        if self._operands:
            giving = (operand.entry for operand in self._operands if operand.gives)
            return union(self.column(entry, number, field) for entry in giving)
        return self.field(named(self._targets, str(number)).value("expr"), field)

    def _deciding(self) -> Iterator[Flows]:
        entries, conditions = sources(self.query)
        entries += [operand.entry for operand in self._operands]
        yield from (self.expression(value, role) for value, role in conditions)
        yield from (range_table.rows(self, entry) for entry in entries)
        for clause in ("havingQual", "limitOffset", "limitCount"):
            yield self.expression(self.query.value(clause), "FILTER")
        for clause, role in _LISTS.items():
            yield self._listed(self.query.nodes(clause), role)
        if self.query.flag("hasTargetSRFs"):
            yield self.expression(list(set_returning(self.query.value("targetList"))), "JOIN")
        for operand in self._operands:
            columns = union(self.column(operand.entry, number) for number in self.outputs())
            yield from (within(role, columns) for role in operand.roles)


_LISTS: Mapping[str, Role] = {
    "groupClause": "GROUP_BY",
    "distinctClause": "GROUP_BY",
    "sortClause": "SORT",
}
"""Clauses that list columns; DISTINCT makes one row of equal ones, as GROUP BY does."""
