"""Random queries over joins, and over functions that give rows."""

from __future__ import annotations

from random_parts import JOINS, NO_KEY, NUMBER, TABLES, Parts, Query, both_keys


class Joins(Parts):
    """Sources side by side."""

    def joined(self, depth: int) -> Query:
        left = self.source(depth - 1)
        right = self.source(depth - 1, beside=left)
        both = self.bare([*left.columns, *right.columns])
        on = f"{self.one_of(left.columns)} = {self.one_of(right.columns)}"
        kind = self.one_of(JOINS)
        together = self.one_of([f"{left.sql} {kind} {right.sql} ON {on}"] * 3 + [
            f"{left.sql}, {right.sql} WHERE {on}"
        ])  # fmt: skip
        where = "" if " WHERE " in together else self.where(both)
        return self.select(both, f"{together}{where}", both_keys(left.key, right.key))

    def merged(self, depth: int) -> Query:
        left, right = self.random.sample(sorted(TABLES), 2)
        x, left_columns = self.table(left)
        y, right_columns = self.table(right, taken=x)
        column = self.one_of([it for it in TABLES[left] if it in TABLES[right]])
        kind = self.one_of(JOINS)
        values = [column, *left_columns, *right_columns]
        key = both_keys(f"{x}.{NUMBER}", f"{y}.{NUMBER}")
        return self.select(
            values, f"{left} AS {x} {kind} {right} AS {y} USING ({column})", key, first=column
        )

    def merged_star(self, depth: int) -> Query:
        """All columns of a join by position, or of a natural one: merged, left, right."""
        left, right = self.random.sample(sorted(TABLES), 2)
        natural = self.one_of([True, False])
        shared = [it for it in TABLES[left] if it in TABLES[right]]
        merged = shared if natural else [self.one_of(shared)]
        joined = (
            f"(SELECT {', '.join(TABLES[left])} FROM {left}) AS l NATURAL {self.one_of(JOINS)}"
            f" (SELECT {', '.join(TABLES[right])} FROM {right}) AS r"
            if natural
            else f"{left} AS l {self.one_of(JOINS)} {right} AS r USING ({merged[0]})"
        )
        numbers = 0 if natural else 2
        width = len(TABLES[left]) + len(TABLES[right]) - len(merged) + numbers
        names = [f"c{number}" for number in range(width)]
        hidden = set() if natural else {len(TABLES[left]), width - 1}
        alias = self.alias()
        columns = [f"{alias}.{it}" for at, it in enumerate(names) if at not in hidden]
        return self.select(
            columns, f"(SELECT * FROM {joined}) AS {alias} ({', '.join(names)})", None
        )

    def lateral(self, depth: int) -> Query:
        source = self.source(depth - 1)
        one, two = (self.one_of(source.columns) for _ in range(2))
        alias = self.alias(source.name)
        inner = f"SELECT y.d + {one} AS n, y.{NUMBER} AS r FROM u AS y WHERE y.id = {two}"
        kind = self.one_of(["JOIN", "LEFT JOIN"])
        return self.select(
            [f"{alias}.n", *source.columns],
            f"{source.sql} {kind} LATERAL ({inner}) AS {alias} ON true",
            both_keys(source.key, f"{alias}.r"),
            first=f"{alias}.n",
        )

    def unfolded(self, depth: int) -> Query:
        source = self.source(depth - 1)
        alias = self.alias(source.name)
        one, two, three = (self.one_of(source.columns) for _ in range(3))
        return Query(
            f"SELECT {alias}.n AS k1, {self.value([f'{alias}.n', three])} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql} CROSS JOIN LATERAL unnest(ARRAY[{one}, {two}]) AS {alias} (n)",
            keyed=False,
        )

    def unnested(self, depth: int) -> Query:
        alias = self.alias()
        return Query(
            self.one_of([
                f"SELECT {alias}.id AS k1, unnest({alias}.l) AS k2, {NO_KEY} AS key"
                f" FROM v AS {alias}",
                f"SELECT {alias}.id AS k1, z.n AS k2, {NO_KEY} AS key"
                f" FROM v AS {alias}, unnest({alias}.l) AS z (n)",
                f"SELECT {alias}.id AS k1, coalesce(z.n, y.d) AS k2, {NO_KEY} AS key"
                f" FROM v AS {alias} JOIN u AS y ON y.id = {alias}.id"
                f" LEFT JOIN LATERAL unnest({alias}.l) AS z (n) ON true",
            ]),
            keyed=False,
        )  # fmt: skip

    def merged_chain(self, depth: int) -> Query:
        """All columns of two joins, each of which merges a column."""
        one, two = self.one_of(JOINS), self.one_of(JOINS)
        alias = self.alias()
        names = ("c0", "c1", "c2", "c3", "c4", "c5")
        return self.select(
            [f"{alias}.{name}" for name in names],
            f"(SELECT * FROM (SELECT a, id, b FROM t) AS l {one} (SELECT d, id FROM u) AS m"
            f" USING (id) {two} (SELECT k, b AS e, d FROM w) AS r USING (d))"
            f" AS {alias} ({', '.join(names)})",
            None,
        )
