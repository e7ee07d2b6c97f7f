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


NAMES = [
    ("snowflake", "snowflake://org-acct", {"account": "ORG-ACCT"}),
    ("snowflake", "snowflake://org-acct", {"host": "org-acct.snowflakecomputing.com"}),
    ("snowflake", "snowflake://org-acct", {"host": "https://Org_Acct.snowflakecomputing.com:443/x"}),
    ("snowflake", "snowflake://org-acct", {"host": "org-acct.privatelink.snowflakecomputing.com."}),
    ("snowflake", "snowflake://loc.eu-west-1", {"account": "loc.eu-west-1.aws"}),
    ("snowflake", "snowflake://loc",
     {"host": "loc.us-west-2.aws.privatelink.snowflakecomputing.com"}),
    ("postgres", "postgres://db.example:5432", {"host": "DB.Example.", "port": 5432}),
    ("postgres", "postgres://db.example:5432", {"host": "db.example:5432"}),
    ("postgres", "postgres://db.example:5432", {"host": "jdbc:postgresql://me@db.example./app"}),
    ("postgres", "postgres://db.example:5432", {"host": "db.example"}),
    ("postgres", "postgres://[::1]:5432", {"host": "[::1]", "port": 5432}),
    ("redshift", "redshift://c1.eu-west-1:5439",
     {"host": "c1.abc.eu-west-1.redshift.amazonaws.com", "port": 5439}),
    ("redshift", "redshift://wg.eu-west-1:5439",
     {"host": "wg.1234.eu-west-1.redshift-serverless.amazonaws.com"}),
    ("databricks", "unitycatalog://adb-1.2.azuredatabricks.net",
     {"host": "https://adb-1.2.azuredatabricks.net/", "port": 443}),
    ("databricks", "unitycatalog://x", {"platform": "unitycatalog", "host": "x"}),
    ("bigquery", "bigquery://", {"account": "DB"}),
    ("bigquery", "bigquery://", {}),
]  # fmt: skip
OTHERS = [
    ("snowflake", "snowflake://org-acct", {"account": "org-acct2"}),
    ("snowflake", "snowflake://loc.eu-west-1", {"account": "loc"}),
    ("postgres", "postgres://db.example:5432", {"host": "db.example", "port": 5433}),
    ("postgres", "postgres://db.example:5432", {"host": "db"}),
    ("postgres", "postgres://db.example:5432", {"host": "db.example", "platform": "redshift"}),
]


@pytest.mark.parametrize(
    ("platform", "namespace", "reference", "is_it"),
    [(*case, True) for case in NAMES] + [(*case, False) for case in OTHERS],
)
def test_names_of_systems(
    catalog: Any, platform: str, namespace: str, reference: dict[str, Any], is_it: bool
) -> None:
    urn = f"{namespace}/DB/S/T"
    catalog.load(
        [
            r.System(namespace=namespace, platform=platform, tap="tap"),
            r.Table(urn=urn, name="T", container_urn=f"{namespace}/DB/S", table_type="table"),
        ]
    )
    database = None if "account" in reference and platform == "bigquery" else "DB"
    named = {"platform": platform, "account": None, "database": database} | reference
    catalog.load(workbook(**named, schema="S", table="T"))
    assert resolution(catalog) == (("exact", urn) if is_it else ("unresolved", None))


def test_without_a_host_there_must_be_one_system(catalog: Any) -> None:
    catalog.load(warehouse("DB/PUBLIC/ORDERS"))
    catalog.load(workbook(table="ORDERS", account=None))
    assert resolution(catalog) == ("exact", ORDERS)
    other = "snowflake://org-other"
    catalog.load([r.System(namespace=other, platform="snowflake", tap="tap-snowflake")])
    assert resolution(catalog) == ("unresolved", None)


def test_a_second_candidate_makes_it_ambiguous(catalog: Any) -> None:
    catalog.load(warehouse("DB/PUBLIC/Mixed"))
    catalog.load(workbook(table="mixed"))
    assert resolution(catalog)[0] == "folded"
    catalog.load(warehouse("DB/PUBLIC/Mixed", "DB/PUBLIC/mIXED"))
    assert resolution(catalog) == ("ambiguous", None)
    catalog.load(warehouse("DB/PUBLIC/mIXED"))
    assert resolution(catalog) == ("folded", f"{WAREHOUSE}/DB/PUBLIC/mIXED")
    catalog.load(warehouse("DB/PUBLIC/mIXED", "DB/PUBLIC/MIXED"))
    assert resolution(catalog) == ("normalized", f"{WAREHOUSE}/DB/PUBLIC/MIXED")


