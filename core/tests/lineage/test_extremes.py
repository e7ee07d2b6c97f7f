"""Texts that are made to hang a reader or to fill its memory: each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHILD = Path(__file__).with_name("measured.py")
SECONDS = 15.0
"""CPU time that no text may take; the library's own budget ends it well before."""
MEGABYTES = 700.0
MILLIONS = 10_000_000


@dataclass(frozen=True)
class Extreme:
    """A text, and what must be found in it all the same."""

    name: str
    text: Callable[[], str]
    dialect: str = "postgres"
    schema: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tables_in: Sequence[str] = ()
    columns: Sequence[str] | None = None
    """All edges; then nothing may be missing, for this is long, but not unreasonable."""


def nested(before: str, within: str, after: str, times: int) -> str:
    """A text in brackets of some kind, many times."""
    return before * times + within + after * times


def chain(link: str, length: int, last: str) -> str:
    """CTEs c0, c1 …, where `link` is the query of one: `{}` is the CTE before it."""
    links = (f"c{i} AS ({link.replace('{}', f'c{i - 1}')})" for i in range(1, length))
    return f"WITH c0 AS (SELECT a FROM t), {', '.join(links)} {last} FROM c{length - 1}"


def temporary(query: str, length: int) -> str:
    """Temporary tables t0, t1 …, where `{}` in a query is the table before it."""
    made = (
        f"CREATE TEMP TABLE t{i} AS {query.replace('{}', f't{i - 1}')};" for i in range(1, length)
    )
    first = "CREATE TEMP TABLE t0 AS SELECT a, b FROM s;"
    return f"{first} {' '.join(made)} INSERT INTO u (a) SELECT a FROM t{length - 1};"


def executed(statement: str, times: int) -> str:
    """A statement in a text that is executed, in a text that is executed …"""
    for _ in range(times):
        statement = "EXECUTE IMMEDIATE '" + statement.replace("'", "''") + "'"
    return statement


def fan(item: str, width: int = 1000) -> str:
    """Many items that each read one column which is made of many."""
    many = ", ".join(f"a{i}" for i in range(width))
    items = ", ".join(f"{item} AS y{i}" for i in range(width))
    return f"WITH c AS (SELECT concat({many}) AS x FROM t) SELECT {items} FROM c"


def branches(count: int) -> str:
    """A UNION of many tables."""
    return " UNION ALL ".join(f"SELECT a FROM t{i}" for i in range(count))


