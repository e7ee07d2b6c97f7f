"""Random statements of PostgreSQL that write a table, or make one."""

from __future__ import annotations

from collections.abc import Callable

from random_parts import NUMBER, TARGET, Query
from random_queries import Writer

COLUMNS = list(TARGET["g"])


class StatementWriter(Writer):
    """Writes statements; the same seed gives the same."""

    def __init__(self, seed: int, depth: int) -> None:
        super().__init__(seed, depth, "postgres")

    def statement(self) -> Query:
        """A statement, and the query that shows what it wrote."""
        write: Callable[[], str] = self.one_of([
            self.inserted, self.inserted_by_position, self.upserted, self.updated, self.assigned,
            self.merged_into, self.moved, self.through_temporary_tables,
        ])  # fmt: skip
        return Query(f"SELECT {', '.join(COLUMNS)} FROM g", keyed=False, first=write(), target="g")

    def made(self) -> Query:
        """A statement that makes a table."""
        query = self.any_query(self._depth).sql
        statement = self.one_of([
            f"CREATE TABLE made AS {query}",
            f"CREATE TABLE made (k2, k1) AS {query}",
            f"SELECT q.k2 AS k1, q.k1 AS k2 INTO made FROM ({query}) AS q",
            f"CREATE VIEW made (k2) AS SELECT q.k1 AS x, q.k2 AS k1 FROM ({query}) AS q",
            f"CREATE MATERIALIZED VIEW made AS {query}",
        ])  # fmt: skip
        return Query("SELECT k1, k2 FROM made", keyed=False, first=statement, target="made")

    def inserted(self) -> str:
        columns = self.random.sample(["id", "p", "q", "r"], 2)
        return f"INSERT INTO g ({', '.join(columns)}) SELECT q.k1, q.k2 FROM ({self._any()}) AS q"

    def inserted_by_position(self) -> str:
        star = self.one_of(["q.k2, q.k1", "q.*"])
        return f"INSERT INTO g SELECT {star} FROM (SELECT k1, k2 FROM ({self._any()}) AS x) AS q"

    def upserted(self) -> str:
        change = self.one_of([
            "p = EXCLUDED.q, q = EXCLUDED.p",
            "r = g.p + EXCLUDED.p",
            "(p, r) = (EXCLUDED.q + 1, EXCLUDED.p)",
            "r = (SELECT max(y.d) FROM u AS y WHERE y.id = EXCLUDED.p)",
        ])  # fmt: skip
        where = self.one_of(["", " WHERE g.q > 1", " WHERE EXCLUDED.q <> g.id"])
        return (
            f"INSERT INTO g ({NUMBER}, p, q) SELECT s.k1 + 5, s.k2, s.k1 FROM {self._unique()} AS s"
            f" ON CONFLICT ({NUMBER}) DO UPDATE SET {change}{where}"
        )

    def updated(self) -> str:
        change = self.one_of([
            "p = s.k2",
            "p = s.k2, q = g.p + s.k1",
            "p = CASE WHEN g.r > 2 THEN s.k2 ELSE q END",
            "(p, q) = (s.k1, r + s.k2)",
            "p = q, q = s.k2",
        ])  # fmt: skip
        return (
            f"UPDATE g SET {change} FROM {self._unique()} AS s"
            f" WHERE s.k1 = g.id{self.one_of(['', ' AND r <> 2', ' AND s.k2 > 0'])}"
        )

    def assigned(self) -> str:
        return self.one_of([
            "UPDATE g SET p = (SELECT max(y.d + g.q) FROM u AS y WHERE y.id = g.id)",
            "UPDATE g SET (p, q) = (SELECT max(y.d), r + min(y.a) FROM u AS y WHERE y.id = r)",
            "UPDATE g SET p = r, q = p + 1 WHERE id IN (SELECT y.id FROM u AS y WHERE y.d > 1)",
        ])  # fmt: skip

    def merged_into(self) -> str:
        branches = self.random.sample(
            [
                "WHEN MATCHED AND s.k2 > d.r THEN UPDATE SET p = s.k2, q = d.p + s.k1",
                "WHEN MATCHED THEN UPDATE SET (q, r) = (s.k1, s.k2)",
                "WHEN NOT MATCHED THEN INSERT (id, q) VALUES (s.k1, s.k2 + 1)",
                "WHEN NOT MATCHED AND s.k2 <> 1 THEN INSERT (id, p, q, r)"
                " VALUES (s.k2, s.k1, s.k1 + 1, s.k2)",
                "WHEN MATCHED AND d.q = 2 THEN DELETE",
                "WHEN NOT MATCHED BY SOURCE THEN UPDATE SET r = d.q",
            ],
            3,
        )
        # A branch without a condition is the last of its kind; no other decides about a deletion.
        branches.sort(key=lambda branch: (not branch.endswith("DELETE"), " AND " not in branch))
        return f"MERGE INTO g AS d USING {self._unique()} AS s ON s.k1 = d.id {' '.join(branches)}"

    def moved(self) -> str:
        return self.one_of([
            "WITH gone AS (DELETE FROM w WHERE k > 2 RETURNING k, b + 1 AS c)"
            " INSERT INTO g (p, q) SELECT c, k FROM gone",
            f"WITH q AS ({self._any()}) INSERT INTO g (r, id) SELECT k1, k2 FROM q",
            f"WITH q AS (SELECT k1, max(k2) AS m FROM ({self._any()}) AS x GROUP BY k1)"
            " UPDATE g SET p = q.m FROM q WHERE q.k1 = g.id",
        ])  # fmt: skip

    def through_temporary_tables(self) -> str:
        fill = self.one_of([
            f"CREATE TEMP TABLE one AS {self._any()}",
            f"CREATE TEMP TABLE one (k1 int, k2 int); INSERT INTO one SELECT k1, k2"
            f" FROM ({self._any()}) AS x; INSERT INTO one (k2, k1) SELECT id, d FROM u",
        ])  # fmt: skip
        change = self.one_of([
            "UPDATE one SET k2 = (SELECT max(y.d) FROM u AS y WHERE y.id = one.k1)",
            "UPDATE one SET k1 = k2, k2 = k1 + 1",
            "CREATE TEMP TABLE two AS SELECT * FROM one; DROP TABLE one;"
            " ALTER TABLE two RENAME TO one",
        ])  # fmt: skip
        return (
            f"{fill}; {change};"
            " INSERT INTO g (r, p) SELECT one.k1, one.k2 + y.b"
            " FROM one JOIN w AS y ON y.k = one.k2;"
            " DROP TABLE one"
        )

    def _any(self) -> str:
        return self.any_query(self._depth).sql

    def _unique(self) -> str:
        """A query with one row for each value of k1."""
        return (
            f"(SELECT x.k1, CAST(max(x.k2) AS int) AS k2 FROM ({self._any()}) AS x"
            " WHERE x.k1 IS NOT NULL GROUP BY x.k1)"
        )
