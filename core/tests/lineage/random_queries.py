"""Random queries that PostgreSQL and DuckDB both run, in which everything counts for the result.

Each gives the columns k1, k2 and `key`, which names a row by the rows that it is made from, where
its values come from these alone; else it is null.
"""

from __future__ import annotations

from random_duckdb import DuckDbShapes
from random_joins import Joins
from random_names import Names
from random_nested import Nested
from random_parts import Query


class Writer(Joins, Nested, Names, DuckDbShapes):
    """Writes queries; the same seed gives the same."""

    def __init__(self, seed: int, depth: int, dialect: str, hiding: bool = True) -> None:
        """Without `hiding` no name needs a schema to be told from another."""
        super().__init__(seed)
        self._depth = depth
        self.shapes = [
            self.joined, self.joined, self.merged, self.merged_star, self.merged_chain,
            self.lateral, self.unfolded, self.unnested,
            self.grouped, self.grouped_by_sets, self.united, self.common, self.recursive,
            self.windowed, self.correlated, self.ordered, self.starred, self.chosen, self.renamed,
        ]  # fmt: skip
        if hiding:
            self.shapes += [self.hidden, self.outer, self.hiding_tables, self.crossed]
            self.shapes += [] if dialect == "duckdb" else [self.grouped_by_hidden]
        if dialect == "duckdb":
            self.shapes += [self.qualified, self.aliased, self.replaced, self.united_by_name]
        else:
            self.shapes += [self.listed]

    def query(self) -> Query:
        """A query of its own, which may be distinct."""
        if self.one_of([True, *[False] * 8]):
            return self.distinct(self._depth)
        return self.any_query(self._depth)

    def distinct(self, depth: int) -> Query:
        inner = self.any_query(depth - 1)
        other = self.any_query(depth - 1)
        union = f" UNION SELECT o.k1, o.k2 FROM ({other.sql}) AS o"
        return Query(
            f"SELECT DISTINCT q.k1, q.k2 FROM ({inner.sql}) AS q" + self.one_of(["", union]),
            keyed=False,
            distinct=True,
        )
