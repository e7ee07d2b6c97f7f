"""The outcome of a script: the tables it writes and the edges between columns, as they add up."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.edges import STAR, ColumnEdge, Direct, Indirect
from songbook.lineage.sql.context import Context
from songbook.lineage.sql.flows import COPY, SUBTYPES, Flow
from songbook.lineage.sql.relations import Anything, Field, Relation, Star
from songbook.urn import field_path

_Ends = tuple[str | None, str, str, str]
"""Downstream table and column, upstream table and column."""
_Decides = tuple[str | None, str | None, str, str, Indirect]


class Outcome:
    """Edges without doubles: of several paths between two columns the strongest stays."""

    def __init__(self, context: Context) -> None:
        self.tables_out: set[str] = set()
        self._context = context
        self._direct: dict[_Ends, int] = {}
        self._values: dict[_Ends, exp.Expr | None] = {}
        self._indirect: dict[_Decides, None] = {}
        self._texts: dict[int, str] = {}

    def write(self, target: str | None, relation: Relation) -> None:
        """Add what one statement puts into a table, or for None what a bare query shows."""
        if target is not None:
            self.tables_out.add(target)
        for item in relation.items:
            if isinstance(item, Field):
                self._column(target, field_path(item.name), item.flow, item.value)
            else:
                self._column(target, STAR, item.flow(STAR), None)
                self._explain(item)
        for kind, (table, column) in sorted(relation.rows):
            self._indirect[target, None, table, column, kind] = None

    def direct_edges(self) -> tuple[ColumnEdge, ...]:
        """The edges along which values flow."""
        return tuple(
            ColumnEdge(*ends, _subtype(strength), self._text(self._values[ends]))
            for ends, strength in self._direct.items()
        )

    def indirect_edges(self) -> tuple[ColumnEdge, ...]:
        """The edges from columns that only decide."""
        return tuple(ColumnEdge(*edge) for edge in self._indirect)

    def _column(self, target: str | None, name: str, flow: Flow, value: exp.Expr | None) -> None:
        for (table, column), strength in flow.direct.items():
            ends = (target, name, table, column)
            if strength >= self._direct.get(ends, COPY):
                self._direct[ends] = strength
                self._values[ends] = value if strength else None
            self._context.tables_in.add(table)
        for table, column in sorted(flow.conditional):
            self._indirect[target, name, table, column, "CONDITIONAL"] = None
        for table, column in sorted(flow.window):
            self._indirect[target, name, table, column, "WINDOW"] = None

    def _explain(self, star: Star | Anything) -> None:
        """Say why the columns behind a star can't be told, unless the star is the whole truth."""
        if isinstance(star, Anything):
            if star.source.direct:
                self._context.note("The columns behind * are not known.")
        elif star.without or len(star.tables) > 1:
            tables = " and ".join(star.tables)
            self._context.note(f"The columns of {tables} behind * are not known.")

    def _text(self, value: exp.Expr | None) -> str | None:
        if value is None:
            return None
        text = self._texts.get(id(value))
        if text is None:
            dialect = self._context.names.dialect.sqlglot
            text = self._texts[id(value)] = value.sql(dialect=dialect, comments=False)
        return text


def _subtype(strength: int) -> Direct:
    return SUBTYPES[strength]
