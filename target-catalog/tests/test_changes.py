"""The change feed: what differs, once, and nothing else is touched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from songbook import records as r
from songbook.errors import SourceError
from target_catalog import database, history


def test_a_first_load_is_one_row_a_scope(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.system(), *source.tables("a", "b")]))
    assert [(it["stream"], it["urn"], it["kind"], it["counts"]) for it in catalog.changes()] == [
        ("scopes", source.namespace, "added", {"systems": 1}),
        ("scopes", source.database, "added", {"tables": 2, "columns": 4}),
    ]


def test_a_new_scope_beside_known_ones_is_one_row(catalog: Any, source: Any) -> None:
    other = f"{source.namespace}/other"
    first = source.covered(source.tables("a"))
    catalog.load(first)
    new = source.covered(
        [source.table("x", f"{other}/s"), source.table("y", f"{other}/s")], scope=other
    )
    catalog.load([*first, *new])
    assert [(it["stream"], it["urn"], it["counts"]) for it in catalog.changes()] == [
        ("scopes", other, {"tables": 2})
    ]


def test_an_identical_run_writes_nothing(catalog: Any, source: Any) -> None:
    records = source.covered([source.system(), source.container(), *source.tables("a", "b")])
    catalog.load(records)
    writes = (
        "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables"
        " WHERE schemaname = 'catalog' AND relname NOT IN ('runs', 'coverage', 'scopes')"
        " ORDER BY relname"
    )
    before = _statistics(catalog, writes)
    outcome = catalog.load(records)
    assert (outcome.added, outcome.changed, outcome.removed) == (0, 0, 0)
    assert catalog.changes() == []
    assert _statistics(catalog, writes) == before


def _statistics(catalog: Any, query: str) -> Any:
    catalog.execute("SELECT pg_stat_force_next_flush()")
    return catalog.rows(query)


def test_each_field_that_differs_is_one_row(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a", description="old", options={"x": 1})]))
    outcome = catalog.load(source.covered([source.table("a", options={"x": 2}, location="s3")]))
    assert (outcome.added, outcome.changed) == (0, 1)
    assert [(it["field"], it["before"], it["after"]) for it in catalog.changes()] == [
        ("description", "old", None),
        ("location", None, "s3"),
        ("options", {"x": 1}, {"x": 2}),
    ]
    assert catalog.one("SELECT description FROM catalog.tables") is None


def test_volatile_fields_change_in_place_and_in_silence(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a", row_count=1)]))
    at = catalog.one("SELECT changed_at FROM catalog.tables")
    outcome = catalog.load(source.covered([source.table("a", row_count=2)]))
    assert (outcome.changed, catalog.changes()) == (0, [])
    assert catalog.one("SELECT row_count, changed_at FROM catalog.tables") == (2, at)


def test_an_object_comes_as_one_row_with_counts(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.container(), *source.tables("a")]))
    new = f"{source.database}/new"
    records = [
        source.container(),
        source.container(new),
        *source.tables("a", "b", columns=["id", "name"]),
        source.column("a", "extra"),
        source.table("c", new),
        source.column("c", "id", new),
    ]
    catalog.load(source.covered(records))
    found = [(it["stream"], it["urn"], it["kind"], it["counts"]) for it in catalog.changes()]
    assert found == [
        ("columns", f"{source.schema}/a#extra", "added", None),
        ("containers", new, "added", {"tables": 1, "columns": 1}),
        ("tables", f"{source.schema}/b", "added", {"columns": 2}),
    ]


def test_an_object_goes_as_one_row_with_counts(catalog: Any, source: Any) -> None:
    edge = source.edge("b", f"{source.schema}/a")
    catalog.load(source.covered([*source.tables("a", "b"), edge]))
    catalog.load(source.covered(source.tables("a", columns=["id"]), "tables", "columns", "lineage"))
    found = [
        (it["stream"], it["urn"], it["kind"], it["counts"], it["breaking"])
        for it in catalog.changes()
    ]
    assert found == [
        ("columns", f"{source.schema}/a#name", "removed", None, True),
        ("tables", f"{source.schema}/b", "removed", {"columns": 2, "lineage": 1}, True),
    ]


def test_what_comes_back_is_restored(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b")))
    catalog.load(source.covered(source.tables("a")))
    last = catalog.one("SELECT last_row FROM catalog.removed WHERE stream = 'tables'")
    assert last["name"] == "b"
    catalog.load(source.covered(source.tables("a", "b")))
    assert [(it["urn"], it["kind"], it["counts"]) for it in catalog.changes()] == [
        (f"{source.schema}/b", "restored", {"columns": 2})
    ]
    assert catalog.rows("SELECT 1 FROM catalog.removed") == []


BREAKING = [
    ({"type_class": "string"}, {"type_class": "integer"}, True),
    ({"length": 20}, {"length": 10}, True),
    ({"length": 10}, {"length": 20}, False),
    ({"precision": None}, {"precision": 10}, True),
    ({"precision": 10}, {"precision": None}, False),
    ({"nullable": False}, {"nullable": True}, True),
    ({"nullable": True}, {"nullable": False}, False),
    ({"default": "1"}, {"default": "2"}, False),
]


@pytest.mark.parametrize(("before", "after", "breaking"), BREAKING)
def test_breaking_changes_of_a_column(
    catalog: Any, source: Any, before: Any, after: Any, breaking: bool
) -> None:
    catalog.load(source.covered([source.column("a", "id", **before)]))
    catalog.load(source.covered([source.column("a", "id", **after)]))
    assert [it["breaking"] for it in catalog.changes()] == [breaking]


def test_a_changed_primary_key_is_breaking(catalog: Any, source: Any) -> None:
    def key(**facts: Any) -> r.Constraint:
        urn = f"{source.schema}/a/~constraint/k"
        return r.Constraint(urn=urn, name="k", table_urn=f"{source.schema}/a", **facts)

    catalog.load(source.covered([key(constraint_type="primary_key", columns=["id"])]))
    catalog.load(source.covered([key(constraint_type="primary_key", columns=["id", "x"])]))
    assert [(it["field"], it["breaking"]) for it in catalog.changes()] == [("columns", True)]
    catalog.load(source.covered([key(constraint_type="unique", columns=["id", "x"])]))
    assert [it["breaking"] for it in catalog.changes()] == [True]
    catalog.load(source.covered([key(constraint_type="unique", columns=["id"])]))
    assert [it["breaking"] for it in catalog.changes()] == [False]


def test_the_last_record_of_a_key_wins(catalog: Any, source: Any) -> None:
    first, last = source.table("a", description="first"), source.table("a", description="last")
    catalog.load(source.covered([first, source.table("b"), last], extracted=2))
    assert catalog.rows("SELECT description FROM catalog.tables ORDER BY name") == ["last", None]
    catalog.load(source.covered([last, source.table("b"), first], extracted=2))
    assert catalog.rows("SELECT description FROM catalog.tables ORDER BY name") == ["first", None]


def test_fields_that_were_not_read_stay_as_they_were(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a", description="known", location="here")]))
    outcome = catalog.load(
        source.covered([source.table("a"), source.table("b")], unread_fields=["description"])
    )
    assert outcome.status == "succeeded"
    assert catalog.rows("SELECT description, location FROM catalog.tables ORDER BY name") == [
        ("known", None),
        (None, None),
    ]
    assert {it["field"] for it in catalog.changes()} == {None, "location"}


def test_unknown_properties_are_kept_in_extra(catalog: Any, source: Any) -> None:
    lines = source.write(source.covered([source.table("a", extra={"x": 1})]))
    lines = lines.replace(b'"options":{}', b'"options":{},"shiny":true', 1)
    assert b"shiny" in lines
    assert catalog.load(lines).status == "succeeded"
    assert catalog.one("SELECT extra FROM catalog.tables") == {"x": 1, "shiny": True}


def partitions(catalog: Any) -> Any:
    """The months of the change feed."""
    return catalog.rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'catalog.changes'::regclass ORDER BY 1"
    )


def test_months_are_made(catalog: Any) -> None:
    with database.connect(catalog.url) as connection:
        for year, month in ((2025, 11), (2025, 12), (2026, 1), (2026, 1)):
            history.prepare(connection, datetime(year, month, 15, tzinfo=UTC))
    assert partitions(catalog) == [
        f"catalog.changes_{it}" for it in ("2025_11", "2025_12", "2026_01", "2026_02")
    ]
    unsafe = (
        "SELECT count(*) FROM pg_class WHERE relname ~ '^changes_2' AND NOT relrowsecurity"
        " AND relkind = 'r'"
    )
    assert catalog.one(unsafe) == 0


OLD = datetime(2020, 5, 15, tzinfo=UTC)


def grown_old(catalog: Any, source: Any, *connectors: str) -> None:
    """Let changes and removals of some connectors be years old."""
    for name in connectors:
        catalog.load(source.covered(source.tables("a", "b")), connector=name)
        catalog.load(source.covered(source.tables("a")), connector=name)
    with database.connect(catalog.url) as connection:
        history.prepare(connection, OLD)
    catalog.execute("UPDATE catalog.changes SET at = %s", OLD)
    catalog.execute("UPDATE catalog.removed SET removed_at = %s", OLD)


def of_connectors(catalog: Any, table: str) -> Any:
    return catalog.rows(
        f"SELECT DISTINCT c.name FROM catalog.{table} AS t"
        " JOIN catalog.connectors AS c ON c.id = t.connector_id ORDER BY 1"
    )


def test_a_load_forgets_what_is_old_of_its_own_connector(catalog: Any, source: Any) -> None:
    grown_old(catalog, source, "one", "two")
    catalog.load(source.covered(source.tables("a")), connector="one", history_months=1)
    for table in ("changes", "removed"):
        assert of_connectors(catalog, table) == ["two"]
    assert "catalog.changes_2020_05" in partitions(catalog)
    catalog.load(source.covered(source.tables("a")), connector="two", history_months=1)
    for table in ("changes", "removed"):
        assert of_connectors(catalog, table) == []
    assert "catalog.changes_2020_05" not in partitions(catalog)


def test_a_load_that_fails_forgets_nothing(catalog: Any, source: Any) -> None:
    grown_old(catalog, source, "one")
    with pytest.raises(SourceError):
        catalog.load(b"oops\n", connector="one", history_months=1)
    for table in ("changes", "removed"):
        assert of_connectors(catalog, table) == ["one"]


def test_a_month_that_somebody_reads_is_dropped_later(catalog: Any, source: Any) -> None:
    grown_old(catalog, source, "one")
    with database.connect(catalog.url) as reader, reader.transaction():
        reader.execute("SELECT FROM catalog.changes")
        outcome = catalog.load(
            source.covered(source.tables("a")), connector="one", history_months=1
        )
    assert outcome.status == "succeeded"
    assert "catalog.changes_2020_05" in partitions(catalog)
    catalog.load(source.covered(source.tables("a")), connector="one", history_months=1)
    assert "catalog.changes_2020_05" not in partitions(catalog)
