"""What reaches the columns and the rows of a common table expression (WITH), recursive or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tap_postgres.flows import WHOLE, Flows, Role, union, within
from tap_postgres.rule_tree import Node, Value, as_node, named, nth

if TYPE_CHECKING:
    from tap_postgres.query_scope import Scope


def column(scope: Scope, entry: Node, column: int, field: int) -> Flows:
    """What reaches a column of the common table that an entry of the range table stands for."""
    owner, name = _owner(scope, entry)
    if entry.flag("self_reference"):
        known = named(owner.growing, name).get(column, frozenset())
        return known if field == WHOLE else within("TRANSFORMATION", known)
    query = _query(owner, name)
    if column in query.outputs():
        return query.output(column, field)
    columns, role = nth(list(_added(owner, name)), column - len(query.outputs()))
    return within(role, _columns_named(owner, name, columns))


def rows(scope: Scope, entry: Node) -> Flows:
    """What decides which rows the common table has; CYCLE leaves out those that came before."""
    if entry.flag("self_reference"):
        return frozenset()
    owner, name = _owner(scope, entry)
    cycle = _expression(owner, name).value("cycle_clause")
    compared = [] if cycle is None else as_node(cycle).elements("cycle_col_list")
    return _query(owner, name).rows() | within("FILTER", _columns_named(owner, name, compared))


def _owner(scope: Scope, entry: Node) -> tuple[Scope, str]:
    return scope.around(entry.number("ctelevelsup")), entry.token("ctename")


def _expression(owner: Scope, name: str) -> Node:
    return named({it.token("ctename"): it for it in owner.query.nodes("cteList")}, name)


def _query(owner: Scope, name: str) -> Scope:
    """The scope of its query. All before it are read first: a long chain of them would be deep."""
    for expression in owner.query.nodes("cteList"):
        each = expression.token("ctename")
        if each not in owner.common and each not in owner.growing:
            _read(owner, each, expression)
        if each == name:
            break
    return named(owner.common, name)


def _read(owner: Scope, name: str, expression: Node) -> None:
    query = expression.node("ctequery")
    recursive = expression.flag("cterecursive")
    scope = _grown(owner, name, query) if recursive else owner.nest(query)
    owner.common[name] = scope
    for number in scope.outputs():
        scope.output(number)
    scope.rows()


def _grown(owner: Scope, name: str, query: Node) -> Scope:
    """Read a recursive query with what it gave the time before, until it gives nothing new."""
    owner.growing[name] = {}
    while True:
        scope = owner.nest(query)
        found = {number: scope.output(number) for number in scope.outputs()}
        if found == owner.growing[name]:
            return scope
        owner.growing[name] = found


def _added(owner: Scope, name: str) -> Iterator[tuple[list[Value], Role]]:
    """The columns that SEARCH and CYCLE put behind the query's own: what each is made from."""
    expression = _expression(owner, name)
    if (search := expression.value("search_clause")) is not None:
        yield as_node(search).elements("search_col_list"), "TRANSFORMATION"
    if (cycle := expression.value("cycle_clause")) is not None:
        yield as_node(cycle).elements("cycle_col_list"), "CONDITIONAL"
        yield as_node(cycle).elements("cycle_col_list"), "TRANSFORMATION"


def _columns_named(owner: Scope, name: str, columns: list[Value]) -> Flows:
    names = _expression(owner, name).elements("ctecolnames")
    numbers = {str(each): number for number, each in enumerate(names, start=1)}
    query = _query(owner, name)
    return union(query.output(named(numbers, str(column))) for column in columns)
