"""Lineage across sources: how an edge's upstream is found, and lost again."""

from __future__ import annotations

from typing import Any

import pytest

from songbook import records as r
from songbook.identifiers import SNOWFLAKE

WAREHOUSE = "snowflake://org-acct"
SITE = "tableau://host"


def warehouse(*paths: str) -> list[r.Record]:
    """A Snowflake account with tables."""
    system = r.System(
        namespace=WAREHOUSE,
        platform="snowflake",
        namespace_aliases=["snowflake://locator.eu-west-1"],
        identifiers=SNOWFLAKE.as_dict(),
        default_database="DB",
        default_schema="PUBLIC",
        tap="tap-snowflake",
    )
    tables = [
        r.Table(
            urn=f"{WAREHOUSE}/{path}",
            name=path.rpartition("/")[2],
            container_urn=f"{WAREHOUSE}/{path.rpartition('/')[0]}",
            table_type="table",
        )
        for path in paths
    ]
    return [
        system,
        *tables,
        r.Coverage(stream="systems", scope_urn=WAREHOUSE, complete=True, extracted=1),
        r.Coverage(stream="tables", scope_urn=WAREHOUSE, complete=True, extracted=len(tables)),
    ]


def workbook(**reference: Any) -> list[r.Record]:
    """A Tableau site with an edge to a table that it names in its own words."""
    reference = {"platform": "snowflake", "account": "org-acct"} | reference
    edge = r.Lineage(
        lineage_id="1" * 32,
        asserted_by=f"{SITE}/site/book",
        downstream_urn=f"{SITE}/site/book",
        upstream_ref=r.UpstreamRef(**reference),
        granularity="table",
        origin="bi_model",
    )
    system = r.System(namespace=SITE, platform="tableau", tap="tap-tableau")
    return [
        system,
        edge,
        r.Coverage(stream="systems", scope_urn=SITE, complete=True, extracted=1),
        r.Coverage(stream="lineage", scope_urn=f"{SITE}/site", complete=True, extracted=1),
    ]


def resolution(catalog: Any) -> Any:
    return catalog.one(
        "SELECT resolution, resolved_upstream_urn FROM catalog.lineage"
        " WHERE upstream_ref IS NOT NULL"
    )


ORDERS = f"{WAREHOUSE}/DB/PUBLIC/ORDERS"
CASES = [
    ({"database": "DB", "schema": "PUBLIC", "table": "ORDERS"}, "exact", ORDERS),
    ({"table": "ORDERS"}, "exact", ORDERS),
    ({"database": "db", "schema": "public", "table": "orders"}, "normalized", ORDERS),
    ({"table": "orders", "quoted": True}, "unresolved", None),
    ({"table": "Mixed"}, "exact", f"{WAREHOUSE}/DB/PUBLIC/Mixed"),
    ({"table": "mixed"}, "folded", f"{WAREHOUSE}/DB/PUBLIC/Mixed"),
    ({"table": "tWICE"}, "ambiguous", None),
    ({"table": "nothing"}, "unresolved", None),
    ({"table": "ORDERS", "account": "ORG-ACCT"}, "exact", ORDERS),
    ({"table": "ORDERS", "account": "locator.eu-west-1"}, "exact", ORDERS),
    ({"table": "ORDERS", "account": "other-acct"}, "unresolved", None),
    ({"table": "ORDERS", "account": None}, "exact", ORDERS),
    ({"table": "ORDERS", "platform": "redshift"}, "unresolved", None),
]
TABLES = ("DB/PUBLIC/ORDERS", "DB/PUBLIC/Mixed", "DB/PUBLIC/Twice", "DB/PUBLIC/TwiCe")


@pytest.mark.parametrize("workbook_first", [False, True])
@pytest.mark.parametrize(("reference", "how", "urn"), CASES)
def test_references(
    catalog: Any, reference: dict[str, Any], how: str, urn: str | None, workbook_first: bool
) -> None:
    loads = [warehouse(*TABLES), workbook(**reference)]
    for load in reversed(loads) if workbook_first else loads:
        assert catalog.load(load).status == "succeeded"
    assert resolution(catalog) == (how, urn)
    candidates = catalog.one("SELECT resolution_candidates FROM catalog.lineage")
    assert len(candidates or []) == (2 if how == "ambiguous" else 0)


def test_an_edge_is_open_again_when_its_table_goes(catalog: Any) -> None:
    catalog.load(workbook(table="ORDERS"))
    catalog.load(warehouse("DB/PUBLIC/ORDERS", "DB/PUBLIC/X"))
    catalog.load(warehouse("DB/PUBLIC/X"))
    assert resolution(catalog) == ("unresolved", None)
    catalog.load(warehouse("DB/PUBLIC/ORDERS", "DB/PUBLIC/X"))
    assert resolution(catalog) == ("exact", ORDERS)


def test_no_edge_crosses_an_organisation(catalog: Any) -> None:
    catalog.load(workbook(table="ORDERS"), organization="one")
    catalog.load(warehouse("DB/PUBLIC/ORDERS"), organization="two")
    assert resolution(catalog) == ("unresolved", None)


def test_people_may_name_a_system(catalog: Any) -> None:
    catalog.load(warehouse("DB/PUBLIC/ORDERS"))
    catalog.load(workbook(table="ORDERS", account=None, host="proxy.example.com", port=443))
    assert resolution(catalog)[0] == "unresolved"
    catalog.execute(
        "INSERT INTO catalog.system_aliases SELECT id, 'proxy.example.com:443', %s"
        " FROM catalog.organizations WHERE name = 'default'",
        WAREHOUSE,
    )
    catalog.load(warehouse("DB/PUBLIC/ORDERS"))
    assert resolution(catalog) == ("exact", ORDERS)


def test_a_known_urn_is_exact_while_there_is_such_an_object(catalog: Any, source: Any) -> None:
    def how() -> Any:
        return catalog.one("SELECT resolution, resolved_upstream_urn FROM catalog.lineage")

    edge = source.edge("view", ORDERS)
    catalog.load(source.covered([source.table("view"), edge]))
    assert how() == ("unresolved", None)
    catalog.load(warehouse("DB/PUBLIC/ORDERS", "DB/PUBLIC/X"))
    assert how() == ("exact", ORDERS)
    catalog.load(warehouse("DB/PUBLIC/X"))
    assert how() == ("unresolved", None)


def test_data_may_flow_from_a_sequence(catalog: Any, source: Any) -> None:
    sequence = r.Sequence(urn=f"{source.schema}/ids", name="ids")
    edge = source.edge("a", sequence.urn)
    catalog.load(source.covered([source.table("a"), sequence, edge]))
    query = "SELECT resolution, resolved_upstream_urn FROM catalog.lineage"
    assert catalog.one(query) == ("exact", sequence.urn)


def test_nothing_is_written_where_nothing_changes(catalog: Any) -> None:
    for load in (warehouse("DB/PUBLIC/ORDERS"), workbook(table="ORDERS")) * 2:
        before = catalog.rows("SELECT ctid, xmin FROM catalog.lineage")
        catalog.load(load)
    assert catalog.rows("SELECT ctid, xmin FROM catalog.lineage") == before


def test_star_edges_are_spread_over_columns(catalog: Any, source: Any) -> None:
    edge = source.edge("view", f"{source.schema}/base", granularity="star")
    catalog.load(source.covered([*source.tables("base"), source.table("view"), edge]))
    edges = catalog.rows(
        "SELECT upstream_field, downstream_field FROM catalog.lineage_edges ORDER BY 1"
    )
    assert edges == [("id", "id"), ("name", "name")]
