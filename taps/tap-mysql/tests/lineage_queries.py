"""Random queries over the tables t, u and w, of shapes within shapes."""

from __future__ import annotations

import random

TABLES = {"t": ("id", "a", "b", "c"), "u": ("id", "a", "d"), "w": ("k", "b", "d")}


class Writer:
    """Writes queries with the columns k1 and k2; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # reproducible on purpose
        self._aliases = 0

    def query(self, depth: int = 2) -> str:
        """A query of one of the shapes."""
        shapes = [
            self._plain,
            self._joined,
            self._grouped,
            self._united,
            self._common,
            self._ranked,
        ]
        return self._random.choice(shapes)(depth)

    def _plain(self, depth: int) -> str:
        source, columns = self._source(depth)
        one, two = self._value(columns), self._value(columns)
        return f"SELECT {one} AS k1, {two} AS k2 FROM {source} WHERE {self._value(columns)} > 1"

    def _joined(self, depth: int) -> str:
        left, own = self._source(depth)
        right, others = self._source(depth)
        kind = self._random.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN"])
        on = f"{self._random.choice(own)} = {self._random.choice(others)}"
        one, two = self._value(own), self._value([*own, *others])
        return f"SELECT {one} AS k1, {two} AS k2 FROM {left} {kind} {right} ON {on}"

    def _grouped(self, depth: int) -> str:
        source, columns = self._source(depth)
        key, function = self._random.choice(columns), self._random.choice(["sum", "max", "count"])
        counted = self._value(columns)
        return f"SELECT {key} AS k1, {function}({counted}) AS k2 FROM {source} GROUP BY {key}"

    def _united(self, depth: int) -> str:
        parts = [self.query(depth - 1) if depth else self._plain(0) for _ in "ab"]
        return " UNION ALL ".join(
            f"SELECT k1, k2 FROM ({part}) AS {self._alias()}" for part in parts
        )

    def _common(self, depth: int) -> str:
        name, inner = self._alias(), self.query(depth - 1) if depth else self._plain(0)
        return f"WITH {name} AS ({inner}) SELECT k2 + 1 AS k1, {name}.k1 AS k2 FROM {name}"

    def _ranked(self, depth: int) -> str:
        source, columns = self._source(depth)
        one, two, three = (self._random.choice(columns) for _ in "abc")
        rank = f"rank() OVER (PARTITION BY {two} ORDER BY {three})"
        return f"SELECT {one} AS k1, {rank} AS k2 FROM {source}"

    def _source(self, depth: int) -> tuple[str, list[str]]:
        alias = self._alias()
        if depth and self._random.random() < 0.4:
            return f"({self.query(depth - 1)}) AS {alias}", [f"{alias}.k1", f"{alias}.k2"]
        table = self._random.choice(sorted(TABLES))
        return f"{table} AS {alias}", [f"{alias}.{column}" for column in TABLES[table]]

    def _alias(self) -> str:
        self._aliases += 1
        return f"x{self._aliases}"

    def _value(self, columns: list[str]) -> str:
        one, two, three = (self._random.choice(columns) for _ in "abc")
        return self._random.choice([
            one, one, f"{one} + 1", f"ifnull({one}, {two})", f"if({one} > 2, {two}, {three})",
            f"CASE WHEN {one} > 1 THEN {two} ELSE 7 END", f"({one} * 3 + {two})",
        ])  # fmt: skip
