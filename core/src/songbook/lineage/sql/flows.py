"""Flows: which columns of base tables a value comes from, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from songbook.lineage.edges import Direct, Indirect

Origin = tuple[str, str]
"""A column of a base table: the table's dotted name and the column's path."""

COPY: Final = 0
ELEMENT: Final = 1
"""An element of an array: its fields are still columns, as a struct's are."""
TRANSFORMED: Final = 2
AGGREGATED: Final = 3
CONDITIONAL: Final = 4
WINDOW: Final = 5
"""From here on the column does not give the value, it only decides."""

SUBTYPES: Final[tuple[Direct, ...]] = (
    "IDENTITY",
    "TRANSFORMATION",
    "TRANSFORMATION",
    "AGGREGATION",
)

RowUse = tuple[Indirect, Origin]
"""A column that decides which rows there are, and by what clause."""
Rows = frozenset[RowUse]

NO_ROWS: Final[Rows] = frozenset()


def rows_of(kind: Indirect, origins: Iterable[Origin]) -> Rows:
    """The columns that decide by one kind of clause."""
    return frozenset((kind, origin) for origin in origins)


class Flow(NamedTuple):
    """Where one value comes from: the strength of each direct origin, and what decides it."""

    direct: dict[Origin, int]
    conditional: frozenset[Origin] = frozenset()
    window: frozenset[Origin] = frozenset()

    def origins(self) -> set[Origin]:
        """All columns that the value depends on, in whatever way."""
        return {*self.direct, *self.conditional, *self.window}


NOWHERE: Final = Flow({})


def copy_of(table: str, column: str) -> Flow:
    """The flow of a base column itself."""
    return Flow({(table, column): COPY})


def merged(flows: Iterable[Flow], strength: int = COPY) -> Flow:
    """One value that may come from any of several, at least as changed as `strength` says."""
    direct: dict[Origin, int] = {}
    conditional: set[Origin] = set()
    window: set[Origin] = set()
    for flow in flows:
        for origin, own in flow.direct.items():
            direct[origin] = max(own, strength, direct.get(origin, COPY))
        conditional |= flow.conditional
        window |= flow.window
    return Flow(direct, frozenset(conditional), frozenset(window))


def within(flow: Flow, path: str) -> Flow:
    """A field of a struct: a column of its own where the struct is one, else a part of a value."""
    direct: dict[Origin, int] = {}
    for (table, column), strength in flow.direct.items():
        if strength <= ELEMENT and column != "*":
            direct[table, f"{column}.{path}"] = strength
        else:
            direct[table, column] = max(strength, TRANSFORMED)
    return Flow(direct, flow.conditional, flow.window)
