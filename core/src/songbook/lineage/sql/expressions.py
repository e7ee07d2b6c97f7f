"""Expressions: from the tree of one value to the columns that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from songbook.lineage.sql.aggregates import AGGREGATE_NAMES, POSITIONAL
from songbook.lineage.sql.flows import (
    AGGREGATED,
    CONDITIONAL,
    COPY,
    ELEMENT,
    TRANSFORMED,
    WINDOW,
    Flow,
    Origin,
    within,
)
from songbook.lineage.sql.scope import Scope
from songbook.urn import field_path


class _Gathered:
    """What one expression depends on, while its tree is walked; `todo` holds the nodes to come."""

    __slots__ = ("conditional", "direct", "scope", "todo", "window")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.direct: dict[Origin, int] = {}
        self.conditional: set[Origin] = set()
        self.window: set[Origin] = set()
        self.todo: list[tuple[exp.Expr, int]] = []

    def walk(self, node: exp.Expr, use: int) -> None:
        """Visit a tree without recursion, however deep it is."""
        self.todo.append((node, use))
        while self.todo:
            node, use = self.todo.pop()
            _step_for(type(node))(node, use, self)

    def later(self, node: Any, use: int) -> None:
        """Come back to a node, or a list of nodes, if there is one."""
        if isinstance(node, exp.Expr):
            self.todo.append((node, use))
        elif isinstance(node, list):
            self.todo.extend((item, use) for item in node if isinstance(item, exp.Expr))

    def add(self, flow: Flow, use: int) -> None:
        """Take over the origins of a part."""
        if use == CONDITIONAL:
            self.conditional |= flow.origins()
        elif use == WINDOW:
            self.window |= flow.origins()
        else:
            for origin, own in flow.direct.items():
                self.direct[origin] = max(own, use, self.direct.get(origin, COPY))
            self.conditional |= flow.conditional
            self.window |= flow.window

    def flow(self) -> Flow:
        """What was found."""
        return Flow(self.direct, frozenset(self.conditional), frozenset(self.window))


_Step = Callable[[Any, int, _Gathered], None]


def flow_of(node: exp.Expr, scope: Scope) -> Flow:
    """Where the value of an expression comes from."""
    if type(node) is exp.Column and not isinstance(node.this, exp.Star):
        return scope.column(node).flow
    gathered = _Gathered(scope)
    gathered.walk(node, COPY)
    return gathered.flow()


def value_of(node: exp.Expr, scope: Scope) -> tuple[Flow, exp.Expr | None]:
    """The flow of an expression, and what it is computed by unless it is a plain copy."""
    if type(node) is exp.Column and not isinstance(node.this, exp.Star):
        field = scope.column(node)
        return field.flow, field.value
    return flow_of(node, scope), node


def origins_of(node: exp.Expr, scope: Scope) -> set[Origin]:
    """All columns that an expression depends on, those of its subqueries included."""
    gathered = _Gathered(scope)
    gathered.walk(node, CONDITIONAL)
    return gathered.conditional


def _changed(use: int) -> int:
    return TRANSFORMED if use < TRANSFORMED else use


def _children(node: exp.Expr, use: int, gathered: _Gathered) -> None:
    for part in node.args.values():
        gathered.later(part, use)


def _computed(node: exp.Expr, use: int, gathered: _Gathered) -> None:
    _children(node, _changed(use), gathered)


def _leaf(node: exp.Expr, use: int, gathered: _Gathered) -> None:
    """Nothing comes from here."""


def _column(node: exp.Column, use: int, gathered: _Gathered) -> None:
    if isinstance(node.this, exp.Star):
        source = gathered.scope.source([gathered.scope.context.names.fold(node.args["table"])])
        if source is not None:
            gathered.add(source.relation.whole(), _changed(use))
    else:
        gathered.add(gathered.scope.column(node).flow, use)


def _star(node: exp.Star, use: int, gathered: _Gathered) -> None:  # noqa: ARG001  # a step
    for source in gathered.scope.sources:
        gathered.add(source.relation.whole(), _changed(use))


def _dot(node: exp.Dot, use: int, gathered: _Gathered) -> None:
    """A field of a struct: `(address).city`, `items[0].sku`."""
    path: list[str] = []
    base: exp.Expr = node
    while isinstance(base, exp.Dot) and isinstance(base.expression, exp.Identifier):
        path.insert(0, gathered.scope.context.names.fold(base.expression))
        base = base.this
    if path:
        gathered.add(within(flow_of(base, gathered.scope), field_path(*path)), use)
    else:
        _computed(node, use, gathered)


def _subscript(node: exp.Bracket, use: int, gathered: _Gathered) -> None:
    gathered.later(node.this, max(use, ELEMENT))
    gathered.later(node.expressions, _changed(use))


def _case(node: exp.Case, use: int, gathered: _Gathered) -> None:
    gathered.later(node.this, _deciding(use))
    for branch in node.args["ifs"]:
        gathered.later(branch.this, _deciding(use))
        gathered.later(branch.args.get("true"), _changed(use))
    gathered.later(node.args.get("default"), _changed(use))


def _if(node: exp.If | exp.Nvl2, use: int, gathered: _Gathered) -> None:
    gathered.later(node.this, _deciding(use))
    gathered.later(node.args.get("true"), _changed(use))
    gathered.later(node.args.get("false"), _changed(use))


def _decode(node: exp.DecodeCase, use: int, gathered: _Gathered) -> None:
    """DECODE(value, search, result, …, default)."""
    value, *pairs = node.expressions
    gathered.later(value, _deciding(use))
    for search, result in zip(pairs[::2], pairs[1::2], strict=False):
        gathered.later(search, _deciding(use))
        gathered.later(result, _changed(use))
    if len(pairs) % 2:
        gathered.later(pairs[-1], _changed(use))


def _deciding(use: int) -> int:
    return use if use == WINDOW else CONDITIONAL


def _aggregate(node: exp.Expr, use: int, gathered: _Gathered) -> None:
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Star):
        return
    _children(node, use if use >= CONDITIONAL else AGGREGATED, gathered)


def _anonymous(node: exp.Anonymous | exp.AnonymousAggFunc, use: int, gathered: _Gathered) -> None:
    if isinstance(node.this, str) and node.this.upper() in AGGREGATE_NAMES:
        _aggregate(node, use, gathered)
    else:
        _computed(node, use, gathered)


def _ordered_aggregate(node: exp.WithinGroup, use: int, gathered: _Gathered) -> None:
    """WITHIN GROUP (ORDER BY …): the order of an aggregate, or the values of a percentile."""
    gathered.later(node.this, use)
    order = node.expression
    values = isinstance(node.this, (exp.PercentileCont, exp.PercentileDisc, exp.Mode))
    deciding = use if use >= CONDITIONAL else AGGREGATED if values else WINDOW
    gathered.later(order.expressions, deciding)


def _order(node: exp.Order, use: int, gathered: _Gathered) -> None:
    gathered.later(node.this, use)
    gathered.later(node.expressions, use if use >= CONDITIONAL else WINDOW)


def _filtered_aggregate(node: exp.Filter, use: int, gathered: _Gathered) -> None:
    gathered.later(node.this, use)
    gathered.later(node.expression, _deciding(use))


def _window(node: exp.Window, use: int, gathered: _Gathered) -> None:
    function = node.this
    if not isinstance(function, exp.Expr):
        return
    gathered.later(function, _changed(use))
    deciding = use if use == CONDITIONAL else WINDOW
    named: exp.Expr | None = node
    seen: set[int] = set()
    while named is not None and id(named) not in seen:
        seen.add(id(named))
        gathered.later(named.args.get("partition_by"), deciding)
        order = named.args.get("order")
        gathered.later(order.expressions if order else None, deciding)
        name = named.args.get("alias") or named.args.get("first_window")
        named = gathered.scope.windows.get(name.name.lower()) if name else None


def _subquery(node: exp.Expr, use: int, gathered: _Gathered) -> None:
    relation = gathered.scope.query(node)
    if use < CONDITIONAL:
        gathered.scope.rows |= relation.rows
    else:
        gathered.add(Flow({origin: COPY for _, origin in relation.rows}), use)
    gathered.add(relation.whole(), use)


def _exists(node: exp.Exists, use: int, gathered: _Gathered) -> None:
    """Only whether there are rows counts, not what is in them."""
    if not isinstance(node.this, exp.Query):
        _computed(node, use, gathered)
        return
    rows = gathered.scope.query(node.this).rows
    if use < CONDITIONAL:
        gathered.scope.rows |= rows
    else:
        gathered.add(Flow({origin: COPY for _, origin in rows}), use)


_STEPS: dict[type[exp.Expr], _Step] = {
    exp.Alias: lambda node, use, gathered: gathered.later(node.this, use),
    exp.Anonymous: _anonymous,
    exp.AnonymousAggFunc: _aggregate,
    exp.Boolean: _leaf,
    exp.Bracket: _subscript,
    exp.Case: _case,
    exp.Column: _column,
    exp.CombinedAggFunc: _aggregate,
    exp.DataType: _leaf,
    exp.DecodeCase: _decode,
    exp.Dot: _dot,
    exp.Exists: _exists,
    exp.Filter: _filtered_aggregate,
    exp.Grouping: _leaf,
    exp.GroupingId: _leaf,
    exp.Identifier: _leaf,
    exp.If: _if,
    exp.Literal: _leaf,
    exp.Nvl2: _if,
    exp.Order: _order,
    exp.Paren: _children,
    exp.Star: _star,
    exp.Var: _leaf,
    exp.Window: _window,
    exp.WithinGroup: _ordered_aggregate,
}
_STEPS |= dict.fromkeys(POSITIONAL, _computed)


def _step_for(kind: type[exp.Expr]) -> _Step:
    step = _STEPS.get(kind)
    if step is None:
        is_aggregate, is_query = issubclass(kind, exp.AggFunc), issubclass(kind, exp.Query)
        step = _aggregate if is_aggregate else _subquery if is_query else _computed
        _STEPS[kind] = step
    return step
