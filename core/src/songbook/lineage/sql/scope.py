"""Scopes: which column a name means at one place of a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlglot import exp

from songbook.lineage.sql.context import Context
from songbook.lineage.sql.dialects import Clause
from songbook.lineage.sql.flows import NOWHERE, TRANSFORMED, Flow, RowUse, copy_of, merged
from songbook.lineage.sql.relations import Anything, Field, Relation, Star
from songbook.urn import field_path

Ctes = dict[str, Relation]

_NO_COLUMNS = frozenset({"level", "rownum", "sysdate", "systimestamp", "user", "session_user"})
"""Words that look like columns and are functions without parentheses."""


class Source(NamedTuple):
    """One item of a FROM clause: its alias, its table's name as written, its columns.

    `table` is the stored table that it is, `element` the value behind an alias that names the
    elements of an array.
    """

    key: str
    parts: tuple[str, ...]
    relation: Relation
    table: str | None = None
    hidden: bool = False
    element: Flow | None = None


ReadQuery = Callable[[exp.Expr, Context, Ctes, "Scope | None"], Relation]


class Scope:
    """The names that one SELECT can use; `parent` is the query around it."""

    def __init__(
        self, context: Context, ctes: Ctes, parent: Scope | None, read_query: ReadQuery
    ) -> None:
        self.context = context
        self.ctes = ctes
        self.parent = parent
        self.sources: list[Source] = []
        self.merges: dict[int, list[Field]] = {}
        """By the position of a join's right side, the columns that USING made one of two."""
        self.merged: dict[str, Field] = {}
        self.aliases: dict[str, Field] = {}
        self.windows: dict[str, exp.Expr] = {}
        self.rows: set[RowUse] = set()
        self.clause: Clause = "select"
        self.read_query = read_query
        self._confirmed: set[str] = set()

    def add(self, source: Source) -> None:
        """Put one more item into the FROM clause."""
        self.sources.append(source)
        self.rows |= source.relation.rows

    def query(self, query: exp.Expr) -> Relation:
        """The columns of a query inside this one, which may use this one's columns."""
        return self.read_query(query, self.context, self.ctes, self)

    def derived(self, query: exp.Expr) -> Relation:
        """The columns of a query in the FROM clause, which does not see its neighbours."""
        return self.read_query(query, self.context, self.ctes, self.parent)

    def column(self, column: exp.Column) -> Field:
        """What a column reference means; a name that nobody has flows from nowhere."""
        names = self.context.names
        if isinstance(column.this, exp.Identifier):
            parts = [names.fold(part) for part in column.parts]
        else:
            parts = [names.fold(part) for part in column.parts[:-1]]
            parts.append(f"${column.this.name}")
        return self.path(parts)

    def path(self, parts: list[str]) -> Field:
        """What a dotted name means: alias and column, table and column, or a struct's field."""
        if len(parts) == 1:
            return self._plain(parts[0])
        found = self._qualified(parts)
        if found is not None:
            return found
        self.context.note(f"{field_path(*parts)} belongs to no table of the query.")
        return _nothing(parts[-1], self.context)

    def source(self, parts: list[str]) -> Source | None:
        """The item of this FROM clause, or of one around it, that has this name."""
        key = self.context.names.key
        wanted = tuple(key(part) for part in parts)
        qualified = self.context.names.qualified(parts) if len(parts) > 1 else None
        scope: Scope | None = self
        while scope is not None:
            for source in scope.sources:
                if len(wanted) == 1 and source.key == wanted[0]:
                    return source
                if source.parts and (source.parts == wanted or source.table == qualified):
                    return source
            scope = scope.parent
        return None

    def _qualified(self, parts: list[str]) -> Field | None:
        for length in range(1, len(parts)):
            source = self.source(parts[:length])
            if source is not None:
                return self._of_source(source, parts[length], parts[length + 1 :])
        if self.context.names.dialect.dotted_fields:
            field = self._find(parts[0])
            return self._inside(field, parts[1:]) if field else None
        return None

    def _of_source(self, source: Source, name: str, path: list[str]) -> Field:
        field = self._field_of(source, name)
        return self._inside(field, path) if path else field

    def _field_of(self, source: Source, name: str) -> Field:
        key = self.context.names.key(name)
        field = source.relation.find(key) or self._pseudo(source, name)
        if field is not None:
            return field
        if source.element is not None:
            return Field(name, key, self.context.inside(source.element, field_path(name)))
        offers = source.relation.offered(key)
        if len(offers) == 1:
            return self._from_star(offers[0], name)
        if offers:
            self._ambiguous(name, offers)
        else:
            self.context.note(f"{source.key or 'A subquery'} has no column {name}.")
        return _nothing(name, self.context)

    def _inside(self, field: Field, path: list[str]) -> Field:
        """A field of a struct: of one that the query itself put together, or of a column."""
        names = self.context.names
        while path and field.parts is not None and names.key(path[0]) in field.parts:
            field, path = field.parts[names.key(path[0])], path[1:]
        if not path:
            return field
        flow = self.context.inside(field.flow, field_path(*path))
        return Field(path[-1], names.key(path[-1]), flow, field.value)

    def _plain(self, name: str) -> Field:
        field = self._find(name)
        if field is not None:
            return field
        if name.lower() not in _NO_COLUMNS | self.context.variables:
            self.context.note(f"Column {name} is in none of the query's tables.")
        return _nothing(name, self.context)

    def _find(self, name: str) -> Field | None:
        """The column of that name, here or in a query around; None when there is none."""
        key = self.context.names.key(name)
        rules = self.context.names.dialect
        alias = self.aliases.get(key) if self.clause in rules.aliases_in else None
        if alias is not None and self.clause in rules.alias_first:
            return alias
        found = self._known(key, name)
        if found is not None:
            return found
        if key in self.context.variables:
            return _nothing(name, self.context)
        if alias is not None and key not in self._confirmed:
            return alias
        for source in self.sources:
            if not source.relation.stars and (pseudo := self._pseudo(source, name)):
                return pseudo
        return self._hidden_by_stars(key, name) or self._around(key, name)

    def _pseudo(self, source: Source, name: str) -> Field | None:
        """A column that every table of the platform has without listing it."""
        if source.table is None or not self.context.names.dialect.is_pseudo_column(name):
            return None
        flow = copy_of(source.table, field_path(name))
        return Field(name, self.context.names.key(name), flow)

    def _known(self, key: str, name: str) -> Field | None:
        """The column among those whose names are known."""
        if key in self.merged:
            return self.merged[key]
        hits = [
            field
            for source in self.sources
            if not source.hidden and (field := source.relation.find(key)) is not None
        ]
        if len(hits) > 1:
            self.context.note(f"Column {name} could come from several tables of the query.")
            return _nothing(name, self.context)
        return hits[0] if hits else None

    def _hidden_by_stars(self, key: str, name: str) -> Field | None:
        """The column, if it can only stand behind a star of tables that nobody has listed."""
        offers = [
            star
            for source in self.sources
            if not source.hidden
            for star in source.relation.offered(key)
        ]
        if not offers:
            return None
        around = self.parent and self.parent.knows(key)
        if len(offers) > 1 or around:
            self._ambiguous(name, offers)
            return _nothing(name, self.context)
        self._confirmed.add(key)
        return self._from_star(offers[0], name)

    def knows(self, key: str) -> bool:
        """Whether this query, or one around it, surely has a column of that name."""
        return any(source.relation.find(key) for source in self.sources) or bool(
            self.parent and self.parent.knows(key)
        )

    def _around(self, key: str, name: str) -> Field | None:
        field = self.parent._find(name) if self.parent else None
        if field is not None:
            return field
        for source in self.sources:
            if source.key == key:
                return Field(name, key, merged([source.relation.whole()], TRANSFORMED))
        return None

    def _from_star(self, star: Star | Anything, name: str) -> Field:
        if isinstance(star, Star):
            name = self.context.spelled(star.tables[0], name)
            if len(star.tables) > 1:
                tables = " and ".join(star.tables)
                self.context.note(f"Column {name} is taken to have one name in {tables}.")
        return Field(name, self.context.names.key(name), star.flow(field_path(name)))

    def _ambiguous(self, name: str, offers: list[Star | Anything]) -> None:
        tables = dict.fromkeys(
            table for offer in offers for table in getattr(offer, "tables", ("a table function",))
        )
        self.context.note(f"Column {name} could come from {' or '.join(tables)}.")


def _nothing(name: str, context: Context) -> Field:
    return Field(name, context.names.key(name), NOWHERE)