def test_rules_and_defaults_that_change(catalog: Any) -> None:
    catalog.load(warehouse("DB/PUBLIC/ORDERS", "OTHER/PUBLIC/orders"))
    catalog.load(workbook(table="ORDERS"))
    assert resolution(catalog) == ("exact", ORDERS)
    changed = warehouse("DB/PUBLIC/ORDERS", "OTHER/PUBLIC/orders")
    assert isinstance(changed[0], r.System)
    changed[0].default_database = "OTHER"
    catalog.load(changed)
    assert resolution(catalog) == ("folded", f"{WAREHOUSE}/OTHER/PUBLIC/orders")
    changed[0].identifiers = {**SNOWFLAKE.as_dict(), "tables": "insensitive"}
    catalog.load(changed)
    assert resolution(catalog)[0] == "normalized"


COLUMNS = [
    # by URN: names compare only as the platform compares them
    ("sensitive", {}, "ID", "exact", "ID"),
    ("sensitive", {}, "id", "unresolved", None),
    ("insensitive", {}, "id", "normalized", "ID"),
    ("insensitive", {}, "nothing", "unresolved", None),
    ("insensitive", {}, "twice", "ambiguous", None),
    ("insensitive", {}, "Twice", "exact", "Twice"),
    # in a tap's own words
    ("sensitive", {"quoted": None}, "id", "normalized", "ID"),
    ("sensitive", {"quoted": None}, "mixed", "folded", "Mixed"),
    ("sensitive", {"quoted": None}, "twice", "ambiguous", None),
    ("sensitive", {"quoted": None}, "nothing", "unresolved", None),
    ("sensitive", {"quoted": True}, "id", "unresolved", None),
    ("sensitive", {"quoted": True}, "Mixed", "exact", "Mixed"),
    ("insensitive", {"quoted": True}, "id", "normalized", "ID"),
]


@pytest.mark.parametrize("edge_first", [False, True])
@pytest.mark.parametrize(("columns", "words", "field", "how", "found"), COLUMNS)
def test_columns(
    catalog: Any,
    columns: str,
    words: dict[str, Any],
    field: str,
    how: str,
    found: str | None,
    edge_first: bool,
) -> None:
    loaded = warehouse("DB/PUBLIC/ORDERS")
    assert isinstance(loaded[0], r.System)
    loaded[0].identifiers = {**SNOWFLAKE.as_dict(), "columns": columns}
    for name in ("ID", "Mixed", "Twice", "TwicE"):
        urn = f"{ORDERS}#{name}"
        loaded.append(
            r.Column(urn=urn, name=name, table_urn=ORDERS, field_path=name, data_type="TEXT")
        )
    book = workbook(table="ORDERS", **words)
    assert isinstance(book[1], r.Lineage)
    book[1].granularity, book[1].upstream_field = "column", field
    if not words:
        book[1].upstream_ref, book[1].upstream_urn = None, ORDERS
    for load in (book, loaded) if edge_first else (loaded, book):
        catalog.load(load)
    query = "SELECT resolution, field_resolution, resolved_upstream_field FROM catalog.lineage"
    assert catalog.one(query) == ("exact", how, found)


def test_a_column_of_a_table_whose_columns_nobody_knows(catalog: Any, source: Any) -> None:
    edge = source.edge("v", f"{source.schema}/a", granularity="column", upstream_field="X")
    catalog.load(source.covered([source.table("a"), source.table("v"), edge]))
    query = "SELECT field_resolution, resolved_upstream_field FROM catalog.lineage"
    assert catalog.one(query) == (None, "X")
    catalog.load(source.covered([*source.tables("a"), source.table("v"), edge]))
    assert catalog.one(query) == ("unresolved", None)


def test_a_column_that_comes_and_goes(catalog: Any, source: Any) -> None:
    facts = {"granularity": "column", "upstream_field": "x", "downstream_field": "x"}
    edge = source.edge("v", f"{source.schema}/a", **facts)
    ends = "SELECT field_resolution, resolved_upstream_field FROM catalog.lineage"
    for columns, wanted in (
        ("xy", ("exact", "x")), ("y", ("unresolved", None)), ("xy", ("exact", "x"))
    ):  # fmt: skip
        tables = [*source.tables("a", columns=columns), *source.tables("v", columns="x")]
        catalog.load(source.covered([*tables, edge]))
        assert catalog.one(ends) == wanted


