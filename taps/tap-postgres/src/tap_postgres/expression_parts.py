"""What the value of an expression is made from: its parts, and the role that each plays in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from tap_postgres.flows import Role
from tap_postgres.rule_tree import Node, RuleTreeError, Value

Part: TypeAlias = tuple[Value, Role]


def parts(node: Node) -> Iterable[Part]:
    """The parts of an expression; a variable or a subquery is none, and raises RuleTreeError."""
    special = _SPECIAL.get(node.kind)
    if special is not None:
        return special(node)
    roles = _PARTS.get(node.kind)
    if roles is None:
        raise RuleTreeError(f"{node.kind} is not known as an expression")
    return [(node.value(field), role) for field, role in roles.items()]


def _aggregate(node: Node) -> Iterable[Part]:
    """In an ordinary aggregate, what only orders its input is junk among the arguments."""
    arguments = node.nodes("args")
    ordering = {clause.token("tleSortGroupRef") for clause in node.nodes("aggorder")}
    yield node.value("aggdirectargs"), "AGGREGATION"
    yield node.value("aggfilter"), "FILTER"
    for argument in arguments:
        if not argument.flag("resjunk"):
            yield argument.value("expr"), "AGGREGATION"
        if node.token("aggkind") == _ORDINARY and argument.token("ressortgroupref") in ordering:
            yield argument.value("expr"), "SORT"


def _coalesce(node: Node) -> Iterable[Part]:
    """The last argument is taken when nothing else is left: it decides nothing."""
    arguments = node.elements("args")
    yield arguments, "TRANSFORMATION"
    yield arguments[:-1], "CONDITIONAL"


def _nullif(node: Node) -> Iterable[Part]:
    """The first argument, unless it equals the second."""
    arguments = node.elements("args")
    yield arguments[:1], "TRANSFORMATION"
    yield arguments, "CONDITIONAL"


def _window_function(node: Node) -> Iterable[Part]:
    """Of the window itself only the query knows more."""
    yield node.value("args"), "AGGREGATION" if node.flag("winagg") else "TRANSFORMATION"
    yield node.value("aggfilter"), "FILTER"


_ORDINARY = "n"
"""AGGKIND_NORMAL: an aggregate that is neither an ordered-set nor a hypothetical-set one."""

_SPECIAL: Mapping[str, Callable[[Node], Iterable[Part]]] = {
    "AGGREF": _aggregate,
    "COALESCEEXPR": _coalesce,
    "NULLIFEXPR": _nullif,
    "WINDOWFUNC": _window_function,
}


def _each(role: Role, *fields: str) -> Mapping[str, Role]:
    return dict.fromkeys(fields, role)


_NONE = _each("IDENTITY")
_OF_ARGUMENTS = _each("TRANSFORMATION", "args")
_OF_ARGUMENT = _each("TRANSFORMATION", "arg")
_UNCHANGED = _each("IDENTITY", "arg")
"""By the server's mark the value stays as it is; only its type, domain or collation changes."""

_PARTS: Mapping[str, Mapping[str, Role]] = {
    "ARRAYCOERCEEXPR": _each("TRANSFORMATION", "arg", "elemexpr"),
    "ARRAYEXPR": _each("TRANSFORMATION", "elements"),
    "BOOLEANTEST": _OF_ARGUMENT,
    "BOOLEXPR": _OF_ARGUMENTS,
    "CASEEXPR": {
        "arg": "CONDITIONAL",
        "args": "TRANSFORMATION",
        "defresult": "TRANSFORMATION",
    },
    "CASETESTEXPR": _NONE,
    "CASEWHEN": {"expr": "CONDITIONAL", "result": "TRANSFORMATION"},
    "COERCETODOMAIN": _UNCHANGED,
    "COERCEVIAIO": _OF_ARGUMENT,
    "COLLATEEXPR": _UNCHANGED,
    "CONST": _NONE,
    "CONVERTROWTYPEEXPR": _OF_ARGUMENT,
    "DISTINCTEXPR": _OF_ARGUMENTS,
    "FUNCEXPR": _OF_ARGUMENTS,
    # Its arguments only name columns of the grouping sets; their values do not count.
    "GROUPINGFUNC": _NONE,
    "JSONBEHAVIOR": _each("TRANSFORMATION", "expr"),
    "JSONCONSTRUCTOREXPR": _each("TRANSFORMATION", "args", "func", "coercion"),
    "JSONEXPR": _each(
        "TRANSFORMATION", "formatted_expr", "path_spec", "passing_values", "on_empty", "on_error"
    ),
    "JSONISPREDICATE": _each("TRANSFORMATION", "expr"),
    "JSONVALUEEXPR": _each("TRANSFORMATION", "raw_expr", "formatted_expr"),
    "MINMAXEXPR": _OF_ARGUMENTS,
    "NULLTEST": _OF_ARGUMENT,
    "OPEXPR": _OF_ARGUMENTS,
    "PARAM": _NONE,
    "RELABELTYPE": _UNCHANGED,
    "ROWCOMPAREEXPR": _each("TRANSFORMATION", "largs", "rargs"),
    "ROWEXPR": _OF_ARGUMENTS,
    "SCALARARRAYOPEXPR": _OF_ARGUMENTS,
    "SQLVALUEFUNCTION": _NONE,
    "SUBSCRIPTINGREF": _each(
        "TRANSFORMATION", "refexpr", "refupperindexpr", "reflowerindexpr", "refassgnexpr"
    ),
    "XMLEXPR": _each("TRANSFORMATION", "named_args", "args"),
}
