"""The state that the statements of one script share, and how they write."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.context import Context
from songbook.lineage.sql.flows import NOWHERE, Rows, merged
from songbook.lineage.sql.names import Names
from songbook.lineage.sql.outcome import Outcome
from songbook.lineage.sql.relations import Field, Item, Relation, Star, renamed
from songbook.lineage.sql.tables import table_name


class Session:
    """What a script has done so far: `write` and `define` are all that a statement can do."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.outcome = Outcome(context)

    @property
    def names(self) -> Names:
        """How names are read at this point of the script."""
        return self.context.names

    def name_of(self, table: exp.Expr) -> str:
        """The dotted name of a statement's target."""
        if isinstance(table, exp.Schema):
            table = table.this
        return table_name(table, self.context) if isinstance(table, exp.Table) else table.name

    def show(self, relation: Relation) -> None:
        """A bare query: its columns go nowhere but out."""
        self.outcome.write(None, relation)

    def write(self, target: str, relation: Relation) -> None:
        """Rows go into a table: an edge, or for a temporary table a part of what it holds."""
        if target in self.context.temporary:
            self.context.temporary[target] = _with(self.context.temporary[target], relation)
        else:
            self.outcome.write(target, relation)

    def touch(self, target: str, rows: Rows) -> None:
        """A table loses rows: no column flows, but some decide."""
        if target not in self.context.temporary:
            self.outcome.write(target, Relation([], rows))

    def define(self, target: str, relation: Relation, *, temporary: bool = False) -> None:
        """A table or view comes into being with the columns of a query."""
        self.context.forget(target)
        self.context.temporary.pop(target, None)
        if temporary:
            self.context.temporary[target] = relation
            return
        known = [field.name for field in relation.fields]
        self.context.columns.create(target, None if relation.stars else known)
        self.outcome.write(target, relation)

    def declare(self, target: str, columns: list[str], *, temporary: bool) -> None:
        """An empty table comes into being."""
        self.context.forget(target)
        if temporary:
            key = self.names.key
            items: list[Item] = [Field(column, key(column), NOWHERE) for column in columns]
            self.context.temporary[target] = Relation(items)
        else:
            self.context.temporary.pop(target, None)
            self.context.columns.create(target, columns or None)

    def drop(self, target: str) -> None:
        """A table is gone."""
        self.context.forget(target)
        self.context.temporary.pop(target, None)
        self.context.columns.create(target, None)

    def columns_of(self, target: str) -> list[str] | None:
        """The names of a table's columns in order, if they are known."""
        temporary = self.context.temporary.get(target)
        if temporary is not None:
            complete = temporary.items and not temporary.stars
            return [field.name for field in temporary.fields] if complete else None
        return self.context.columns.of(target)

    def as_columns_of(self, target: str, relation: Relation, listed: list[str] | None) -> Relation:
        """The query's columns under the names of the target's, by position."""
        names = listed or self._by_position(target, relation)
        if names is None:
            return relation
        if relation.stars and listed:
            self.context.note(f"Which column feeds each column of {target} is not known.")
        return renamed(relation, [self.column_of(target, name) for name in names])

    def column_of(self, target: str, name: str) -> tuple[str, str]:
        """A target column's name in the spelling of the table, and what it is compared by."""
        key = self.names.key(name)
        spelled = {self.names.key(column): column for column in self.columns_of(target) or []}
        return spelled.get(key, name), key

    def _by_position(self, target: str, relation: Relation) -> list[str] | None:
        plain_star = len(relation.items) == 1 and isinstance(relation.items[0], Star)
        if plain_star and target not in self.context.temporary:
            return None
        names = self.columns_of(target)
        if names is None and relation.fields and target not in self.context.temporary:
            self.context.note(
                f"The columns of {target} are not known: they are named after the query's."
            )
        return names


def _with(table: Relation, added: Relation) -> Relation:
    """What a temporary table holds after more was put in, column by column."""
    items: list[Item] = []
    for item in table.items:
        more = added.find(item.key) if isinstance(item, Field) else None
        if isinstance(item, Field) and more is not None:
            item = item._replace(
                flow=merged((item.flow, more.flow)), value=item.value or more.value
            )
        items.append(item)
    items += [
        item for item in added.items if not isinstance(item, Field) or not table.find(item.key)
    ]
    return Relation(items, table.rows | added.rows)