def test_a_namespace_that_is_another_name_of_a_system(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.edge("v", "snowflake://LOC/DB/PUBLIC/ORDERS")]))
    loaded = warehouse("DB/PUBLIC/ORDERS")
    assert isinstance(loaded[0], r.System)
    loaded[0].namespace_aliases = ["snowflake://LOC"]
    catalog.load(loaded)
    query = "SELECT resolution, resolved_upstream_urn FROM catalog.lineage"
    assert catalog.one(query) == ("exact", ORDERS)


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


def test_an_organisation_knows_only_its_own_tables_and_columns(catalog: Any) -> None:
    """Of two with the same systems, one lacks a table, and a column of another."""
    books = [workbook(table="ORDERS"), workbook(table="X"), workbook()]
    edges = [next(it for it in book if isinstance(it, r.Lineage)) for book in books]
    edges[0].lineage_id, edges[1].lineage_id, edges[2].lineage_id = "1" * 32, "2" * 32, "3" * 32
    edges[1].upstream_field, edges[1].granularity = "ID", "column"
    edges[2].upstream_ref, edges[2].upstream_urn = None, ORDERS
    table = f"{WAREHOUSE}/DB/PUBLIC/X"
    columns = {
        name: r.Column(
            urn=f"{table}#{name}", name=name, table_urn=table, field_path=name, data_type="TEXT"
        )
        for name in ("ID", "OTHER")
    }
    system = r.System(namespace=SITE, platform="tableau", tap="tap-tableau")
    catalog.load([system, *edges], organization="one")
    catalog.load([*warehouse("DB/PUBLIC/X"), columns["OTHER"]], organization="one")
    catalog.load([*warehouse("DB/PUBLIC/ORDERS", "DB/PUBLIC/X"), columns["ID"]], organization="two")
    settings = {"TARGET_CATALOG_DATABASE_URL": catalog.url, "TARGET_CATALOG_ORGANIZATION": "one"}
    assert catalog.run("--config", "ENV", "resolve", environment=settings).returncode == 0
    found = catalog.rows(
        "SELECT resolution, field_resolution FROM catalog.lineage ORDER BY lineage_id"
    )
    assert found == [("unresolved", None), ("exact", "unresolved"), ("unresolved", None)]
    catalog.load([*books[0][:1], *edges], organization="two")
    found = catalog.rows(
        "SELECT resolution, field_resolution FROM catalog.lineage AS e"
        " JOIN catalog.connectors AS c ON c.id = e.connector_id"
        " JOIN catalog.organizations AS o ON o.id = c.organization_id AND o.name = 'two'"
        " ORDER BY lineage_id"
    )
    assert found == [("exact", None), ("exact", "exact"), ("exact", None)]


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


STAR = "SELECT upstream_field, downstream_field FROM catalog.lineage_edges ORDER BY 1"


def test_a_star_follows_the_columns_of_both_ends(catalog: Any, source: Any) -> None:
    star = source.edge("v", f"{source.schema}/a", granularity="star")

    def load(upstream: str, downstream: str) -> Any:
        tables = [*source.tables("a", columns=upstream), *source.tables("v", columns=downstream)]
        catalog.load(source.covered([*tables, star], "tables", "columns", "lineage"))
        return catalog.rows(STAR)

    assert load("ab", "") == [("a", "a"), ("b", "b")]
    assert load("abc", "") == [("a", "a"), ("b", "b"), ("c", "c")]
    assert load("abc", "ac") == [("a", "a"), ("c", "c")]
    assert load("ab", "ac") == [("a", "a")]
    assert load("B", "b") == [("B", "b")]
    catalog.load(source.covered(source.tables("a", "v"), "tables", "columns", "lineage"))
    assert catalog.rows("SELECT * FROM catalog.implied_lineage") == []


def test_fields_of_any_length(catalog: Any, source: Any) -> None:
    long = "f" * 5000
    edge = source.edge(
        "v" * 2000, f"{source.schema}/a", granularity="column", upstream_field=long,
        downstream_field=long,
    )  # fmt: skip
    assert catalog.load(source.covered([source.table("a"), edge])).status == "succeeded"
    assert catalog.one("SELECT resolved_upstream_field FROM catalog.lineage") == long
