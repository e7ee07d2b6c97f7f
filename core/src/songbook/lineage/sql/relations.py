"""Relations: whatever stands in a FROM clause, as a list of output columns with their flows."""

from __future__ import annotations

from typing import NamedTuple

from sqlglot import exp

from songbook.lineage.edges import STAR
from songbook.lineage.sql.flows import NO_ROWS, NOWHERE, Flow, Rows, RowUse, copy_of, merged, within


class Field(NamedTuple):
    """One output column; `key` is what its name is compared by, `value` what it is computed by."""

    name: str
    key: str
    flow: Flow
    value: exp.Expr | None = None
    parts: dict[str, Field] | None = None
    """The fields of a struct that the query itself puts together, by their keys."""
    path: str | None = None
    """Where the column is a field of a struct: its whole path, as it is written."""


class Star(NamedTuple):
    """All columns of a table that nobody has listed, but for those that are `without`.

    Several tables are the branches of a union: each column comes from every one of them.
    """

    tables: tuple[str, ...]
    without: frozenset[str] = frozenset()

    def flow(self, column: str) -> Flow:
        """Where one of its columns comes from."""
        return merged(copy_of(table, column) for table in self.tables)


class Anything(NamedTuple):
    """Columns that nobody can name, all from the same origins: what a table function gives.

    `by_name_only`: what they are is so unclear that a star shows nothing of them.
    """

    source: Flow
    by_name_only: bool = False

    def flow(self, column: str) -> Flow:
        """Where one of its columns comes from."""
        if column == STAR:
            return NOWHERE if self.by_name_only else self.source
        return within(self.source, column)


Item = Field | Star | Anything


class Relation:
    """Output columns in order, and the columns that decided which rows there are."""

    __slots__ = ("_index", "items", "rows", "stars")

    def __init__(self, items: list[Item], rows: Rows = NO_ROWS) -> None:
        self.items = items
        self.rows = rows
        self.stars = [item for item in items if not isinstance(item, Field)]
        self._index: dict[str, Field] | None = None

    @property
    def fields(self) -> list[Field]:
        """The columns whose names are known."""
        return [item for item in self.items if isinstance(item, Field)]

    def find(self, key: str) -> Field | None:
        """The column of that name, if it is among the known ones."""
        if self._index is None:
            self._index = {}
            for field in self.fields:
                self._index.setdefault(field.key, field)
        return self._index.get(key)

    def offered(self, key: str) -> list[Star | Anything]:
        """The stars that may hold a column of that name."""
        return [star for star in self.stars if not (isinstance(star, Star) and key in star.without)]

    def whole(self) -> Flow:
        """All columns at once."""
        return merged(
            [field.flow for field in self.fields] + [star.flow("*") for star in self.stars]
        )


def renamed(relation: Relation, names: list[tuple[str, str]]) -> Relation:
    """The same columns under the (name, key) pairs of a column list, as far as it goes.

    Behind a star nobody knows which column a name means: it may be any.
    """
    if not names:
        return relation
    items: list[Item] = []
    for position, item in enumerate(relation.items):
        if not isinstance(item, Field):
            rest = Relation(relation.items[position:]).whole()
            items += [Field(name, key, rest) for name, key in names[position:]]
            return Relation(items or relation.items, relation.rows)
        name, key = names[position] if position < len(names) else (item.name, item.key)
        items.append(item._replace(name=name, key=key))
    return Relation(items, relation.rows)


def union(branches: list[Relation]) -> Relation:
    """A set operation by position: the first one's names, the values of all."""
    first = branches[0]
    if len(branches) == 1:
        return first
    rows = frozenset[RowUse]().union(*(branch.rows for branch in branches))
    if any(branch.stars for branch in branches):
        return Relation(_behind_stars(branches), rows)
    columns = zip(*(branch.fields for branch in branches), strict=False)
    items: list[Item] = [
        Field(column[0].name, column[0].key, merged(it.flow for it in column), _value(column))
        for column in columns
    ]
    return Relation(items, rows)


def _value(column: tuple[Field, ...]) -> exp.Expr | None:
    return next((field.value for field in column if field.value is not None), None)


def by_name(left: Relation, right: Relation) -> Relation:
    """A set operation BY NAME: a column that only one side has comes from it alone."""
    items: list[Item] = []
    for item in left.items:
        other = right.find(item.key) if isinstance(item, Field) else None
        if isinstance(item, Field) and other is not None:
            flow = merged((item.flow, other.flow))
            item = Field(item.name, item.key, flow, item.value or other.value)
        items.append(item)
    items += [
        item for item in right.items if not isinstance(item, Field) or not left.find(item.key)
    ]
    return Relation(items, left.rows | right.rows)


def _behind_stars(branches: list[Relation]) -> list[Item]:
    """The columns of a union when stars hide the positions of some branches."""
    named = next((branch for branch in branches if not branch.stars), None)
    if named is not None:
        hidden = [branch for branch in branches if branch.stars]
        anything = [branch.whole() for branch in hidden]
        known = union([branch for branch in branches if not branch.stars])
        return [field._replace(flow=merged((field.flow, *anything))) for field in known.fields]
    stars = [item for branch in branches for item in branch.items if isinstance(item, Star)]
    if all(len(branch.items) == 1 for branch in branches) and len(stars) == len(branches):
        tables = tuple(dict.fromkeys(table for star in stars for table in star.tables))
        return [Star(tables, frozenset.intersection(*(star.without for star in stars)))]
    return [
        *dict.fromkeys(stars),
        *(item for branch in branches for item in branch.items if not isinstance(item, Star)),
    ]


EMPTY = Relation([])
