"""The same query written otherwise, or standing in another place, has the same lineage."""

from __future__ import annotations

import re
from pathlib import Path

import case_files
import pytest
from case_files import Case
from fragments import pieces

from songbook.lineage.sql import SqlLineage, analyze

HERE = Path(__file__).parent
CASES = [case for path in sorted(HERE.glob("cases/*/*.cases")) for case in case_files.read(path)]
DIALECTS = sorted({case.dialect for case in CASES})
CERTAIN = [case for case in CASES if not case.expected.errors]
RESPACED = [case for case in CERTAIN if not re.search(r"\$\$|--|//|/\*|\{|#", case.sql)]
QUERIES = [
    case
    for case in CERTAIN
    if re.match(r"(?i)(SELECT|WITH)\b(?!.*\bINTO\b)", case.sql, re.DOTALL)
    and not case.expected.tables_out
    and not any(".* <-" in edge for edge in case.expected.columns)
    and ";" not in case.sql
]
"""Cases that are one query, all of whose columns are known."""

TEMPORARY = {"databricks": "TEMPORARY VIEW", "bigquery": "TEMP TABLE"}


def read(case: Case, sql: str) -> SqlLineage:
    return analyze(
        sql,
        dialect=case.dialect,
        default_database=case.default_database,
        default_schema=case.default_schema,
        schema=case.schema,
    )


def edges(found: SqlLineage, *, of_table: bool = True) -> set[tuple[object, ...]]:
    """All edges without their expressions, whose text may keep comments and case."""
    return {
        (
            it.downstream_table if of_table else None,
            it.downstream_column,
            it.upstream_table,
            it.upstream_column,
            it.subtype,
        )
        for it in (*found.columns, *found.indirect)
    }


def same(found: SqlLineage, expected: SqlLineage, sql: str, *, of_table: bool = True) -> None:
    assert bool(found.errors) == bool(expected.errors), sql
    assert found.tables_in == expected.tables_in, sql
    assert edges(found, of_table=of_table) == edges(expected), sql


def of(dialect: str, cases: list[Case]) -> list[Case]:
    return [case for case in cases if case.dialect == dialect]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("space", ["\n\t ", " /* FROM x */ ", " -- it's (\n", "\r\n"])
def test_spaces_and_comments_change_nothing(dialect: str, space: str) -> None:
    for case in of(dialect, RESPACED):
        sql = "".join(space if it.isspace() else it for it in pieces(case.sql))
        same(read(case, sql), read(case, case.sql), sql)


@pytest.mark.parametrize("dialect", ["postgres", "redshift", "snowflake", "databricks"])
def test_upper_case_changes_nothing_where_names_are_folded(dialect: str) -> None:
    for case in of(dialect, RESPACED):
        words = pieces(case.sql)
        sql = "".join(it.upper() if it.isidentifier() and it.isascii() else it for it in words)
        same(read(case, sql), read(case, case.sql), sql)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_query_in_a_view(dialect: str) -> None:
    for case in of(dialect, QUERIES):
        sql = f"CREATE VIEW zz AS {case.sql}"
        same(read(case, sql), read(case, case.sql), sql, of_table=False)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_query_in_a_subquery(dialect: str) -> None:
    for case in of(dialect, QUERIES):
        sql = f"SELECT * FROM ({case.sql}\n) zz"
        same(read(case, sql), read(case, case.sql), sql)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_query_in_a_cte(dialect: str) -> None:
    for case in of(dialect, QUERIES):
        sql = f"WITH zz AS ({case.sql}\n) SELECT * FROM zz"
        same(read(case, sql), read(case, case.sql), sql)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_query_in_a_temporary_table(dialect: str) -> None:
    for case in of(dialect, QUERIES):
        what = TEMPORARY.get(dialect, "TEMPORARY TABLE")
        sql = f"CREATE {what} zz AS {case.sql};\nSELECT * FROM zz"
        same(read(case, sql), read(case, case.sql), sql)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_query_united_with_itself(dialect: str) -> None:
    for case in of(dialect, QUERIES):
        sql = f"({case.sql}\n) UNION ALL ({case.sql}\n)"
        same(read(case, sql), read(case, case.sql), sql)
