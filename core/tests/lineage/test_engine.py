"""What the `.cases` do not show: expressions, the way many go at once, the cache, the imports."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from songbook.lineage.sql import (
    Definition,
    SqlLineage,
    analyze,
    analyze_many,
    many,
    tables_of,
    tables_of_many,
)
from songbook.lineage.sql import cache as caches
from songbook.lineage.sql import pool as pools

SCHEMA = {"db.s.t": ["a", "b"]}
VIEWS = [
    Definition(
        f"CREATE VIEW v{number} AS SELECT *, a + {number} AS c FROM t", "postgres", "db", "s"
    )
    for number in range(2 * many.FEW)
]


def expected() -> list[SqlLineage]:
    return [
        analyze(
            view.sql,
            dialect=view.dialect,
            default_database=view.default_database,
            default_schema=view.default_schema,
            schema=SCHEMA,
        )
        for view in VIEWS
    ]


def test_lineage_alone_does_not_import_the_parser() -> None:
    code = "import sys, songbook.lineage; print('sqlglot' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_an_expression_is_the_output_column_in_its_dialect() -> None:
    sql = "WITH c AS (SELECT a + 1 AS x, b FROM t) SELECT x, upper(b) AS y, b AS z FROM c"
    found = {it.downstream_column: it.expression for it in analyze(sql, dialect="postgres").columns}
    assert found == {"x": "a + 1", "y": "UPPER(b)", "z": None}


def test_names_of_columns_are_field_paths() -> None:
    sql = 'SELECT o."a.b" AS "x.y", o."c""d" FROM o'
    found = analyze(sql, dialect="postgres", schema={"o": ["a.b", 'c"d']})
    assert {(it.downstream_column, it.upstream_column) for it in found.columns} == {
        ('"x.y"', '"a.b"'),
        ('"c""d"', '"c""d"'),
    }
    assert found.errors == ()


def test_the_tables_whose_columns_are_needed() -> None:
    sql = "WITH c AS (SELECT * FROM a) INSERT INTO b SELECT * FROM c JOIN d.e USING (id)"
    found = tables_of(sql, dialect="postgres", default_database="x", default_schema="y")
    assert found == {"x.y.a", "x.y.b", "x.d.e"}
    assert tables_of_many(VIEWS) == {"db.s.t"}


@pytest.mark.parametrize("processes", [1, 2])
def test_many_come_in_their_order(processes: int) -> None:
    assert list(analyze_many(iter(VIEWS), schema=SCHEMA, processes=processes)) == expected()


def test_results_are_streamed() -> None:
    stream = analyze_many(itertools.cycle(VIEWS), schema=SCHEMA, processes=1)
    assert [next(stream), next(stream)] == expected()[:2]


def test_the_cache_gives_what_was_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(analyze_many(VIEWS, schema=SCHEMA, cache_dir=tmp_path)) == expected()
    monkeypatch.setattr("songbook.lineage.sql.many._computed", lambda *_: iter(()))
    assert list(analyze_many(VIEWS, schema=SCHEMA, cache_dir=tmp_path)) == expected()


def test_other_columns_are_another_result(tmp_path: Path) -> None:
    (before,) = analyze_many(VIEWS[:1], schema=SCHEMA, cache_dir=tmp_path)
    (after,) = analyze_many(VIEWS[:1], schema={"db.s.t": ["a", "z"]}, cache_dir=tmp_path)
    assert {it.downstream_column for it in before.columns} == {"a", "b", "c"}
    assert {it.downstream_column for it in after.columns} == {"a", "z", "c"}


def test_columns_of_other_tables_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = list(analyze_many(VIEWS[:1], schema=SCHEMA, cache_dir=tmp_path))
    monkeypatch.setattr("songbook.lineage.sql.many._computed", lambda *_: iter(()))
    schema = {**SCHEMA, "db.s.other": ["x"]}
    assert list(analyze_many(VIEWS[:1], schema=schema, cache_dir=tmp_path)) == first


@pytest.mark.parametrize("damage", [b"", b"nonsense" * 1000])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    list(analyze_many(VIEWS, schema=SCHEMA, cache_dir=tmp_path))
    (tmp_path / caches.FILE).write_bytes(damage)
    for _ in range(2):
        assert list(analyze_many(VIEWS, schema=SCHEMA, cache_dir=tmp_path)) == expected()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("no folder")
    assert list(analyze_many(VIEWS[:3], schema=SCHEMA, cache_dir=place)) == expected()[:3]


def test_a_process_that_dies_costs_one_result() -> None:
    pool = pools.Pool(SCHEMA, 1)
    answers = pool.run(VIEWS)
    found = [next(answers)]
    os.kill(pool.workers[0].pid, signal.SIGKILL)
    found += answers
    pool.close()
    assert len(found) == len(VIEWS)
    dead = [it for it in found if it.lineage.errors]
    assert [it.lineage.errors for it in dead] == [("The process that analyzed the text died.",)]
    kept = zip(found, expected(), strict=True)
    assert all(it.lineage == right for it, right in kept if it not in dead)


def test_a_definition_that_takes_too_long_costs_one_result() -> None:
    pool = pools.Pool({}, 1, patience=5.0)
    slow = Definition("SELECT a FROM t; " * 200_000, "postgres")
    begun = time.monotonic()
    found = list(pool.run([slow, *VIEWS[:2]]))
    pool.close()
    assert time.monotonic() - begun < 30
    assert "took more than 5 seconds" in found[0].lineage.errors[0]
    assert all(not it.lineage.errors for it in found[1:])


def test_a_column_that_was_read_wins_over_an_alias_of_its_name() -> None:
    sql = "SELECT a + b AS a, a AS c, a + 1 AS d FROM t"
    found = analyze(sql, dialect="snowflake").columns
    assert {it.upstream_column for it in found if it.downstream_column in ("C", "D")} == {"A"}
