"""What flows from columns of relations into values, and in which role.

The roles are the subtypes of OpenLineage's column lineage
(https://openlineage.io/docs/spec/facets/dataset-facets/column_lineage_facet).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

Direct: TypeAlias = Literal["IDENTITY", "TRANSFORMATION", "AGGREGATION"]
Indirect: TypeAlias = Literal["JOIN", "GROUP_BY", "FILTER", "SORT", "WINDOW", "CONDITIONAL"]
Role: TypeAlias = Direct | Indirect

DIRECT: tuple[Direct, ...] = ("IDENTITY", "TRANSFORMATION", "AGGREGATION")
"""How a value becomes part of another, the weakest change first."""

INDIRECT: tuple[Indirect, ...] = ("JOIN", "GROUP_BY", "FILTER", "SORT", "WINDOW", "CONDITIONAL")
"""How a value decides about others without being part of them."""

WHOLE = 0
"""In place of a column's number: the row of all of them. Of a field's: the value itself."""


class Flow(NamedTuple):
    """A column of a relation, by the server's numbers, and its role."""

    relation: int
    column: int
    role: Role


Flows: TypeAlias = frozenset[Flow]


def compose(outer: Role, inner: Role) -> Role:
    """The role of a part's part: deciding beats being part, and the greater change the lesser."""
    return _COMPOSED[outer, inner]


def within(role: Role, flows: Flows) -> Flows:
    """What flows into a value, seen from another that this one has a role in."""
    if role == "IDENTITY":
        return flows
    return frozenset(Flow(it.relation, it.column, _COMPOSED[role, it.role]) for it in flows)


def union(flows: Iterable[Flows]) -> Flows:
    """All of them together."""
    return frozenset[Flow]().union(*flows)


def _composed(outer: Role, inner: Role) -> Role:
    if outer in INDIRECT:
        return outer
    return inner if inner in INDIRECT else max(outer, inner, key=DIRECT.index)


_ROLES: tuple[Role, ...] = (*DIRECT, *INDIRECT)
_COMPOSED = {(outer, inner): _composed(outer, inner) for outer in _ROLES for inner in _ROLES}
