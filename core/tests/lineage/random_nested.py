"""Random queries over other queries."""

from __future__ import annotations

from random_parts import NO_KEY, TABLES, Parts, Query, both_keys


class Nested(Parts):
    """Groups, windows, set operations, common tables, subqueries."""

    def grouped(self, depth: int) -> Query:
        source = self.source(depth - 1)
        key = self.value(source.columns)
        having = f" HAVING count(*) + min({self.one_of(source.columns)}) > 1"
        return Query(
            f"SELECT {key} AS k1, {self.aggregate(source.columns)} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql}{self.where(source.columns)} GROUP BY {self.one_of([key, '1'])}"
            + self.one_of(["", "", having]),
            keyed=False,
        )

    def grouped_by_sets(self, depth: int) -> Query:
        source = self.source(depth - 1)
        one, two = self.random.sample(list(source.columns), 2)
        sets = self.one_of([f"ROLLUP ({one}, {two})", f"GROUPING SETS (({one}), ({two}), ())"])
        return Query(
            f"SELECT coalesce({one}, {two}) AS k1, {self.aggregate(source.columns)} AS k2,"
            f" {NO_KEY} AS key FROM {source.sql} GROUP BY {sets}",
            keyed=False,
        )

    def united(self, depth: int) -> Query:
        left, right = self.any_query(depth - 1), self.any_query(depth - 1)
        if self.one_of([True, False]):
            return Query(
                f"SELECT l.k1, l.k2, concat('l', l.key) AS key FROM ({left.sql}) AS l UNION ALL"
                f" SELECT r.k2, r.k1, concat('r', r.key) FROM ({right.sql}) AS r",
                left.keyed and right.keyed,
            )
        operation = self.one_of(["INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"])
        return Query(  # of few values, so that some are the same
            f"SELECT abs(l.k1) % 2 AS k1, l.k2 % 2 AS k2, {NO_KEY} AS key FROM ({left.sql}) AS l"
            f" {operation} SELECT abs(r.k1) % 2, r.k2 % 2, {NO_KEY} FROM ({right.sql}) AS r",
            keyed=False,
        )

    def common(self, depth: int) -> Query:
        inner, table = self.any_query(depth - 1), self.source(0)
        q, z = self.one_of(sorted(TABLES.keys() - {table.of})), self.unique()
        columns = [f"{z}.n", f"{z}.m", *table.columns]
        selected = self.select(
            columns,
            f"{z} JOIN {table.sql} ON {z}.n = {self.one_of(table.columns)}",
            both_keys(f"{z}.r" if inner.keyed else None, table.key),
        )
        return Query(
            f"WITH {q} (n, m, r) AS ({inner.sql}),"
            f" {z} AS (SELECT m AS n, n AS m, r FROM {q} WHERE {q}.m >= n - 1)"
            f" {selected.sql}",
            selected.keyed,
        )

    def recursive(self, depth: int) -> Query:
        source, table = self.source(depth - 1), self.source(0)
        r = self.unique()
        one, two = self.random.sample(list(table.columns), 2)
        step = self.one_of([
            f"SELECT m, n, g + 1 FROM {r} WHERE g < 2",
            f"SELECT {one}, {r}.m, {r}.g + 1 FROM {r} JOIN {table.sql} ON {two} = {r}.n"
            f" WHERE {r}.g < 2",
        ])  # fmt: skip
        return Query(
            f"WITH RECURSIVE {r} (n, m, g) AS ("
            f"SELECT {self.value(source.columns)}, {self.value(source.columns)}, 0"
            f" FROM {source.sql} UNION ALL {step})"
            f" SELECT n AS k1, m AS k2, {NO_KEY} AS key FROM {r}",
            keyed=False,
        )

    def windowed(self, depth: int) -> Query:
        source = self.source(depth - 1)
        one, two, three = (self.one_of(source.columns) for _ in range(3))
        call = self.one_of([f"sum({one})", f"max({one})", "rank()", f"count({one})"])
        over = f"PARTITION BY {two} % 2 ORDER BY {three}"
        window = self.one_of(["", f" WINDOW win AS ({over})"])
        return Query(
            f"SELECT CAST({call} OVER {'win' if window else f'({over})'} AS int) AS k1,"
            f" {self.value(source.columns)} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql}{self.where(source.columns)}{window}",
            keyed=False,
        )

    def correlated(self, depth: int) -> Query:
        source = self.source(depth - 1)
        one, two, three = (self.one_of(source.columns) for _ in range(3))
        scalar = self.one_of([
            f"SELECT CAST(sum(y.a) AS int) FROM u AS y WHERE y.id = {one}",
            f"SELECT max(y.d) FROM u AS y JOIN w AS z ON z.d = y.d WHERE z.k <= {one}",
        ])  # fmt: skip
        return Query(
            f"SELECT ({scalar}) AS k1, {self.value(source.columns)} AS k2, {NO_KEY} AS key"
            f" FROM {source.sql} WHERE EXISTS"
            f" (SELECT 1 FROM w AS v WHERE v.k <= {two} AND v.b % 2 = {three} % 2)",
            keyed=False,
        )

    def ordered(self, depth: int) -> Query:
        inner, alias = self.any_query(depth - 1), self.alias()
        by = self.value([f"{alias}.k1", f"{alias}.k2"])
        return Query(
            f"SELECT {alias}.k1, {alias}.k2, {alias}.key FROM ({inner.sql}) AS {alias}"
            f" ORDER BY {by} DESC, {alias}.k1, {alias}.k2, {alias}.key LIMIT 5",
            inner.keyed,
        )

    def starred(self, depth: int) -> Query:
        inner, alias = self.any_query(depth - 1), self.alias()
        star = self.one_of(["*", f"{alias}.*"])
        where = self.where([f"{alias}.k1", f"{alias}.k2"])
        return Query(f"SELECT {star} FROM ({inner.sql}) AS {alias}{where}", inner.keyed)

    def chosen(self, depth: int) -> Query:
        inner, alias = self.any_query(depth - 1), self.alias()
        return Query(
            f"SELECT DISTINCT ON ({alias}.k1) {alias}.k1, {alias}.k2, {alias}.key"
            f" FROM ({inner.sql}) AS {alias} ORDER BY {alias}.k1, {alias}.k2, {alias}.key",
            inner.keyed,
        )

    def renamed(self, depth: int) -> Query:
        inner, alias = self.any_query(depth - 1), self.alias()
        columns = [f"{alias}.x", f"{alias}.y"]
        key = f"{alias}.z" if inner.keyed else None
        where = self.where(columns)
        return self.select(columns, f"({inner.sql}) AS {alias} (x, y, z){where}", key)
