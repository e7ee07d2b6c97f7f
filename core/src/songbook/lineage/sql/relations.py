"""Relations: whatever stands in a FROM clause, as a list of output columns with their flows."""

from __future__ import annotations

from typing import NamedTuple

from sqlglot import exp

from songbook.lineage.edges import STAR
from songbook.lineage.sql.flows import NO_ROWS, Flow, Rows, copy_of, merged, within


class Field(NamedTuple):
    """One output column; `key` is what its name is compared by, `value` what it is computed by."""

    name: str
    key: str
    flow: Flow
    value: exp.Expr | None = None
    parts: dict[str, Field] | None = None
    """The fields of a struct that the query itself puts together, by their keys."""


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
    """Columns that nobody can name, all from the same origins: what a table function gives."""

    source: Flow

    def flow(self, column: str) -> Flow:
        """Where one of its columns comes from."""
        return within(self.source, column) if column != STAR else self.source


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
    items: list[Item] = []
    for position, item in enumerate(relation.items):
        if not isinstance(item, Field):
            rest = Relation(relation.items[position:]).whole()
            items += [Field(name, key, rest) for name, key in names[position:]]
            return Relation(items or relation.items, relation.rows)
        name, key = names[position] if position < len(names) else (item.name, item.key)
        items.append(Field(name, key, item.flow, item.value))
    return Relation(items, relation.rows)


def side_by_side(left: Relation, right: Relation) -> Relation:
    """A set operation by position: the left one's names, both ones' values."""
    rows = left.rows | right.rows
    if left.stars or right.stars:
        return Relation(_either(left, right), rows)
    pairs = zip(left.fields, right.fields, strict=False)
    items: list[Item] = [
        Field(mine.name, mine.key, merged((mine.flow, other.flow)), mine.value or other.value)
        for mine, other in pairs
    ]
    return Relation(items, rows)


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


def _either(left: Relation, right: Relation) -> list[Item]:
    """The columns of a union when a star hides the positions of one side."""
    if len(left.items) == len(right.items) == len(left.stars) == len(right.stars) == 1:
        mine, other = left.stars[0], right.stars[0]
        if isinstance(mine, Star) and isinstance(other, Star):
            tables = tuple(dict.fromkeys(mine.tables + other.tables))
            return [Star(tables, mine.without & other.without)]
    if left.stars and right.stars:
        return [*dict.fromkeys((*left.stars, *right.stars)), *left.fields, *right.fields]
    known, hidden = (right, left) if left.stars else (left, right)
    anything = hidden.whole()
    return [
        Field(field.name, field.key, merged((field.flow, anything)), field.value)
        for field in known.fields
    ]


EMPTY = Relation([])
