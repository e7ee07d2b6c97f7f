"""The graph of lineage: up, down, columns, cycles, BI, what breaks, and nothing across tenants."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import psycopg
import pytest

from songbook import records as r
from songbook.lineage import edge

SITE = "looker://bi"
MODEL, CHART, DASH = f"{SITE}/sales", f"{SITE}/dash/tile", f"{SITE}/dash"


def flow(source: Any, upstream: str, downstream: str, **facts: Any) -> r.Lineage:
    """`a.x` to `b.y`, or `a` to `b`."""
    (up, _, up_field), (down, _, down_field) = upstream.partition("."), downstream.partition(".")
    whole = f"{source.schema}/{down}"
    facts = {"granularity": "column" if up_field or down_field else "table"} | facts
    return edge(
        asserted_by=whole,
        origin="view_definition",
        downstream_urn=whole,
        downstream_field=down_field or None,
        upstream_urn=f"{source.schema}/{up}",
        upstream_field=up_field or None,
        **facts,
    )


def flows(source: Any, *pairs: str) -> list[r.Record]:
    ends = [pair.split(" > ") for pair in pairs]
    names = sorted({name.partition(".")[0] for pair in ends for name in pair})
    tables = source.tables(*names, columns=("x", "y", "id"))
    return source.covered([*tables, *(flow(source, up, down) for up, down in ends)])


def reached(catalog: Any, way: str, source: Any, start: str, steps: int | None = None) -> Any:
    whole, _, field = start.partition(".")
    urn = f"{source.schema}/{whole}" + (f"#{field}" if field else "")
    return {
        (name.removeprefix(f"{source.schema}/") + (f".{field}" if field else "")): depth
        for name, field, depth in catalog.rows(
            f"SELECT urn, field, depth FROM catalog.{way}(%s, %s)", urn, steps
        )
    }


def test_objects_step_by_step(catalog: Any, source: Any) -> None:
    catalog.load(flows(source, "a > b", "b > c", "a > c", "c > d", "z > d"))
    assert reached(catalog, "downstream", source, "a") == {"b": 1, "c": 1, "d": 2}
    assert reached(catalog, "downstream", source, "a", 1) == {"b": 1, "c": 1}
    assert reached(catalog, "upstream", source, "d") == {"c": 1, "z": 1, "a": 2, "b": 2}
    assert reached(catalog, "upstream", source, "a") == {}
    via = "SELECT urn, via_urn FROM catalog.downstream(%s) ORDER BY depth, urn"
    found = dict(catalog.rows(via, f"{source.schema}/a"))
    assert found[f"{source.schema}/d"] == f"{source.schema}/c"


def test_a_cycle_ends(catalog: Any, source: Any) -> None:
    catalog.load(flows(source, "a > b", "b > c", "c > a", "c > c"))
    assert reached(catalog, "downstream", source, "a") == {"b": 1, "c": 2}
    assert reached(catalog, "upstream", source, "a") == {"c": 1, "b": 2}


def test_columns_go_their_own_way(catalog: Any, source: Any) -> None:
    catalog.load(flows(source, "a > b", "a.x > b.x", "a.y > b.y", "b.x > c.y", "b.y > c"))
    assert reached(catalog, "downstream", source, "a.x") == {"b.x": 1, "c.y": 2}
    assert reached(catalog, "downstream", source, "a.y") == {"b.y": 1, "c": 2}
    assert reached(catalog, "upstream", source, "c.y") == {"b.x": 1, "a.x": 2}


def test_a_column_flows_into_the_whole_of_what_names_no_columns(catalog: Any, source: Any) -> None:
    catalog.load(flows(source, "a > b", "b > c", "b.x > c.x", "b.y > c.y"))
    assert reached(catalog, "downstream", source, "a.x") == {"b": 1, "c": 2}
    assert reached(catalog, "upstream", source, "c.x") == {"b.x": 1, "a": 2}


def test_stars_reach_columns(catalog: Any, source: Any) -> None:
    star = flow(source, "a", "b", granularity="star")
    records = [*source.tables("a", "b", columns=("x", "y")), flow(source, "b.x", "c.x"), star]
    catalog.load(source.covered([*records, *source.tables("c", columns=("x",))]))
    assert reached(catalog, "downstream", source, "a.x") == {"b.x": 1, "c.x": 2}
    assert reached(catalog, "downstream", source, "a.y") == {"b.y": 1}
    catalog.load(source.covered([star], "lineage"))
    assert reached(catalog, "downstream", source, "a.x") == {"b.x": 1}


def test_a_column_that_is_not_there_joins_nothing(catalog: Any, source: Any) -> None:
    catalog.load(flows(source, "a.nothing > b.x", "b.x > c.nothing"))
    assert reached(catalog, "downstream", source, "a.nothing") == {}
    assert reached(catalog, "upstream", source, "b.x") == {}
    assert reached(catalog, "upstream", source, "b") == {"a": 1}


def bi(source: Any) -> list[r.Record]:
    """A model on table `b`, a tile that shows one of its fields, and a dashboard."""
    names = ("net", "gross", "ratio")
    fields = [
        r.Field(urn=f"{MODEL}#{name}", name=name, data_model_urn=MODEL, field_path=name)
        for name in names
    ]
    fields[2].referenced_fields = ["gross"]
    reads = {"net": "x", "gross": "y"}
    edges = [
        edge(
            asserted_by=MODEL,
            origin="bi_model",
            downstream_urn=MODEL,
            downstream_field=field,
            upstream_ref=r.UpstreamRef(
                platform="postgres", host="DB.", port=5432, database="APP", table="B"
            ),
            upstream_field=column.upper(),
            granularity="column",
        )
        for field, column in reads.items()
    ]
    return [
        r.System(namespace=SITE, platform="looker"),
        r.DataModel(urn=MODEL, name="sales", data_model_type="explore"),
        *fields,
        r.Chart(
            urn=CHART,
            name="Net",
            dashboard_urn=DASH,
            chart_type="line",
            field_urns=[f"{MODEL}#net"],
        ),
        r.Dashboard(urn=DASH, name="Sales", dashboard_type="dashboard"),
        *edges,
    ]


def load_shop(catalog: Any, source: Any, **facts: Any) -> None:
    identifiers = {"unquoted": "lower", "quoted": "keep"}
    system = source.system(default_schema="public", identifiers=identifiers)
    catalog.load([system, *flows(source, "a.x > b.x", "a.y > b.y", "a > b")], **facts)
    catalog.load(source.covered(bi(source), scope=SITE), **facts)


IMPACT = "SELECT stream, kind, name FROM catalog.impact(%s)"


@pytest.mark.parametrize("bi_first", [False, True])
def test_what_breaks_with_a_column(catalog: Any, source: Any, bi_first: bool) -> None:
    if bi_first:
        catalog.load(source.covered(bi(source), scope=SITE))
    load_shop(catalog, source)
    shown = [("data_models", "explore", "sales"), ("charts", "line", "Net")]
    shown.append(("dashboards", "dashboard", "Sales"))
    table = ("tables", "table", "b")
    assert catalog.rows(IMPACT, f"{source.schema}/a#x") == [table, *shown]
    assert catalog.rows(IMPACT, f"{source.schema}/a#y") == [table, shown[0]]
    assert catalog.rows(IMPACT, f"{source.schema}/b") == shown
    fields = catalog.rows("SELECT fields FROM catalog.impact(%s)", f"{source.schema}/a#y")
    assert fields == [["y"], ["gross", "ratio"]]


def test_a_chart_that_shows_another_field(catalog: Any, source: Any) -> None:
    load_shop(catalog, source)
    changed = bi(source)
    for record in changed:
        if isinstance(record, r.Chart):
            record.field_urns = [f"{MODEL}#gross"]
    catalog.load(source.covered(changed, scope=SITE))
    assert ("charts", "line", "Net") in catalog.rows(IMPACT, f"{source.schema}/a#y")
    assert ("charts", "line", "Net") not in catalog.rows(IMPACT, f"{source.schema}/a#x")
    without = [it for it in bi(source) if not isinstance(it, (r.Chart, r.Dashboard))]
    catalog.load(source.covered(without, *STREAMS, scope=SITE))
    assert catalog.rows(IMPACT, f"{source.schema}/b") == [("data_models", "explore", "sales")]


STREAMS = ("charts", "dashboards", "data_models", "fields", "lineage")


def test_no_way_leads_to_another_organisation(catalog: Any, source: Any) -> None:
    catalog.load(flows(source, "a > b"), organization="one")
    catalog.load(flows(source, "b > c", "a > z"), organization="two")
    ids = dict(catalog.rows("SELECT name, id::text FROM catalog.organizations"))
    query = "SELECT organization_id::text, urn FROM catalog.downstream(%s) ORDER BY urn"
    start = f"{source.schema}/a"
    names = {
        (ids["one"], f"{source.schema}/b"),
        (ids["two"], f"{source.schema}/z"),
    }
    assert set(catalog.rows(query, start)) == names
    with psycopg.connect(catalog.url) as connection:
        connection.execute("SELECT set_config('songbook.organization', %s, true)", (ids["one"],))
        assert connection.execute(query, (start,)).fetchall() == [
            (ids["one"], f"{source.schema}/b")
        ]
    role = f"walker_of_{catalog.url.rpartition('/')[2]}"
    catalog.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'reader'")
    catalog.execute(f"GRANT USAGE ON SCHEMA catalog TO {role}")
    catalog.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA catalog TO {role}")
    url = re.sub(r"postgres:[^@]+@", f"{role}:reader@", catalog.url)
    with psycopg.connect(url) as connection:
        assert connection.execute(query, (start,)).fetchall() == []
        connection.execute("SELECT set_config('songbook.organization', %s, true)", (ids["two"],))
        connection.execute("SET TRANSACTION READ ONLY")
        found = connection.execute(query, (start,)).fetchall()
        assert found == [(ids["two"], f"{source.schema}/z")]


@pytest.mark.parametrize("seed", range(4))
def test_random_graphs(catalog: Any, source: Any, seed: int) -> None:
    """Against a walk in Python, over objects and over columns."""
    rng = random.Random(seed)
    names = "abcdefgh"
    pairs = {(rng.choice(names), rng.choice(names)) for _ in range(14)}
    columns = {(rng.choice(names), rng.choice("xy"), rng.choice(names), rng.choice("xy"))
               for _ in range(14)}  # fmt: skip
    tables = [f"{a} > {b}" for a, b in pairs]
    catalog.load(flows(source, *tables, *(f"{a}.{x} > {b}.{y}" for a, x, b, y in columns)))
    down: dict[str, set[str]] = {}
    fine = {(a, b) for a, _, b, _ in columns}
    for a, b in pairs | fine:
        down.setdefault(a, set()).add(b)
        for column in ("x", "y", "id"):
            if (a, b) in pairs - fine:
                down.setdefault(f"{a}.{column}", set()).add(b)
    for a, x, b, y in columns:
        down.setdefault(f"{a}.{x}", set()).add(f"{b}.{y}")
    for start in (*names, *(f"{name}.x" for name in names)):
        assert reached(catalog, "downstream", source, start) == _walk(down, start), start


def _walk(down: dict[str, set[str]], start: str) -> dict[str, int]:
    depths, frontier, depth = {start: 0}, {start}, 0
    while frontier:
        depth += 1
        frontier = {b for a in frontier for b in down.get(a, ())} - depths.keys()
        depths |= dict.fromkeys(frontier, depth)
    return {name: depth for name, depth in depths.items() if name != start}


def test_the_command(catalog: Any, source: Any) -> None:
    load_shop(catalog, source)
    answer = catalog.run("impact", f"{source.schema}/a#x", "--format", "json")
    assert [json.loads(line)["name"] for line in answer.stdout.splitlines()] == [
        "b", "sales", "Net", "Sales",
    ]  # fmt: skip
    answer = catalog.run("lineage", f"{MODEL}#net")
    assert answer.stdout.decode().splitlines() == [
        f"  1  {source.schema}/b#x  via {MODEL}#net",
        f"  2  {source.schema}/a#x  via {source.schema}/b#x",
    ]
    wrong = catalog.run("impact", "app.public.a")
    assert (wrong.returncode, b"is not a URN" in wrong.stderr) == (2, True)
    settings = {"TARGET_CATALOG_DATABASE_URL": catalog.url, "TARGET_CATALOG_ORGANIZATION": "none"}
    nobody = catalog.run("--config", "ENV", "impact", MODEL, environment=settings)
    assert (nobody.returncode, b"no organisation 'none'" in nobody.stderr) == (2, True)
