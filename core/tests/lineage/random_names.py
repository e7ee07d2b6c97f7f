"""Random queries in which names hide each other."""

from __future__ import annotations

from random_parts import NO_KEY, Parts, Query


class Names(Parts):
    """Each name has one meaning, but others stand near."""

    def hidden(self, depth: int) -> Query:
        """A subquery within a subquery uses the outer query's alias for another table."""
        source = self.source(depth - 1)
        one, two = (self.one_of(source.columns) for _ in range(2))
        name = source.name
        return Query(
            f"SELECT (SELECT max(y.d) FROM u AS y WHERE y.id = {one} AND EXISTS"
            f" (SELECT 1 FROM w AS {name} WHERE {name}.k >= y.a AND {name}.b <> 3)) AS k1,"
            f" {two} AS k2, {NO_KEY} AS key FROM {source.sql}",
            keyed=False,
        )

    def outer(self, depth: int) -> Query:
        """Names without a table: of the inner table if it has such a column, else of the outer."""
        return Query(
            self.one_of([
                "SELECT (SELECT max(d) FROM u WHERE id = b AND a <> c) AS k1, c AS k2",
                "SELECT (SELECT CAST(sum(k + c) AS int) FROM w WHERE d >= id) AS k1, b AS k2",
                "SELECT a AS k1, (SELECT min(id) FROM u WHERE d IN (SELECT k FROM w WHERE b = c))"
                " AS k2",
            ])
            + f", {NO_KEY} AS key FROM t"
            + self.one_of([
                "",
                " WHERE EXISTS (SELECT 1 FROM w WHERE k = a AND b <> c)",
                " WHERE (a, b) IN (SELECT id, d FROM u UNION ALL SELECT k, d FROM w)",
            ]),
            keyed=False,
        )  # fmt: skip

    def hiding_tables(self, depth: int) -> Query:
        """Common tables with the names of the tables that they read."""
        inner = self.any_query(depth - 1)
        first = self.one_of([f"SELECT k1, k2 FROM ({inner.sql}) AS q", "SELECT a, c FROM t"])
        return Query(
            f"WITH t (id, x) AS ({first}),"
            " u AS (SELECT t.x AS a, u.d FROM t JOIN u ON u.id = t.id),"
            " w AS (WITH u AS (SELECT k, b FROM w) SELECT u.k, u.b + t.x AS b FROM u, t"
            " WHERE u.b = t.id)"
            + self.one_of([
                f" SELECT a AS k1, b AS k2, {NO_KEY} AS key FROM u JOIN w ON w.k = u.d",
                f" SELECT d AS k1, (SELECT max(b) FROM w WHERE k <= a) AS k2, {NO_KEY} AS key"
                " FROM u",
            ]),
            keyed=False,
        )  # fmt: skip

    def crossed(self, depth: int) -> Query:
        """Outputs have the names of other inputs; ORDER BY means the outputs."""
        alias = self.alias()
        return Query(
            f"SELECT b AS k1, a AS k2, {NO_KEY} AS key FROM (SELECT {alias}.a AS b, {alias}.b AS a"
            f" FROM t AS {alias} WHERE a <> 3 ORDER BY b, a LIMIT 5) AS q",
            keyed=False,
        )

    def grouped_by_hidden(self, depth: int) -> Query:
        """GROUP BY means the input where an output has the same name."""
        return Query(
            f"SELECT max(a) AS k1, b % 2 AS k2, {NO_KEY} AS key FROM"
            " (SELECT max(t.a) AS b, t.b % 3 AS a FROM t GROUP BY b HAVING min(c) < 3) AS q"
            " GROUP BY b",
            keyed=False,
        )

    def listed(self, depth: int) -> Query:
        """VALUES of the outer query's columns, and arrays of subqueries."""
        source = self.source(depth - 1)
        one, two, three = (self.one_of(source.columns) for _ in range(3))
        return Query(
            f"SELECT z.n AS k1, (ARRAY(SELECT y.d FROM u AS y WHERE y.id = {one} ORDER BY y.a, y.d)"
            f")[1] AS k2, {NO_KEY} AS key FROM {source.sql} CROSS JOIN LATERAL"
            f" (VALUES ({two}, 1), ({three}, 2)) AS z (n, m)",
            keyed=False,
        )
