"""Nothing raises: broken texts, hostile names, other spacing, any order of hashes."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import case_files
import invariants
import pytest
from case_files import Case
from hypothesis import given, settings
from hypothesis import strategies as st

from songbook.errors import ConfigError
from songbook.lineage.sql import SqlLineage, analyze
from songbook.urn import field_path

HERE = Path(__file__).parent
CASES = [case for path in sorted(HERE.glob("cases/*/*.cases")) for case in case_files.read(path)]
DIALECTS = sorted({case.dialect for case in CASES} | {"mariadb", "tsql", "oracle", "clickhouse"})

PIECES = re.compile(
    r"""(?P<whole>'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`[^`]*`|\$\$.*?\$\$|--[^\n]*|//\ [^\n]*"""
    r"""|/\*.*?\*/|\{[{%\#].*?[}%\#]\}|@[^\s),]+)|(?P<space>\s+)|(?P<word>\w+)|(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
DAMAGE = (
    "'", '"', "`", "$$", "(", ")", "/*", "*/", "--", ";", ",", ".", "{{", "%}", "\\", "\x00",
    "\ud800", "\ufeff", "\u202e", "\u00a0", "🙂", "SELECT", "FROM", "WITH", "AS", "JOIN ON",
    "UNION", "END", "BEGIN", "$1", ":x", "?", "@", "|>", "->", "::", "*", "!", "[", "0x", "1e999",
)  # fmt: skip


def read(case: Case, sql: str) -> SqlLineage:
    return analyze(
        sql,
        dialect=case.dialect,
        default_database=case.default_database,
        default_schema=case.default_schema,
        schema=case.schema,
    )


def sound(found: SqlLineage, sql: str) -> None:
    wrong = invariants.broken(found)
    assert not wrong, "\n".join([sql, *wrong])


def pieces(sql: str) -> list[str]:
    return [match[0] for match in PIECES.finditer(sql)]


@pytest.mark.parametrize("dialect", sorted({case.dialect for case in CASES}))
def test_a_text_that_is_cut_off(dialect: str) -> None:
    chance = random.Random(dialect)
    for case in CASES:
        if case.dialect == dialect:
            cut = case.sql[: chance.randrange(len(case.sql))]
            sound(read(case, cut), cut)


@pytest.mark.parametrize("dialect", sorted({case.dialect for case in CASES}))
def test_a_text_whose_words_are_shuffled(dialect: str) -> None:
    chance = random.Random(dialect)
    for case in CASES:
        if case.dialect == dialect:
            words = pieces(case.sql)
            first, second = sorted(chance.choices(range(len(words)), k=2))
            words[first : second + 1] = chance.sample(words[first : second + 1], second - first + 1)
            sound(read(case, "".join(words)), "".join(words))


@settings(max_examples=500)
@given(st.sampled_from(CASES), st.data())
def test_a_text_that_is_damaged(case: Case, data: st.DataObject) -> None:
    words = pieces(case.sql)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(words) - 1)) if words else 0
        words[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.sampled_from(DAMAGE), max_size=2)
        )
    sql = "".join(words)
    sound(read(case, sql), sql)


@settings(max_examples=300)
@given(st.text(), st.sampled_from(DIALECTS))
def test_any_text_at_all(sql: str, dialect: str) -> None:
    sound(analyze(sql, dialect=dialect), sql)


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(sorted({it for case in CASES for it in pieces(case.sql)})), max_size=30
    ),
    st.sampled_from(DIALECTS),
)
def test_words_of_sql_in_any_order(words: list[str], dialect: str) -> None:
    sql = " ".join(words)
    sound(analyze(sql, dialect=dialect, default_database="d", default_schema="s"), sql)


@pytest.mark.parametrize(
    ("sql", "tables_in", "tables_out"),
    [
        ("SELECT a, FROM t JOIN u ON WHERE (", {"t", "u"}, set()),
        ("INSERT INTO t (a, b SELECT a b c FROM s WHERE ((", {"s"}, {"t"}),
        ("CREATE VIEW v AS SELECT ?? FROM s1 LEFT JOIN s2 USING", {"s1", "s2"}, {"v"}),
        ("CREATE OR REPLACE TABLE t AS WITH c AS (SELECT FROM s) SELECT ^^ FROM c", {"s"}, {"t"}),
        ("MERGE INTO t USING s ON WHEN THEN ((", {"s"}, {"t"}),
        ("UPDATE t SET = FROM s WHERE )", {"s"}, {"t"}),
        ("DELETE FROM t USING s WHERE (((", {"s"}, {"t"}),
        ("SELECT 'unbalanced FROM t", set(), set()),
        ("SELECT a FROM t WHERE b = 'unbalanced", {"t"}, set()),
        ("SELECT a FROM t /* FROM u", {"t"}, set()),
        ("SELECT 'FROM u' AS a FROM t -- FROM v\nWHERE ((", {"t"}, set()),
        ("SELECT EXTRACT(YEAR FROM d), TRIM(BOTH FROM x) FROM t WHERE ((", {"t"}, set()),
        ("SELECT a FROM t1, t2 x, (SELECT b FROM t3) WHERE ((", {"t1", "t2", "t3"}, set()),
        ('SELECT a FROM "Two Words" WHERE ((', {"Two Words"}, set()),
        ("SELECT a FROM d.s.t WHERE ((", {"d.s.t"}, set()),
    ],
)
def test_tables_survive_what_cannot_be_parsed(
    sql: str, tables_in: set[str], tables_out: set[str]
) -> None:
    found = analyze(sql, dialect="postgres")
    assert found.tables_in == tables_in
    assert found.tables_out == tables_out
    assert found.errors


def test_a_broken_statement_takes_no_other_with_it() -> None:
    sql = "INSERT INTO a (x) SELECT x FROM b; SELECT ((; INSERT INTO c (x) SELECT x FROM d"
    found = analyze(sql, dialect="postgres")
    edges = {(it.downstream_table, it.upstream_table) for it in found.columns}
    assert edges == {("a", "b"), ("c", "d")}
    assert 0.0 < found.confidence < 1.0


def edges(found: SqlLineage) -> set[tuple[object, ...]]:
    """All edges without their expressions, whose text may keep comments and case."""
    return {
        (
            it.downstream_table,
            it.downstream_column,
            it.upstream_table,
            it.upstream_column,
            it.subtype,
        )
        for it in (*found.columns, *found.indirect)
    }


def same(found: SqlLineage, expected: SqlLineage, sql: str) -> None:
    assert (found.tables_in, found.tables_out) == (expected.tables_in, expected.tables_out), sql
    assert edges(found) == edges(expected), sql
    assert len(found.errors) == len(expected.errors), sql


PLAIN = [case for case in CASES if not re.search(r"\$\$|--|//|\{|error:|#", case.sql)]


@pytest.mark.parametrize("dialect", sorted({case.dialect for case in PLAIN}))
@pytest.mark.parametrize("space", ["\n\t ", " /* FROM x */ ", " -- it's (\n", "\r\n"])
def test_spaces_and_comments_change_nothing(dialect: str, space: str) -> None:
    for case in PLAIN:
        if case.dialect == dialect:
            sql = "".join(space if it.isspace() else it for it in pieces(case.sql))
            same(read(case, sql), read(case, case.sql), sql)


def test_upper_case_words_change_nothing_where_names_are_folded() -> None:
    for case in PLAIN:
        if case.dialect in ("postgres", "redshift", "snowflake", "databricks"):
            words = pieces(case.sql)
            sql = "".join(it.upper() if it.isidentifier() and it.isascii() else it for it in words)
            same(read(case, sql), read(case, case.sql), sql)


def test_the_same_bytes_whatever_the_hashes() -> None:
    printed = {
        subprocess.run(
            [sys.executable, HERE / "every_case.py", HERE / "cases"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1
    assert printed.pop().count(b"ColumnEdge") > 1000


NAMES = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20
)


@pytest.mark.parametrize(
    ("dialect", "quote"), [("postgres", '"'), ("snowflake", '"'), ("mysql", "`")]
)
@settings(max_examples=150)
@given(NAMES, NAMES, NAMES)
def test_a_quoted_name_is_what_it_says(
    dialect: str, quote: str, schema: str, table: str, column: str
) -> None:
    quoted = [f"{quote}{it.replace(quote, quote * 2)}{quote}" for it in (schema, table, column)]
    sql = f"INSERT INTO x.y (z) SELECT {quoted[2]} FROM {quoted[0]}.{quoted[1]} -- end"
    found = analyze(sql, dialect=dialect)
    (edge,) = found.columns
    assert edge.upstream_table == field_path(schema, table)
    assert edge.upstream_column == field_path(column)
    assert found.tables_in == {field_path(schema, table)}
    assert found.errors == ()


def test_a_schema_may_hold_anything() -> None:
    sql = "SELECT *, a FROM t"
    for columns in ([], ["a", "a"], ["*"], ["a.b", '"'], ["A", "a"], ["x"] * 5000):
        sound(analyze(sql, dialect="postgres", schema={"t": columns, "": []}), sql)
        sound(analyze(sql, dialect="mysql", schema={"t": columns}.get), sql)


def test_an_unknown_dialect_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ConfigError) as caught:
        analyze("SELECT 1", dialect="cobol")
    assert "cobol" in str(caught.value)
    assert "snowflake" in f"{caught.value} {caught.value.hint}"


def test_nothing_comes_of_nothing() -> None:
    for sql in ("", " \n", ";", "-- only a comment", "/* x */;;"):
        assert analyze(sql, dialect="postgres") == SqlLineage()
