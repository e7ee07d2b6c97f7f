"""What one analysis knows and finds while it reads: tables, notes, and how much time is left."""

from __future__ import annotations

import time

from sqlglot import exp

from songbook.lineage.sql.flows import TRANSFORMED, Flow, copy_of, merged, within
from songbook.lineage.sql.names import Columns, Names
from songbook.lineage.sql.relations import Field, Item, Relation, Star
from songbook.urn import field_path


class OutOfTime(Exception):
    """The budget of an analysis is spent."""


class Context:
    """The state of one analysis; `tables_in` and `notes` grow while it reads."""

    text = ""
    """The text that is being read: where the parser's positions point to."""

    def __init__(self, names: Names, columns: Columns, seconds: float) -> None:
        self.names = names
        self.columns = columns
        self.temporary: dict[str, Relation] = {}
        self.variables: set[str] = set()
        self.tables_in: set[str] = set()
        self.notes: dict[str, None] = {}
        self.changes: list[tuple[exp.Expr, dict[str, Relation]]] = []
        """Statements inside a query (`WITH x AS (DELETE …)`) that are still to be performed."""
        self._deadline = time.monotonic() + seconds
        self._tables: dict[str, Relation] = {}
        self._spelled: dict[tuple[str, str], str] = {}

    def note(self, sentence: str) -> None:
        """Say once why something is missing or uncertain."""
        self.notes[sentence] = None

    def check_time(self) -> None:
        """Raise OutOfTime when the budget is spent."""
        if time.monotonic() > self._deadline:
            raise OutOfTime

    def read_table(self, name: str) -> Relation:
        """A table that is read: one of the script's own, or one that it finds."""
        if name in self.temporary:
            return self.temporary[name]
        self.tables_in.add(name)
        return self.table(name)

    def table(self, name: str) -> Relation:
        """The columns of a persistent table, without reading it."""
        relation = self._tables.get(name)
        if relation is None:
            relation = self._tables[name] = Relation(self._columns_of(name))
        return relation

    def forget(self, name: str) -> None:
        """Look a table's columns up again: the script has changed them."""
        self._tables.pop(name, None)

    def inside(self, flow: Flow, path: str) -> Flow:
        """A field of a value: a column where the platform's structs are made of columns."""
        if self.names.dialect.fields_are_columns:
            return within(flow, path)
        return merged([flow], TRANSFORMED)

    def spelled(self, table: str, column: str) -> str:
        """A column's name as it was first written, where case makes no difference."""
        return self._spelled.setdefault((table, self.names.key(column)), column)

    def _columns_of(self, name: str) -> list[Item]:
        known = self.columns.of(name)
        if known is None:
            return [Star((name,))]
        key = self.names.key
        return [Field(column, key(column), copy_of(name, field_path(column))) for column in known]
