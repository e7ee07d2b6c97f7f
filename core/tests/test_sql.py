"""SQL files as streams, on a SQLite database in place of a server."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from songbook import Request, sql_streams
from songbook.connector import Item
from songbook.errors import RecordInvalid
from songbook.records import Column, Constraint, Lineage, Owner, Table, Trigger


class Library:
    """A client of a library."""

    namespace = "library://here"

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        self.seen: list[Mapping[str, Any]] = []

    def rows(
        self, statement: str, params: Mapping[str, Any]
    ) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        self.seen.append(params)
        cursor = self._connection.execute(statement)
        names = [one[0] for one in cursor.description]
        return names, ([_array(cell) for cell in row] for row in cursor)


def _array(cell: Any) -> Any:
    """SQLite has no arrays: JSON stands for them."""
    return json.loads(cell) if str(cell).startswith("[") else cell


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with an empty folder of queries."""
    monkeypatch.syspath_prepend(tmp_path)
    queries = tmp_path / "their_tap" / "queries"
    queries.mkdir(parents=True)
    (queries.parent / "__init__.py").touch()
    sys.modules.pop("their_tap", None)
    return queries


def read(package: Path, stream: str, statement: str, request: Request | None = None) -> list[Any]:
    (package / f"{stream}.sql").write_text(statement)
    (only,) = sql_streams("their_tap")
    client = Library()
    found = list(only.read(client, request or Request()))
    client._connection.close()
    return found


def test_a_path_becomes_the_urn(package: Path) -> None:
    statement = """SELECT '["a.b", "T/1"]' AS path, 'T/1' AS name, '["a.b"]' AS container_path,
                   'table' AS table_type, NULL AS partition_of_path;\n"""
    assert read(package, "tables", statement) == [
        Table(
            urn="library://here/a.b/T%2F1",
            name="T/1",
            container_urn="library://here/a.b",
            table_type="table",
            partition_of_urn=None,
        )
    ]


def test_the_last_part_of_a_column_is_its_field(package: Path) -> None:
    statement = """SELECT '["s", "t", "x.y"]' AS path, 'x.y' AS name, '["s", "t"]' AS table_path,
                   'x.y' AS field_path, 'int' AS data_type"""
    (column,) = read(package, "columns", statement)
    assert isinstance(column, Column)
    assert (column.urn, column.field_path) == ("library://here/s/t#%22x.y%22", '"x.y"')


def test_lists_of_fields_and_kinds_of_references(package: Path) -> None:
    statement = """SELECT '["s", "t", "pk"]' AS path, 'pk' AS name, '["s", "t"]' AS table_path,
                   'primary_key' AS constraint_type, '["a", "b.c"]' AS columns"""
    (constraint,) = read(package, "constraints", statement)
    assert isinstance(constraint, Constraint)
    assert constraint.urn == "library://here/s/t/~constraint/pk"
    assert constraint.columns == ["a", '"b.c"']


def test_a_kind_says_what_a_reference_is_to(package: Path) -> None:
    statement = """SELECT '["s", "p"]' AS path, 'p' AS name, 'rls' AS policy_type,
                   '[["s", "t", "c"], ["s", "t", "d"]]' AS applies_to_paths,
                   '#' AS applies_to_kind"""
    (policy,) = read(package, "policies", statement)
    assert policy.applies_to == ["library://here/s/t#c", "library://here/s/t#d"]


def test_a_row_that_is_no_record_is_our_bug(package: Path) -> None:
    statement = (
        "SELECT '[\"t\"]' AS path, 't' AS name, 5 AS table_type, '[\"s\"]' AS container_path"
    )
    with pytest.raises(RecordInvalid, match=r"tables: .*table_type.*library://here/t"):
        read(package, "tables", statement)
    statement = "SELECT '[\"t\"]' AS path, 't' AS name, 1 AS no_such_field"
    with pytest.raises(RecordInvalid, match="no_such_field"):
        read(package, "tables", statement)


def test_a_request_becomes_parameters(package: Path) -> None:
    (package / "triggers.sql").write_text("SELECT '[\"t\"]' AS path, 't' AS name;")
    (only,) = sql_streams("their_tap")
    client = Library()
    trigger = Trigger(urn="library://here/~trigger/t", name="t")
    assert list(only.read(client, Request())) == [trigger]
    assert list(only.read(client, Request(schemas=("s",), tables=("t",)))) == [trigger]
    client._connection.close()
    assert client.seen == [{"schemas": None, "tables": None}, {"schemas": ["s"], "tables": ["t"]}]


def test_streams_come_in_the_order_of_the_record_types(package: Path) -> None:
    for name in ("columns", "systems", "tables"):
        (package / f"{name}.sql").write_text(f"-- {name}\nSELECT 1;\n")
    streams = sql_streams("their_tap")
    assert [one.yields[0].STREAM for one in streams] == ["systems", "tables", "columns"]
    assert streams[0].statement == "-- systems\nSELECT 1"
    assert all(one.distinct for one in streams)


def test_rows_that_are_not_yet_records(package: Path) -> None:
    def edges(client: Any, row: dict[str, Any]) -> Iterator[Item]:
        for number in range(row["count"]):
            yield Lineage(
                lineage_id=str(number),
                asserted_by=client.namespace,
                downstream_urn=client.namespace,
                granularity="table",
                origin="native",
            )

    (package / "lineage.sql").write_text("SELECT 2 AS count")
    (only,) = sql_streams("their_tap", reads={"lineage": edges})
    client = Library()
    assert [one.lineage_id for one in only.read(client, Request()) if isinstance(one, Lineage)] == [
        "0",
        "1",
    ]
    client._connection.close()


def test_a_path_may_come_in_parts_up_to_a_null(package: Path) -> None:
    statement = """
        SELECT 'a.b' AS path_1, 'T/1' AS path_2, NULL AS path_3, 'T/1' AS name,
               'a.b' AS container_path_1, NULL AS container_path_2, 'table' AS table_type,
               NULL AS partition_of_path_1, 'x' AS partition_of_path_2"""
    assert read(package, "tables", statement) == [
        Table(
            urn="library://here/a.b/T%2F1",
            name="T/1",
            container_urn="library://here/a.b",
            table_type="table",
            partition_of_urn=None,
        )
    ]


def test_a_document_may_come_in_entries(package: Path) -> None:
    statement = """
        SELECT 't' AS path_1, 't' AS name, 's' AS container_path_1, 'table' AS table_type,
               'me' AS "owners.principal", 'user' AS "owners.kind", NULL AS "owners.source",
               'all' AS "distribution.style", NULL AS "distribution.key",
               1 AS "extra.one", NULL AS "extra.two" """
    (table,) = read(package, "tables", statement)
    assert table.owners == [Owner(principal="me", kind="user")]
    assert table.distribution == {"style": "all"}
    assert table.extra == {"one": 1}


def test_a_document_without_entries_is_nothing(package: Path) -> None:
    statement = """
        SELECT 't' AS path_1, 't' AS name, 's' AS container_path_1, 'table' AS table_type,
               NULL AS "owners.principal", NULL AS "distribution.style", NULL AS "extra.one" """
    (table,) = read(package, "tables", statement)
    assert (table.owners, table.distribution, table.extra) == ([], None, {})
