"""Every case of the `.cases` files, compared exactly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import case_files
import pytest
from case_files import Case, Expected, MalformedCase

from songbook.lineage.sql import ColumnEdge, SqlLineage, analyze

CASES = Path(__file__).with_name("cases")


def every_case() -> list[Case]:
    return [case for path in sorted(CASES.glob("*/*.cases")) for case in case_files.read(path)]


def column(table: str | None, name: str | None) -> str:
    """A column as the case files write it."""
    return f"{table or ''}.{name}"


def direct_line(edge: ColumnEdge) -> str:
    downstream = column(edge.downstream_table, edge.downstream_column)
    return f"{downstream} <- {column(edge.upstream_table, edge.upstream_column)} {edge.subtype}"


def indirect_line(edge: ColumnEdge) -> str:
    whole = edge.downstream_column is None
    downstream = "*" if whole else column(edge.downstream_table, edge.downstream_column)
    return f"{edge.subtype} {downstream} <- {column(edge.upstream_table, edge.upstream_column)}"


def differences(expected: Expected, found: SqlLineage) -> list[str]:
    """What is missing (-) and what is too much (+), in the words of the case files."""
    pairs = [
        ("in: ", expected.tables_in, found.tables_in),
        ("out: ", expected.tables_out, found.tables_out),
        ("", expected.columns, set(map(direct_line, found.columns))),
    ]
    if expected.indirect is not None:
        pairs.append(("", expected.indirect, set(map(indirect_line, found.indirect))))
    return [
        f"{sign} {kind}{it}"
        for kind, right, given in pairs
        for sign, some in (("-", right - given), ("+", given - right))
        for it in sorted(some)
    ]


def complaints(expected: Expected, found: SqlLineage) -> list[str]:
    """What is wrong with the errors and the confidence."""
    missing = [
        f"- error: {words}"
        for words in expected.errors
        if not any(words.lower() in error.lower() for error in found.errors)
    ]
    surprising = [f"+ error: {error}" for error in found.errors if not expected.errors]
    if (found.confidence < 1.0) != bool(found.errors):
        surprising.append(f"+ confidence: {found.confidence} with errors {found.errors}")
    return missing + surprising


def contradictions(found: SqlLineage) -> list[str]:
    """What no lineage may say, whatever the statement."""
    pairs = Counter(direct_line(edge).rpartition(" ")[0] for edge in found.columns)
    told = [f"! said {times} times: {pair}" for pair, times in pairs.items() if times > 1]
    told += [f"! wrong type: {edge}" for edge in found.columns if edge.type != "DIRECT"]
    told += [f"! wrong type: {edge}" for edge in found.indirect if edge.type != "INDIRECT"]
    return told + [
        f"! a plain copy has no expression: {edge}"
        for edge in found.columns
        if edge.subtype == "IDENTITY" and edge.expression is not None
    ]


@pytest.mark.parametrize("case", every_case(), ids=lambda case: case.name)
def test_case(case: Case) -> None:
    found = analyze(
        case.sql,
        dialect=case.dialect,
        default_database=case.default_database,
        default_schema=case.default_schema,
        schema=case.schema,
    )
    wrong = differences(case.expected, found)
    wrong += complaints(case.expected, found)
    wrong += contradictions(found)
    assert not wrong, "\n".join([case.sql, "", *wrong])


def malformed(text: str, folder: Path) -> str:
    path = folder / "a.cases"
    path.write_text(text)
    with pytest.raises(MalformedCase) as caught:
        case_files.read(path)
    return str(caught.value).removeprefix(f"{path}:")


def test_a_malformed_file_is_told_with_its_line(tmp_path: Path) -> None:
    for text, told in [
        ("SELECT 1", "1: the file does not begin with a case"),
        ("### a\nSELECT 1\n", "1: a case has one line ---"),
        ("### a\n\n---\n", "1: the case has no statement"),
        ("### a\n# default: x\nSELECT 1\n---\n", "2: this says nothing about the case"),
        ("### a\n# schema: t\nSELECT 1\n---\n", "2: this says nothing about the case"),
        ("### a\n# defaults: a b c\nSELECT 1\n---\n", "2: defaults are"),
        ("### a\nSELECT 1\n---\n\nx < t.y\n", "5: this is no line of lineage: x < t.y"),
        ("### a\nSELECT 1\n---\nfilters: t.y\n", "4: this is no line of lineage"),
        ("### a\nSELECT 1\n---\nin: t\nin: u\n", "5: this is no line of lineage"),
        ("### a\nSELECT 1\n---\n.x <- t.y\n.x <- t.y\n", "4: the case says this twice"),
        ("### a\nSELECT 1\n---\n### a\nSELECT 1\n---\n", " two cases are named"),
    ]:
        assert malformed(text, tmp_path).startswith(told), text


def test_a_case_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "postgres" / "some.cases"
    path.parent.mkdir()
    path.write_text(
        "### a title\n# defaults: db public\n# schema: ~t(a, b c)\nSELECT a\nFROM t\n---\n"
        'in: ~t, db.public."x, y"\n.a <- ~t.a, ~t.b c AGGREGATION\n.b <- ~t."d, e"\n'
        "filter: ~t.a\nwindow .a: ~t.b c\nerror: so\n"
    )
    (case,) = case_files.read(path)
    assert (case.name, case.dialect) == ("postgres/some: a title", "postgres")
    assert case.sql == "SELECT a\nFROM t"
    assert (case.default_database, case.default_schema) == ("db", "public")
    assert case.schema == {"db.public.t": ["a", "b c"]}
    assert case.expected == Expected(
        frozenset({"db.public.t", 'db.public."x, y"'}),
        frozenset(),
        frozenset({
            ".a <- db.public.t.a AGGREGATION", ".a <- db.public.t.b c AGGREGATION",
            '.b <- db.public.t."d, e" IDENTITY',
        }),
        frozenset({"FILTER * <- db.public.t.a", "WINDOW .a <- db.public.t.b c"}),
        ["so"],
    )  # fmt: skip
