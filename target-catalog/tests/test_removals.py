"""Nothing goes that was not covered: RECORDS, rule 2, clause by clause."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from songbook import records as r
from songbook.errors import ConfigError, SourceError
from target_catalog import accept, database
from target_catalog import config as settings


def test_what_a_complete_run_does_not_find_goes(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b")))
    outcome = catalog.load(source.covered(source.tables("a")))
    assert outcome.status == "succeeded"
    assert catalog.names() == ["a"]
    assert catalog.names("columns") == ["id", "name"]
    assert outcome.removed == 3


@pytest.mark.parametrize(
    "facts",
    [
        {"complete": False, "reason": "denied"},
        {"extracted": 2},
        {"extracted": 0},
    ],
)
def test_an_incomplete_scope_removes_nothing(
    catalog: Any, source: Any, facts: dict[str, Any]
) -> None:
    catalog.load(source.covered([source.table("a"), source.table("b")]))
    outcome = catalog.load(source.covered([source.table("a"), source.table("c")][:1], **facts))
    assert outcome.status == "partial"
    assert catalog.names() == ["a", "b"]


def test_without_coverage_nothing_goes_and_news_is_kept(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a"), source.table("b")]))
    outcome = catalog.load([source.table("c")])
    assert outcome.status == "partial"
    assert "no coverage for tables" in outcome.problems[0]
    assert catalog.names() == ["a", "b", "c"]


@pytest.mark.parametrize("code", [r.NO_SUCH_STREAM, r.NOTHING_CHANGED])
def test_a_stream_that_is_not_there_or_did_not_change_need_not_be_covered(
    catalog: Any, source: Any, code: str
) -> None:
    """It is announced all the same; what the catalog has of it stays."""
    catalog.load(source.covered(source.tables("a")))
    absent = r.Diagnostic(
        code=code,
        stream="columns",
        scope_urn=source.database,
        severity="info",
        title="This edition shows no columns.",
    )
    announced = source.write([source.column("a", "id")]).splitlines(keepends=True)[0]
    lines = source.write([*source.covered([source.table("a")]), absent])
    assert catalog.load(announced + lines).status == "succeeded"
    assert catalog.names() == ["a"]
    assert catalog.names("columns") == ["id", "name"]
    without = source.write(source.covered([source.table("a")]))
    assert "no coverage for columns" in catalog.load(announced + without).problems[0]


def test_a_scope_that_was_not_read_keeps_its_rows(catalog: Any, source: Any) -> None:
    other = "postgres://db:5432/other"
    elsewhere = source.table("x", schema=f"{other}/public")
    catalog.load(
        [
            *source.covered([source.table("a"), source.table("b")]),
            *source.covered([elsewhere], scope=other),
        ]
    )
    catalog.load(source.covered([source.table("a")]))
    assert catalog.names() == ["a", "x"]


@pytest.mark.parametrize("suffix", ["lication", "-old", ".bak", "%20copy"])
def test_a_scope_is_a_prefix_at_a_segment_boundary(catalog: Any, source: Any, suffix: str) -> None:
    sibling = source.table("a", schema=f"{source.database}{suffix}/public")
    catalog.load(
        [
            *source.covered([source.table("a")]),
            *source.covered([sibling], scope=f"{source.database}{suffix}"),
        ]
    )
    catalog.load(source.covered([source.table("b")]))
    assert len(catalog.names()) == 2
    assert catalog.rows("SELECT urn FROM catalog.tables WHERE name = 'a'") == [sibling.urn]


def test_what_is_alive_stays_with_its_columns(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b", "c")))
    outcome = catalog.load(
        source.covered([*source.tables("a"), source.alive(source.table("b"))], "tables", "columns")
    )
    assert outcome.status == "succeeded"
    assert catalog.names() == ["a", "b"]
    assert len(catalog.names("columns")) == 4


def test_word_of_what_is_unknown_is_no_success(catalog: Any, source: Any) -> None:
    outcome = catalog.load(source.covered([source.alive(source.table("b"))], "tables"))
    assert outcome.status == "partial"
    assert "1 unchanged but unknown" in outcome.problems[0]


def test_a_key_counts_once_however_often_it_arrives(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a"), source.table("b")]))
    again = [source.table("a"), source.table("a"), source.alive(source.table("a"))]
    assert catalog.load(source.covered(again, extracted=1)).status == "succeeded"
    assert catalog.names() == ["a"]


def test_overlapping_scopes_are_an_error(catalog: Any, source: Any) -> None:
    records = source.covered([source.table("a")])
    with pytest.raises(SourceError, match="overlaps"):
        catalog.load([*records, *source.covered([], "tables", scope=source.schema)])
    assert catalog.names() == []


def test_columns_of_a_table_that_was_sent_go(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a")))
    catalog.load(source.covered(source.tables("a", columns=["id"])))
    assert catalog.names("columns") == ["id"]


def test_columns_of_a_table_that_was_denied_stay(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b")))
    seen = source.tables("a")
    tables = source.covered(seen, "tables", complete=False, reason="one table denied")
    outcome = catalog.load([*tables, *source.covered(seen, "columns")[len(seen) :]])
    assert outcome.status == "partial"
    assert catalog.names() == ["a", "b"]
    assert len(catalog.names("columns")) == 4


def test_columns_alone_are_settled_by_their_own_coverage(catalog: Any, source: Any) -> None:
    catalog.load([source.system(), *source.covered(source.tables("a", "b"))])
    catalog.load(source.covered([source.column("a", "id")]))
    assert catalog.names("columns") == ["id"]
    assert catalog.names() == ["a", "b"]


def test_lineage_is_settled_by_what_asserts_it(catalog: Any, source: Any) -> None:
    one, two = source.table("one", table_type="view"), source.table("two", table_type="view")
    base = source.table("base")
    edges = [source.edge("one", base.urn), source.edge("two", base.urn)]
    catalog.load(source.covered([one, two, base, *edges]))
    catalog.load(
        source.covered(
            [one, base, source.alive(two)], "tables", "lineage", filter_hash=None, complete=True
        )
    )
    assert catalog.rows("SELECT asserted_by FROM catalog.lineage") == [two.urn]


def test_query_log_lineage_never_goes_by_absence(catalog: Any, source: Any) -> None:
    view, base = source.table("view"), source.table("base")
    edge = source.edge("view", base.urn, origin="query_log")
    catalog.load(source.covered([view, base, edge]))
    catalog.load(source.covered([view, base], "tables", "lineage"))
    assert len(catalog.rows("SELECT 1 FROM catalog.lineage")) == 1


def test_commits_never_go_by_absence(catalog: Any, source: Any) -> None:
    repository = r.Repository(urn="github://github.com/o/r", name="r")
    commit = r.Commit(urn=f"{repository.urn}/abc", name="abc", sha="abc")
    scope = repository.urn
    catalog.load(source.covered([repository, commit], scope=scope))
    catalog.load(source.covered([repository], "repositories", "commits", scope=scope))
    assert catalog.names("commits") == ["abc"]


def test_what_lies_below_a_removed_object_goes_in_all_streams(catalog: Any, source: Any) -> None:
    view = source.table("view", table_type="view")
    index = r.Index(urn=f"{view.urn}/~index/i", name="i", table_urn=view.urn)
    edge = source.edge("view", source.table("base").urn)
    base = source.table("base")
    catalog.load(source.covered([view, base, index, edge, source.column("view", "id")]))
    catalog.load(source.covered([base]))
    assert catalog.names() == ["base"]
    assert catalog.names("indexes") == catalog.names("columns") == []
    assert catalog.rows("SELECT 1 FROM catalog.lineage") == []


def test_charts_follow_their_dashboard(catalog: Any, source: Any) -> None:
    site = "tableau://host/site"
    boards = [r.Dashboard(urn=f"{site}/{n}", name=n, dashboard_type="dashboard") for n in "ab"]
    charts = [
        r.Chart(urn=f"{site}/chart-{board.name}", name="c", dashboard_urn=board.urn)
        for board in boards
    ]
    catalog.load(source.covered([*boards, *charts], scope=site))
    catalog.load(source.covered([boards[0], charts[0]], scope=site))
    assert catalog.rows("SELECT dashboard_urn FROM catalog.charts") == [boards[0].urn]


def test_an_object_that_arrived_stays_though_its_schema_did_not(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.container(), source.table("a")]))
    catalog.load(source.covered([source.table("a")], "containers", "tables"))
    assert catalog.names("containers") == []
    assert catalog.names() == ["a"]


def test_one_connector_removes_nothing_of_another(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a"), source.table("b")]), connector="one")
    outcome = catalog.load(source.covered([source.table("a")]), connector="two")
    assert (outcome.removed, [it["kind"] for it in catalog.changes()]) == (0, ["added"])
    assert len(catalog.names()) == 3


def test_an_empty_scope_can_be_settled(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a")]))
    outcome = catalog.load(source.covered([], "tables"))
    assert (outcome.status, outcome.removed) == ("succeeded", 1)


def test_a_changed_filter_marks_and_does_not_remove(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b"), filter_hash="all"))
    outcome = catalog.load(source.covered(source.tables("a"), filter_hash="only a"))
    assert (outcome.removed, outcome.left) == (0, 3)
    marked = "SELECT urn FROM catalog.{} WHERE left_scope_at IS NOT NULL ORDER BY 1"
    assert catalog.rows(marked.format("tables")) == [f"{source.schema}/b"]
    assert len(catalog.rows(marked.format("columns"))) == 2
    assert catalog.rows("SELECT name FROM catalog.relations") == ["a"]
    assert [(it["kind"], it["field"], it["after"], it["counts"]) for it in catalog.changes()] == [
        ("changed", "left_scope", True, {"columns": 2})
    ]


def test_what_left_the_scope_stays_marked_under_its_new_filter(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b"), filter_hash="all"))
    for _ in range(2):
        outcome = catalog.load(source.covered(source.tables("a"), filter_hash="only a"))
    assert (outcome.removed, outcome.left) == (0, 0)
    assert catalog.names() == ["a", "b"]


def test_what_left_the_scope_goes_by_its_old_filter_only(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b"), filter_hash="all"))
    catalog.load(source.covered(source.tables("a"), filter_hash="only a"))
    outcome = catalog.load(source.covered(source.tables("a"), filter_hash="all"))
    assert outcome.removed == 3
    assert catalog.names() == ["a"]


def test_what_comes_back_into_scope_is_marked_no_more(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b"), filter_hash="all"))
    catalog.load(source.covered(source.tables("a"), filter_hash="only a"))
    catalog.load(source.covered(source.tables("a", "b"), filter_hash="all"))
    assert catalog.rows("SELECT 1 FROM catalog.tables WHERE left_scope_at IS NOT NULL") == []
    assert [(it["kind"], it["field"], it["after"]) for it in catalog.changes()] == [
        ("changed", "left_scope", False)
    ]


def test_what_is_alive_again_is_back_in_scope_with_its_columns(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b"), filter_hash="all"))
    catalog.load(source.covered(source.tables("a"), filter_hash="only a"))
    records = [*source.tables("a"), source.alive(source.table("b"))]
    catalog.load(source.covered(records, "tables", "columns", filter_hash="all"))
    for stream in ("tables", "columns"):
        marked = f"SELECT urn FROM catalog.{stream} WHERE left_scope_at IS NOT NULL"
        assert catalog.rows(marked) == []


def test_scopes_may_be_split_and_joined_between_runs(catalog: Any, source: Any) -> None:
    one, two = (f"{source.database}/{name}" for name in ("one", "two"))
    a, b, c = source.table("a", one), source.table("b", one), source.table("c", two)
    catalog.load(source.covered([a, b, c], filter_hash="f"))
    split = [
        *source.covered([a], scope=one, filter_hash="f"),
        *source.covered([c], scope=two, filter_hash="g"),
    ]
    assert catalog.load(split).removed == 1
    assert catalog.names() == ["a", "c"]
    said = "SELECT scope_urn FROM catalog.coverage ORDER BY 1"
    assert catalog.rows(said) == [one, two]
    assert catalog.load(source.covered([], "tables", scope=two, filter_hash="h")).left == 1
    outcome = catalog.load(source.covered([a], filter_hash="g"))
    assert (outcome.removed, catalog.names()) == (1, ["a"])
    assert catalog.rows("SELECT scope_urn FROM catalog.scopes") == [source.database]
    assert catalog.rows(said) == [source.database]


def test_too_many_removals_are_held_until_a_person_accepts(catalog: Any, source: Any) -> None:
    names = [f"t{number}" for number in range(30)]
    catalog.load(source.covered(source.tables(*names)))
    outcome = catalog.load(source.covered(source.tables("t0", "new")))
    assert (outcome.status, outcome.held, outcome.removed) == ("partial", 87, 0)
    assert len(catalog.names()) == 31
    held = catalog.one("SELECT count, remediation FROM catalog.diagnostics")
    assert held == (87, f"target-catalog --accept-removals {outcome.run.id}")
    assert _accept(catalog, outcome.run.id) == 87
    assert catalog.names() == ["new", "t0"]
    assert catalog.rows("SELECT code FROM catalog.diagnostics") == []
    with pytest.raises(ConfigError, match="holds no removals"):
        _accept(catalog, outcome.run.id)


def test_a_newer_run_settles_what_was_held(catalog: Any, source: Any) -> None:
    names = [f"t{number}" for number in range(30)]
    catalog.load(source.covered(source.tables(*names)))
    held = catalog.load(source.covered(source.tables("t0")))
    catalog.load(source.covered(source.tables(*names)))
    with pytest.raises(ConfigError, match="holds no removals"):
        _accept(catalog, held.run.id)
    assert len(catalog.names()) == 30


OTHER = "postgres://db:5432/other"


def test_a_run_over_another_scope_leaves_what_is_held(catalog: Any, source: Any) -> None:
    names = [f"t{number}" for number in range(70)]
    here = [source.table(name) for name in names]
    there = [source.table(name, OTHER) for name in names[:50]]
    catalog.load([*source.covered(here), *source.covered(there, scope=OTHER)])
    first = catalog.load(source.covered(here[:1])).run.id
    second = catalog.load(source.covered(there[:1], scope=OTHER), max_removed_share=0.1).run.id
    remedy = "SELECT count, remediation FROM catalog.diagnostics WHERE code = 'REMOVALS_HELD'"
    count, commands = catalog.one(remedy)
    assert count == 69 + 49
    assert sorted(commands.splitlines()) == sorted(
        f"target-catalog --accept-removals {run}" for run in (first, second)
    )
    assert _accept(catalog, first) == 69
    assert catalog.one(remedy) == (49, f"target-catalog --accept-removals {second}")
    assert _accept(catalog, second) == 49
    assert catalog.rows(remedy) == []
    assert catalog.names() == ["t0", "t0"]


def test_what_arrives_without_coverage_is_held_no_more(catalog: Any, source: Any) -> None:
    tables = [source.table(f"t{number}") for number in range(30)]
    catalog.load(source.covered(tables))
    held = catalog.load(source.covered(tables[:1])).run.id
    catalog.load([tables[7]])
    assert _accept(catalog, held) == 28
    assert sorted(catalog.names()) == ["t0", "t7"]


def test_what_holds_something_that_arrives_is_held_no_more(catalog: Any, source: Any) -> None:
    wholes = source.tables(*(f"t{number}" for number in range(30)), columns=["id"])
    catalog.load(source.covered(wholes))
    held = catalog.load(source.covered(source.tables("t0", columns=["id"]))).run.id
    catalog.load([source.column("t7", "new")])
    assert _accept(catalog, held) == 28 + 29
    assert sorted(catalog.names()) == ["t0", "t7"]
    assert "new" in catalog.names("columns")


def test_coverage_of_one_of_several_places_that_is_lost_is_noticed(
    catalog: Any, source: Any
) -> None:
    def run(*names: str) -> list[r.Record]:
        here = source.covered(source.tables("a"))
        return [*here, *source.covered([source.column("a", "id", OTHER)], *names, scope=OTHER)]

    assert catalog.load(run("tables", "columns")).problems == []
    assert catalog.load(run("columns")).problems == [f"no coverage for tables in {OTHER}"]
    assert catalog.load(run("columns")).status == "partial"
    assert catalog.load(run("tables", "columns")).problems == []
    assert catalog.load(source.covered(source.tables("a"))).problems == []


def test_a_run_replaces_the_diagnostics_of_its_own_scopes(catalog: Any, source: Any) -> None:
    def said(code: str, stream: str, scope: str) -> r.Diagnostic:
        return r.Diagnostic(
            code=code, stream=stream, scope_urn=scope, severity="warning", title="Look"
        )

    here, there = source.database, OTHER
    old = [said("HERE", "tables", here), said("THERE", "tables", there)]
    old += [said("RUN", "", here), said("SYSTEM", "tables", source.namespace)]
    tables = source.covered([source.table("a")])
    elsewhere = source.covered([source.table("x", OTHER)], scope=OTHER)
    catalog.load([*tables, *elsewhere, *old])
    codes = "SELECT code FROM catalog.diagnostics ORDER BY 1"
    assert catalog.rows(codes) == ["HERE", "RUN", "SYSTEM", "THERE"]
    catalog.load([*tables, said("NEW", "tables", here)])
    assert catalog.rows(codes) == ["NEW", "THERE"]


def test_few_objects_may_all_go(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.container(), *source.tables("a", "b")]))
    assert catalog.load(source.covered([source.container()], "containers", "tables")).removed == 6


def test_a_stranger_removes_by_activate_version(catalog: Any) -> None:
    catalog.load(_stranger([1, 2, 3], version=1, activate="after"))
    outcome = catalog.load(_stranger([1], version=2, activate="after"))
    assert (outcome.status, outcome.removed) == ("succeeded", 2)
    assert catalog.rows("SELECT key FROM catalog.other_records") == ["[1]"]
    (change,) = catalog.changes()
    assert (change["stream"], change["kind"], change["counts"]) == (
        "things",
        "removed",
        {"things": 2},
    )


def test_a_stranger_that_would_remove_too_much_waits_for_a_person(catalog: Any) -> None:
    catalog.load(_stranger(list(range(50)), version=1, activate="after"))
    outcome = catalog.load(_stranger([1, 99], version=2, activate="after"))
    assert (outcome.status, outcome.removed, outcome.held) == ("partial", 0, 49)
    assert f"--accept-removals {outcome.run.id}" in outcome.problems[0]
    catalog.load(_stranger([7], version=3, activate="never"))
    assert _accept(catalog, outcome.run.id) == 48
    counts = catalog.one("SELECT counts FROM catalog.changes WHERE kind = 'removed'")
    assert counts == {"things": 48}
    assert len(catalog.rows("SELECT key FROM catalog.other_records")) == 3
    assert catalog.rows("SELECT code FROM catalog.diagnostics") == []


def test_many_records_of_a_stranger_are_not_compared_each_with_each(catalog: Any) -> None:
    def seconds(version: int, records: int) -> float:
        started = time.monotonic()
        lines = _stranger(list(range(records)), version, activate="after")
        assert catalog.load(lines).status == "succeeded"
        return time.monotonic() - started

    first = seconds(1, 12_000)
    assert seconds(2, 12_000) < 4 * first
    assert seconds(3, 11_900) < 4 * first


def test_a_newer_version_settles_what_was_held(catalog: Any) -> None:
    catalog.load(_stranger(list(range(50)), version=1, activate="after"))
    held = catalog.load(_stranger([1], version=2, activate="after")).run.id
    catalog.load(_stranger(list(range(40)), version=3, activate="after"))
    with pytest.raises(ConfigError, match="holds no removals"):
        _accept(catalog, held)
    assert len(catalog.rows("SELECT key FROM catalog.other_records")) == 40


def test_a_version_without_records_removes_nothing(catalog: Any) -> None:
    catalog.load(_stranger([1, 2], version=1, activate="after"))
    catalog.load(_stranger([1], version=2, activate="before"))
    assert len(catalog.rows("SELECT key FROM catalog.other_records")) == 2


def test_a_version_with_a_rejected_record_removes_nothing(catalog: Any) -> None:
    catalog.load(_stranger([1, 2], version=1, activate="after"))
    lines = _stranger([1, 2], version=2, activate="after").replace(b'{"id": 2}', b'{"id": "2"}')
    assert catalog.load(lines, on_invalid="skip").status == "partial"
    assert len(catalog.rows("SELECT key FROM catalog.other_records")) == 2


@pytest.mark.parametrize("again", ["integer", "number"])
def test_a_repeated_schema_forgets_no_rejected_record(catalog: Any, again: str) -> None:
    catalog.load(_stranger([1, 2], version=1, activate="after"))
    lines = _stranger([2, 1], version=2, activate="after").replace(b'{"id": 2}', b'{"id": "2"}')
    assert catalog.load(_repeated(lines, again), on_invalid="skip").status == "partial"
    assert len(catalog.rows("SELECT key FROM catalog.other_records")) == 2


@pytest.mark.parametrize("again", ["integer", "number"])
def test_a_repeated_schema_forgets_no_version(catalog: Any, again: str) -> None:
    catalog.load(_stranger([1, 2], version=1, activate="after"))
    catalog.load(_repeated(_stranger([1], version=2, activate="after"), again))
    assert catalog.rows("SELECT key FROM catalog.other_records") == ["[1]"]
    schema = catalog.one("SELECT schema FROM catalog.other_streams")
    assert schema["properties"]["id"]["type"] == again


def _repeated(lines: bytes, again: str) -> bytes:
    """The schema once more, perhaps another one, before the last line."""
    *body, last = lines.splitlines(keepends=True)
    return b"".join([*body, body[0].replace(b"integer", again.encode()), last])


def _stranger(ids: list[int], version: int, activate: str) -> bytes:
    schema = {"properties": {"id": {"type": "integer"}}}
    lines = [{"type": "SCHEMA", "stream": "things", "schema": schema, "key_properties": ["id"]}]
    records = [
        {"type": "RECORD", "stream": "things", "record": {"id": it}, "version": version}
        for it in ids
    ]
    activation = [{"type": "ACTIVATE_VERSION", "stream": "things", "version": version}]
    orders = {"after": [*records, *activation], "before": [*activation, *records], "never": records}
    body = orders[activate]
    return "".join(json.dumps(line) + "\n" for line in [*lines, *body]).encode()


def _accept(catalog: Any, run_id: Any) -> int:
    config, _ = settings.parse({"database_url": catalog.url}, {})
    with database.connect(catalog.url) as connection:
        return accept.accept(connection, config, run_id)
