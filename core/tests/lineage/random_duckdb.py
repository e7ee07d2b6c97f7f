"""Random queries in the words of DuckDB and of the warehouses like it."""

from __future__ import annotations

from random_parts import NO_KEY, Parts, Query


class DuckDbShapes(Parts):
    """What PostgreSQL does not know."""

    def qualified(self, depth: int) -> Query:
        source = self.source(depth - 1)
        one, two, three = (self.one_of(source.columns) for _ in range(3))
        return Query(
            f"SELECT {one} AS k1, rank() OVER (PARTITION BY {two} % 2 ORDER BY {three}) AS k2,"
            f" {NO_KEY} AS key FROM {source.sql}"
            + self.one_of([" QUALIFY k2 < 3", f" QUALIFY max({one}) OVER (ORDER BY {three}) > 1"]),
            keyed=False,
        )

    def aliased(self, depth: int) -> Query:
        source = self.source(depth - 1)
        return Query(
            f"SELECT {self.value(source.columns)} AS m1, m1 + {self.one_of(source.columns)} AS k1,"
            f" CASE WHEN m1 > 1 THEN k1 ELSE 7 END AS k2, {source.key or NO_KEY} AS key"
            f" FROM {source.sql} WHERE m1 <> 4",
            keyed=False,
        )

    def replaced(self, depth: int) -> Query:
        inner, alias = self.any_query(depth - 1), self.alias()
        star = self.one_of([
            "* REPLACE (k1 + k2 AS k2)",
            f"{alias}.* EXCLUDE (k1)",
            "* EXCLUDE (k2, key)",
            "* RENAME (k1 AS j1)",
        ])  # fmt: skip
        first = "" if "REPLACE" in star else f"{alias}.k2 AS k0, "
        outputs = {"REPLACE": "k1, k2", "(k1)": "k0 AS k1, k2", "(k2, key)": "k1, k0 AS k2"}
        wanted = next((it for sign, it in outputs.items() if sign in star), "j1 AS k1, k0 AS k2")
        return Query(
            f"SELECT {wanted}, {NO_KEY} AS key"
            f" FROM (SELECT {first}{star} FROM ({inner.sql}) AS {alias})",
            keyed=False,
        )

    def united_by_name(self, depth: int) -> Query:
        left, right = self.any_query(depth - 1), self.any_query(depth - 1)
        return Query(
            f"SELECT l.k1, l.k2, {NO_KEY} AS key FROM ({left.sql}) AS l UNION ALL BY NAME"
            f" SELECT r.k2, {NO_KEY} AS key, r.k1 FROM ({right.sql}) AS r",
            keyed=False,
        )
