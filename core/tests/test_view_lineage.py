"""From definitions of views to edges: labels, names, stars, and what is not understood."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from songbook.connector import Gap
from songbook.records import Diagnostic, Lineage
from songbook.urn import parse
from songbook.view_lineage import Source, TablePath, View, from_definitions

COLUMNS = {
    ("db", "t"): ["Id", "x.y", "z"],
    ("db", "u"): ["Id", "other"],
    ("db", "v"): ["first one", "second"],
}
Short = tuple[str | None, str, str | None, str, str | None]


def read(
    definition: str, columns: Mapping[TablePath, Sequence[str]] = COLUMNS, **facts: Any
) -> tuple[list[Short], list[Gap | Diagnostic]]:
    """The edges of the view db.v, in short, and what is said about it."""
    given = {"dialect": "mysql"} | facts
    path = given.pop("path", ("db", "v"))

    def known(tables: Collection[TablePath]) -> Mapping[TablePath, Sequence[str]]:
        assert path in tables
        return columns

    source = Source(namespace="x://h", scope="x://h/db", columns=known, **given)
    items = list(from_definitions([View(path, definition)], source))
    edges = [_short(it) for it in items if isinstance(it, Lineage)]
    return edges, [it for it in items if not isinstance(it, Lineage)]


def _short(it: Lineage) -> Short:
    upstream = parse(str(it.upstream_urn)).path[-1]
    kind = it.transformation_subtype or it.transformation_type
    return it.downstream_field, upstream, it.upstream_field, it.granularity, kind


def test_columns_are_those_of_the_view_whatever_the_query_calls_them() -> None:
    edges, said = read("select `t`.`ID` AS `a`, sum(`t`.`x.y`) AS `b` from `db`.`t`")
    assert edges == [
        (None, "t", None, "table", "DIRECT"),
        ("first one", "t", "Id", "column", "IDENTITY"),
        ("second", "t", '"x.y"', "column", "AGGREGATION"),
    ]
    assert said == []


def test_a_table_that_only_decides_about_rows_gives_no_values() -> None:
    edges, _ = read("select t.z, 1 from t join u on u.id = t.id")
    assert edges[:2] == [
        (None, "t", None, "table", "DIRECT"),
        (None, "u", None, "table", "INDIRECT"),
    ]
    assert (None, "u", "Id", "column", "JOIN") in edges


def test_a_star_over_a_table_that_nobody_knows_is_a_star() -> None:
    edges, said = read("select * from far.away", {})
    assert edges == [
        (None, "away", None, "table", "DIRECT"),
        (None, "away", None, "star", "IDENTITY"),
    ]
    assert said == []


def test_what_is_not_understood_is_a_gap_with_the_tables_that_the_source_names() -> None:
    recorded = {("db", "v"): [("db", "t"), ("db", "hidden")]}
    edges, (gap,) = read("select from from from t where ((", recorded=recorded)
    assert {upstream for _, upstream, *_ in edges} >= {"hidden", "t"}
    assert {granularity for *_, granularity, _ in edges} == {"table"}
    assert isinstance(gap, Gap)
    assert (gap.outcome, gap.diagnostic.code) == ("failed", "VIEW_NOT_UNDERSTOOD")
    assert str(gap.diagnostic.detail).startswith("db.v: ")


def test_a_column_that_is_gone_breaks_the_view_and_is_no_gap() -> None:
    edges, (note,) = read("select `t`.`gone` AS `a`, `t`.`z` AS `b` from `db`.`t`")
    assert ("second", "t", "z", "column", "IDENTITY") in edges
    assert isinstance(note, Diagnostic)
    assert (note.code, note.severity) == ("VIEW_BROKEN", "info")


def test_what_only_the_columns_tell_is_understood_with_them() -> None:
    edges, said = read("select other, z from t join u on u.id = t.id")
    assert ("first one", "u", "other", "column", "IDENTITY") in edges
    assert said == []


def test_names_are_found_whatever_their_case_where_the_platform_ignores_it() -> None:
    columns = {("d", "S", "Big"): ["a"], ("d", "S", "v"): ["a"]}
    edges, said = read(
        'CREATE VIEW "S".v AS SELECT A FROM s.BIG WITH NO SCHEMA BINDING',
        columns,
        dialect="redshift",
        path=("d", "S", "v"),
    )
    assert edges == [
        (None, "Big", None, "table", "DIRECT"),
        ("a", "Big", "a", "column", "IDENTITY"),
    ]
    assert said == []


def test_edges_come_in_one_order() -> None:
    definition = "select t.id + t.z + u.other, u.id from t join u on u.id = t.id where t.z > 1"
    assert read(definition)[0] == read(definition)[0]
    fields = [field for field, *_, granularity, _ in read(definition)[0] if granularity == "column"]
    assert fields == sorted(fields, key=lambda field: (field is None, field or ""))