LONG = [
    Extreme(
        "statements", lambda: "INSERT INTO t (a) SELECT a FROM s;\n" * 300_000, tables_in=["s"]
    ),
    Extreme("a literal", lambda: f"SELECT '{'x' * MILLIONS}' AS a FROM t"),
    Extreme("a literal without end", lambda: "SELECT a FROM t WHERE b = '" + "x" * MILLIONS),
    Extreme("brackets", lambda: "(" * MILLIONS),
    Extreme("a name", lambda: f"SELECT {'x' * MILLIONS} FROM t"),
    Extreme("a comment without end", lambda: "SELECT a FROM t /*" + " *" * (MILLIONS // 2)),
    Extreme("comments in comments", lambda: "/*" * (MILLIONS // 2)),
    Extreme("semicolons", lambda: ";" * MILLIONS),
    Extreme("dots", lambda: "SELECT " + "a." * (MILLIONS // 2)),
    Extreme("quotes of every kind", lambda: "SELECT a FROM t " + "'\"`[" * 100_000),
    Extreme("dollar quotes", lambda: "".join(f"$q{i}$" for i in range(100_000))),
    Extreme("templates that open", lambda: "SELECT a FROM t WHERE " + "{{" * 100_000),
    Extreme(
        "a sum of columns",
        lambda: f"SELECT {' + '.join(f'c{i}' for i in range(20_000))} AS x FROM t",
        tables_in=["t"],
    ),
    Extreme(
        "conditions",
        lambda: "SELECT a FROM t WHERE " + " AND ".join(f"c{i} = {i}" for i in range(20_000)),
        tables_in=["t"],
    ),
    Extreme(
        "a list of numbers",
        lambda: f"SELECT a FROM t WHERE b IN ({', '.join(map(str, range(50_000)))})",
        tables_in=["t"],
    ),
    Extreme(
        "10,000 branches of a union",
        lambda: branches(10_000),
        tables_in=[f"t{i}" for i in range(10_000)],
    ),
    Extreme(
        "1,000 branches of a union",
        lambda: branches(1000),
        tables_in=[f"t{i}" for i in range(1000)],
        columns=[f"a <- t{i}.a" for i in range(1000)],
    ),
]

DEEP = [
    Extreme(
        "brackets", lambda: f"SELECT {nested('(', 'a', ')', 5000)} AS x FROM t", tables_in=["t"]
    ),
    Extreme("open brackets", lambda: "SELECT a FROM t WHERE " + "(" * 5000, tables_in=["t"]),
    Extreme(
        "subqueries",
        lambda: nested("SELECT a FROM (", "SELECT a FROM t", ") q", 5000),
        tables_in=["t"],
    ),
    Extreme(
        "functions", lambda: f"SELECT {nested('f(', 'a', ')', 5000)} AS x FROM t", tables_in=["t"]
    ),
    Extreme(
        "choices",
        lambda: f"SELECT {nested('CASE WHEN b THEN ', 'a', ' END', 2000)} AS x FROM t",
        tables_in=["t"],
    ),
    Extreme("blocks", lambda: nested("BEGIN ", "DELETE FROM t; ", "END; ", 500)),
    Extreme(
        "texts that are executed",
        lambda: executed("INSERT INTO t (a) SELECT a FROM s WHERE b = 'x'", 14),
        "snowflake",
    ),
    Extreme("200 CTEs", lambda: chain("SELECT a FROM {}", 200, "SELECT a"), columns=["a <- t.a"]),
    Extreme("5,000 CTEs", lambda: chain("SELECT a FROM {}", 5000, "SELECT a"), tables_in=["t"]),
    Extreme("2,000 tables", lambda: temporary("SELECT a, b FROM {}", 2000), tables_in=["s"]),
]

GROWING = [
    Extreme(
        "CTEs that read the one before twice",
        lambda: chain("SELECT l.a + r.a AS a FROM {} l JOIN {} r ON l.a = r.a", 64, "SELECT a"),
        columns=["a <- t.a"],
    ),
    Extreme(
        "tables that read the one before twice",
        lambda: temporary(
            "SELECT l.a || r.b AS a, r.a || l.b AS b FROM {} l JOIN {} r ON l.a = r.a", 40
        ),
        columns=["a <- s.a", "a <- s.b"],
    ),
    Extreme(
        "aliases that name the one before twice",
        lambda: (
            "SELECT a + 1 AS x0"
            + "".join(f", x{i - 1} + x{i - 1} AS x{i}" for i in range(1, 64))
            + " FROM t"
        ),
        "snowflake",
        {"T": ["A"]},
        columns=[f"X{i} <- T.A" for i in range(64)],
    ),
    Extreme(
        "stars that double",
        lambda: chain("SELECT l.*, r.* FROM {} l CROSS JOIN {} r", 40, "SELECT *"),
        tables_in=["t"],
    ),
    Extreme("a million edges", lambda: fan("x"), tables_in=["t"]),
    Extreme("a million edges of windows", lambda: fan("rank() OVER (ORDER BY x)"), tables_in=["t"]),
    Extreme(
        "a star of 300,000 columns",
        lambda: "SELECT * FROM " + ", ".join(f"t{i}" for i in range(300)),
        schema={f"t{i}": [f"c{j}" for j in range(1000)] for i in range(300)},
        tables_in=["t0", "t299"],
    ),
]

CIRCLES = [
    Extreme(
        "views",
        lambda: (
            "CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM c;"
            "CREATE VIEW c AS SELECT * FROM a; SELECT * FROM a"
        ),
        tables_in=["a", "b", "c"],
    ),
    Extreme(
        "CTEs without RECURSIVE",
        lambda: (
            "WITH a AS (SELECT x FROM a), b AS (SELECT x FROM c), c AS (SELECT x FROM b) "
            "SELECT a.x FROM a JOIN c ON a.x = c.x"
        ),
        tables_in=["a", "c"],
        columns=["x <- a.x"],
    ),
    Extreme(
        "CTEs with RECURSIVE",
        lambda: (
            "WITH RECURSIVE a AS (SELECT x FROM b UNION ALL SELECT x FROM t), "
            "b AS (SELECT x FROM a) SELECT x FROM b"
        ),
        tables_in=["t"],
    ),
    Extreme(
        "names",
        lambda: (
            "ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME TO c; ALTER TABLE c RENAME TO a;" * 200
        ),
    ),
    Extreme(
        "temporary tables",
        lambda: (
            "CREATE TEMP TABLE a AS SELECT x FROM s; CREATE TEMP TABLE b AS SELECT x FROM a;"
            + "INSERT INTO a SELECT x FROM b; INSERT INTO b SELECT x FROM a;" * 100
            + "INSERT INTO t (x) SELECT x FROM b;"
        ),
        tables_in=["s"],
        columns=["x <- s.x"],
    ),
]


def cases() -> list[Any]:
    """Each text with the name of its group."""
    groups = {"long": LONG, "deep": DEEP, "growing": GROWING, "in a circle": CIRCLES}
    return [
        pytest.param(extreme, id=f"{group}: {extreme.name}")
        for group, extremes in groups.items()
        for extreme in extremes
    ]


def measured(extreme: Extreme, folder: Path) -> dict[str, Any]:
    """What a process of its own says about a text; fails when that process dies."""
    schema, text = folder / "schema.json", folder / "text.sql"
    schema.write_text(json.dumps(extreme.schema))
    text.write_text(extreme.text())
    with text.open() as stdin:
        ended = subprocess.run(
            [sys.executable, CHILD, extreme.dialect, schema], stdin=stdin, capture_output=True
        )
    assert ended.returncode == 0, f"exit {ended.returncode}: {ended.stderr.decode()[-2000:]}"
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


@pytest.mark.parametrize("extreme", cases())
def test_a_text_ends_within_its_budget(extreme: Extreme, tmp_path: Path) -> None:
    answer = measured(extreme, tmp_path)
    assert answer["seconds"] < SECONDS
    assert answer["megabytes"] < MEGABYTES
    assert set(extreme.tables_in) <= set(answer["tables_in"])
    if extreme.columns is not None:
        assert answer["columns"] == sorted(extreme.columns)
        assert answer["errors"] == []
