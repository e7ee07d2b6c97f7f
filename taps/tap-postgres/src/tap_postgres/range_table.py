"""What reaches the columns and the rows of one entry of a query's range table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_postgres import common_tables
from tap_postgres.flows import WHOLE, Flow, Flows, Role, union, within
from tap_postgres.query_parts import Entry, set_returning
from tap_postgres.rule_tree import Node, RuleTreeError, Value, as_list, as_node, nth

if TYPE_CHECKING:
    from tap_postgres.query_scope import Scope

_NOTHING: Flows = frozenset()

_DOCUMENT = ("docexpr", "rowexpr", "ns_uris", "passingvalexprs")
_PICKING = ("colexprs", "coldefexprs", "colvalexprs")
"""Expressions of XMLTABLE and JSON_TABLE: for all columns, and one a column. Some came with 17."""


def column(scope: Scope, number: int, column: int, field: int) -> Flows:
    """What reaches a column of an entry, or one field of the composite value in it."""
    entry = scope.entry(number)
    if column == WHOLE and field != WHOLE:
        return scope.column(number, field)
    if entry.token("rtekind") == Entry.RELATION:
        role: Role = "IDENTITY" if field == WHOLE != column else "TRANSFORMATION"
        return frozenset({Flow(entry.number("relid"), column, role)})
    if column == WHOLE:
        width = len(entry.node("eref").elements("colnames"))
        return within("TRANSFORMATION", union(scope.column(number, n + 1) for n in range(width)))
    match entry.token("rtekind"):
        case Entry.SUBQUERY:
            return scope.inner(number).output(column, field)
        case Entry.JOIN:
            return scope.field(nth(entry.elements("joinaliasvars"), column), field)
        case Entry.GROUP:
            return scope.field(nth(entry.elements("groupexprs"), column), field)
        case Entry.VALUES:
            rows = entry.elements("values_lists")
            return union(scope.field(nth(as_list(row), column), field) for row in rows)
        case Entry.FUNCTION:
            return _of_functions(scope, entry, column)
        case Entry.TABLE_FUNCTION:
            return _of_table_function(scope, entry.node("tablefunc"), column)
        case Entry.COMMON:
            return common_tables.column(scope, entry, column, field)
        case kind:
            raise RuleTreeError(f"entries of kind {kind} are not known")


def rows(scope: Scope, number: int) -> Flows:
    """What decides which rows an entry gives, how often, and in what order."""
    entry = scope.entry(number)
    match entry.token("rtekind"):
        case Entry.RELATION:
            return _sampled(scope, entry.value("tablesample"))
        case Entry.SUBQUERY:
            return scope.inner(number).rows()
        case Entry.FUNCTION:
            return scope.expression(list(set_returning(entry.value("functions"))), "JOIN")
        case Entry.TABLE_FUNCTION:
            return scope.expression(_document(entry.node("tablefunc")), "JOIN")
        case Entry.COMMON:
            return common_tables.rows(scope, entry)
        case _:
            return _NOTHING


def _sampled(scope: Scope, sample: Value) -> Flows:
    if sample is None:
        return _NOTHING
    arguments = [as_node(sample).value("args"), as_node(sample).value("repeatable")]
    return scope.expression(arguments, "FILTER")


def _of_functions(scope: Scope, entry: Node, column: int) -> Flows:
    """ROWS FROM puts the columns of functions side by side, WITH ORDINALITY adds one at the end."""
    functions = entry.nodes("functions")
    for function in functions:
        width = function.number("funccolcount")
        if column <= width:
            return scope.expression(function.value("funcexpr"))
        column -= width
    if column != 1 or not entry.flag("funcordinality"):
        raise RuleTreeError("a function has no such column")
    calls: list[Value] = [function.value("funcexpr") for function in functions]
    return scope.expression(calls, "TRANSFORMATION")


def _of_table_function(scope: Scope, function: Node, column: int) -> Flows:
    lists = (function.fields.get(field) for field in _PICKING)
    picking = [nth(as_list(each), column) for each in lists if each is not None]
    return scope.expression([_document(function), picking], "TRANSFORMATION")


def _document(function: Node) -> list[Value]:
    return [function.fields.get(field) for field in _DOCUMENT]
