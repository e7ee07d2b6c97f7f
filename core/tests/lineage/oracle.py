"""What changes when the values of one column change, and what the edges say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from random_queries import Query
from worlds import Column, Rows, World

from songbook.lineage.sql import SqlLineage

FILLINGS = 3
"""How many fillings every query sees; those whose edges are not all seen at work get more."""

MOST_FILLINGS = 40

ROWS = "*"
"""Stands for the rows of a result as a whole."""


@dataclass(frozen=True)
class Reach:
    """What the edges say: which columns reach which output, and which decide about the rows."""

    outputs: Mapping[str, set[Column]]
    rows: set[Column]
    copies: Mapping[str, set[Column]]
    """The outputs whose values are all taken as they are, and from where."""

    def edges(self) -> set[tuple[str, Column]]:
        """All of it, the rows as an output of their own."""
        every = {**self.outputs, ROWS: self.rows}
        return {(output, column) for output, columns in every.items() for column in columns}


def reach(found: SqlLineage, outputs: Sequence[str], ignored: str | None = None) -> Reach:
    """Read the edges of a bare query; those of an `ignored` column are left out."""
    edges = [*found.columns, *found.indirect]
    changed = {it.downstream_column for it in found.columns if it.subtype != "IDENTITY"}
    copied = {it.downstream_column for it in found.columns} - changed

    def upstream(output: str | None, among: Sequence[Any] = edges) -> set[Column]:
        return {
            (it.upstream_table.rpartition(".")[2], it.upstream_column)
            for it in among
            if it.downstream_column == output and it.upstream_column != ignored
        }

    return Reach(
        {output: upstream(output) for output in outputs},
        upstream(None),
        {output: upstream(output, found.columns) for output in outputs if output in copied},
    )


def unexplained(
    world: World, query: Query, told: Reach, outputs: Sequence[str]
) -> tuple[set[str], set[str]]:
    """Changes of outputs without an edge, and edges that are never seen at work."""
    missing: set[str] = set()
    waiting = told.edges()
    if query.distinct:  # often a row that is lost was there twice
        waiting = {(output, column) for output, column in waiting if output != ROWS}
    for filling in range(MOST_FILLINGS):
        columns = set(world.columns()) if filling < FILLINGS else {it for _, it in waiting}
        if not columns:
            break
        before = world.before(query.sql, filling)
        for column in sorted(columns):
            after = world.after(query.sql, filling, column)
            seen = changed_as_bags(before, after, outputs, query.distinct)
            unlike = changed_outputs(query, before, after, outputs, column in told.rows)
            untold = {it for it in unlike if (it, column) not in told.edges()}
            missing |= {f"no edge {'.'.join(column)} -> {output}" for output in untold}
            if before != after:
                seen.add(ROWS)
            waiting -= {(output, column) for output in seen | unlike}
    never = {f"never seen {'.'.join(column)} -> {output}" for output, column in waiting}
    return missing, never


def changed_outputs(
    query: Query, before: Rows, after: Rows, outputs: Sequence[str], may_change_rows: bool
) -> set[str]:
    """The outputs with other values that need an edge of their own.

    Row by row where the rows have keys and are still the same; else in whatever order, unless the
    rows themselves may be others.
    """
    if query.keyed and _keys(before) == _keys(after):
        others = {row[-1]: row for row in after}
        assert len(others) == len(after), "the keys do not name the rows"
        return {
            name
            for position, name in enumerate(outputs)
            if any(row[position] != others[row[-1]][position] for row in before)
        }
    return set() if may_change_rows else changed_as_bags(before, after, outputs, query.distinct)


def changed_as_bags(
    before: Rows, after: Rows, outputs: Sequence[str], distinct: bool = False
) -> set[str]:
    """The outputs that hold other values, or not as often; in whatever order."""
    return {
        name
        for position, name in enumerate(outputs)
        if _bag(before, position, distinct) != _bag(after, position, distinct)
    }


def invented(world: World, query: Query, told: Reach, outputs: Sequence[str]) -> Iterator[str]:
    """Values of plain copies that their columns do not hold."""
    for filling in range(FILLINGS):
        rows = world.before(query.sql, filling)
        for output, columns in told.copies.items():
            held = {value for column in columns for value in world.values(filling, column)}
            shown = {row[outputs.index(output)] for row in rows} - {None}
            if not shown <= held:
                yield f"not a plain copy {output}: {shown - held}"


def _keys(rows: Rows) -> list[Any]:
    return sorted(row[-1] for row in rows)


def _bag(rows: Rows, position: int, distinct: bool) -> object:
    values = [str(row[position]) for row in rows]
    return set(values) if distinct else Counter(values)
