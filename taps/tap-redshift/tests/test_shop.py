"""What the tap says of a database with one of everything."""

from __future__ import annotations

import pytest
from dressed import Dressed
from redshift_reading import Json
from redshift_shop import Shop

from songbook import urn
from tap_redshift import connector

OWN = "NOT IN ('rs_catalog', 'seed', 'information_schema') AND {} NOT LIKE 'pg\\_%'"
SCHEMA = "table_schema " + OWN.format("table_schema")
HIDDEN = "table_name <> 'mv_tbl__fresh__0'"

COUNTS = {
    "systems": "SELECT 1",
    "containers": f"""
        SELECT 1 + (SELECT count(*) FROM information_schema.schemata
                    WHERE schema_name {OWN.format("schema_name")})
             + (SELECT count(*) FROM rs_catalog.svv_datashares
                WHERE source_database = current_database())""",
    "tables": f"""
        SELECT (SELECT count(*) FROM information_schema.tables WHERE {SCHEMA} AND {HIDDEN})
             + (SELECT count(*) FROM rs_catalog.svv_external_tables
                WHERE redshift_database_name = current_database())""",
    "columns": f"""
        SELECT (SELECT count(*) FROM information_schema.columns
                WHERE {SCHEMA} AND {HIDDEN} AND table_name <> 'late')
             + (SELECT count(*) FROM seed.late_column)
             + (SELECT count(*) FROM rs_catalog.svv_external_columns
                WHERE redshift_database_name = current_database())
             + 5 -- fields within them""",
    "constraints": """
        SELECT count(*) FROM information_schema.table_constraints
        WHERE constraint_type <> 'CHECK' AND table_schema = 'My.Shop'""",
    "routines": """
        SELECT count(*) FROM information_schema.routines WHERE routine_schema = 'My.Shop'""",
    "grants": """
        SELECT (SELECT count(*) FROM rs_catalog.svv_database_privileges
                WHERE database_name = current_database())
             + (SELECT count(*) FROM rs_catalog.svv_schema_privileges)
             + (SELECT count(*) FROM rs_catalog.svv_relation_privileges)
             + (SELECT count(*) FROM rs_catalog.svv_column_privileges)
             + (SELECT count(*) FROM rs_catalog.svv_function_privileges)""",
    "principals": """
        SELECT (SELECT count(*) FROM rs_catalog.pg_user)
             + (SELECT count(*) FROM rs_catalog.pg_group)
             + (SELECT count(*) FROM rs_catalog.svv_roles)""",
    "policies": """
        SELECT (SELECT count(*) FROM rs_catalog.svv_masking_policy
                WHERE policy_database = current_database())
             + (SELECT count(*) FROM rs_catalog.svv_rls_policy
                WHERE poldb = current_database())""",
}


@pytest.mark.parametrize("stream", COUNTS)
def test_stream_has_a_record_for_each_object(redshift: Dressed, shop: Shop, stream: str) -> None:
    with redshift.admin(shop.database) as admin:
        admin.execute("SET search_path = pg_catalog")
        row = admin.execute(COUNTS[stream].encode()).fetchone()
    assert row == (len(shop.reading[stream]),)


def test_every_object_has_its_own_key(shop: Shop) -> None:
    urns = [one["urn"] for stream in COUNTS for one in shop.reading[stream] if "urn" in one]
    assert len(set(urns)) == len(urns) > 40


def test_all_streams_were_read(shop: Shop) -> None:
    covered = {one["stream"] for one in shop.reading["coverage"]}
    unread = {"queries", "usage"}  # of the query log, which the settings leave alone
    assert covered == {kind.STREAM for kind in connector.yields} - unread


def test_system(shop: Shop) -> None:
    (system,) = shop.reading["systems"]
    assert system["namespace"] == shop.system
    assert (system["version"], system["default_database"]) == ("1.0.77467", shop.database)
    assert system["identifiers"]["quoted"] == "lower"
    assert system["extra"] == {"enable_case_sensitive_identifier": False}


def test_containers(shop: Shop) -> None:
    lake = shop.reading.by_urn[f"{shop.root}/lake"]
    assert lake["extra"] == {"external_catalog": "data_catalog", "external_database": "glue db"}
    assert lake["owners"] == [
        {"principal": "postgres", "kind": "user", "source": "pg_namespace.nspowner"}
    ]
    assert shop.reading.by_urn[f"{shop.root}/My.Shop"]["description"] == "What we sell"
    share = shop.reading.by_urn[f"{shop.root}/~share/to%20partners"]
    assert (share["container_type"], share["parent_urn"]) == ("share", shop.root)
    assert share["created_at"] == "2024-05-06T07:08:09Z"
    assert share["extra"] == {"publicly_accessible": True}


def test_tables(shop: Shop) -> None:
    customers = shop.reading.by_urn[f"{shop.root}/My.Shop/customers"]
    assert customers["distribution"] == {"style": "key", "key": "id"}
    assert (customers["sort_keys"], customers["extra"]) == (
        ['"per.cent"', "id"],
        {"sort_style": "compound"},
    )
    assert (customers["row_count"], customers["size_bytes"]) == (12345, 16 * 1024 * 1024)
    assert (customers["description"], customers["created_at"]) == (
        "Who buys",
        "2024-01-02T03:04:05Z",
    )
    items = shop.reading.by_urn[f"{shop.root}/My.Shop/Order%2FItems"]
    assert items["extra"] == {"sort_style": "interleaved"}
    assert (items["distribution"], items["row_count"]) == ({"style": "all"}, None)


def test_views(shop: Shop) -> None:
    late = shop.reading.by_urn[f"{shop.root}/My.Shop/late"]
    assert (late["table_type"], late["extra"]) == ("view", {"late_binding": True})
    assert late["definition"].endswith("WITH NO SCHEMA BINDING;")
    fresh = shop.reading.by_urn[f"{shop.root}/My.Shop/fresh"]
    assert (fresh["table_type"], fresh["native_type"]) == (
        "materialized_view",
        "materialized view",
    )
    assert fresh["extra"] == {"incremental": True, "auto_refresh": True}
    bound = shop.reading.by_urn[f"{shop.root}/My.Shop/bound"]
    assert (bound["table_type"], bound["distribution"]) == ("view", None)
    assert '"My.Shop".customers' in bound["definition"]


def test_external_tables(shop: Shop) -> None:
    events = shop.reading.by_urn[f"{shop.root}/lake/events"]
    assert (events["table_type"], events["location"], events["file_format"]) == (
        "external_table",
        "s3://lake/events/",
        "parquet",
    )
    assert [key["field_path"] for key in events["partition_keys"]] == ["day", "hour"]
    lines = shop.reading.by_urn[f"{shop.root}/lake/lines"]
    assert (lines["file_format"], lines["extra"]["compressed"]) == ("csv", True)
    every = [one for one in shop.reading["columns"] if one["table_urn"] == events["urn"]]
    columns = [one for one in every if one["parent_field_path"] is None]
    assert [(one["data_type"], one["type_class"], one["nullable"]) for one in columns] == [
        ("struct<name:string,at:timestamp>", "struct", True),
        ("decimal(10,2)", "decimal", None),
        ("int", "integer", None),
        ("varchar(10)", "string", False),
    ]


def test_fields_within_external_columns(shop: Shop) -> None:
    found = [
        (one["urn"].removeprefix(shop.root), one["parent_field_path"], one["data_type"])
        for one in shop.reading["columns"]
        if one["parent_field_path"] is not None
    ]
    inner = "map<string,struct<day:decimal(5,2)>>"
    assert found == [
        ("/lake/events#what.name", "what", "string"),
        ("/lake/events#what.at", "what", "timestamp"),
        ("/lake/lines#tags.%22k.ey%22", "tags", "string"),
        ("/lake/lines#tags.at", "tags", inner),
        ("/lake/lines#tags.at.day", "tags.at", "decimal(5,2)"),
    ]


def test_policies(shop: Shop) -> None:
    policies = {one["urn"].removeprefix(shop.root): one for one in shop.reading["policies"]}
    masking = policies["/~policy/masking%3Ahide.it"]
    assert (masking["name"], masking["policy_type"], masking["expression"]) == (
        "hide.it",
        "masking",
        "SHA2(a, 256)",
    )
    assert masking["applies_to"] == [
        f"{shop.root}/My.Shop/customers#%22per.cent%22",
        f"{shop.root}/My.Shop/customers#full%20name",
    ]
    of_rows = policies["/~policy/rls%3Ahide.it"]
    assert (of_rows["policy_type"], of_rows["expression"]) == ("rls", '"t"."b" > 1')
    assert of_rows["applies_to"] == [f"{shop.root}/My.Shop/Order%2FItems"]
    assert of_rows["extra"] == {"enabled": True}
    assert policies["/~policy/rls%3Aunused"]["applies_to"] == []


def test_columns(shop: Shop) -> None:
    of = shop.reading.by_urn
    identity = of[f"{shop.root}/My.Shop/customers#id"]
    assert identity["identity"] == {"start": 5, "increment": 10, "mode": "always"}
    assert identity["default"] is None
    assert identity["extra"] == {"encoding": "az64", "distribution_key": True, "sort_key": 2}
    name = of[f"{shop.root}/My.Shop/customers#full%20name"]
    assert (name["default"], name["length"], name["description"]) == (
        "'it''s'::character varying",
        40,
        "As on the bill",
    )
    by_default = of[f"{shop.root}/My.Shop/Order%2FItems#b"]
    assert by_default["identity"]["mode"] == "by_default"
    percent = of[f"{shop.root}/My.Shop/customers#%22per.cent%22"]
    assert (percent["precision"], percent["scale"], percent["field_path"]) == (5, 2, '"per.cent"')
    late = [one for one in shop.reading["columns"] if one["table_urn"].endswith("/late")]
    assert [(one["name"], one["type_class"], one["length"]) for one in late] == [
        ("id", "integer", None),
        ("what.it is", "string", 200),
        ("doc", "json", None),
    ]


def test_constraints(shop: Shop) -> None:
    items = f"{shop.root}/My.Shop/Order%2FItems"
    key = shop.reading.by_urn[f"{items}/~constraint/b%20then%20a"]
    assert (key["constraint_type"], key["columns"], key["enforced"]) == (
        "primary_key",
        ["b", "a"],
        False,
    )
    self = shop.reading.by_urn[f"{items}/~constraint/self"]
    assert (self["columns"], self["referenced_columns"]) == (["b", "a"], ["b", "a"])
    assert self["referenced_table_urn"] == items
    other = shop.reading.by_urn[f"{items}/~constraint/Order%2FItems_customer_fkey"]
    assert (other["columns"], other["referenced_columns"]) == (["customer"], ["id"])
    assert other["referenced_table_urn"] == f"{shop.root}/My.Shop/customers"


def test_routines(shop: Shop) -> None:
    procedure = shop.reading.by_urn[f"{shop.root}/My.Shop/~routine/count_up%28integer%2Cbigint%29"]
    assert [(one["name"], one["mode"]) for one in procedure["arguments"]] == [
        ("by_how_many", "in"),
        ("so_far", "inout"),
    ]
    assert (procedure["routine_type"], procedure["security"]) == ("procedure", "definer")
    function = shop.reading.by_urn[f"{shop.root}/My.Shop/~routine/twice%28integer%2Ctext%29"]
    assert [(one["name"], one["data_type"]) for one in function["arguments"]] == [
        ("number", "integer"),
        (None, "text"),
    ]
    assert (function["volatility"], function["definition"]) == ("immutable", "SELECT 2 * $1")


def test_principals_and_grants(shop: Shop) -> None:
    principals = f"{shop.system}/~principal"
    user = shop.reading.by_urn[f"{principals}/user%3Apostgres"]
    assert sorted(user["member_of"]) == [
        f"{principals}/group%3Aanalysts",
        f"{principals}/role%3Asys%3Adba",
    ]
    dba = shop.reading.by_urn[f"{principals}/role%3Asys%3Adba"]
    assert dba["member_of"] == [f"{principals}/role%3Areader"]
    given = {
        (
            one["grantee_urn"].removeprefix(f"{principals}/"),
            one["object_urn"].removeprefix(shop.root),
            one["privilege"],
        ): one["grantable"]
        for one in shop.reading["grants"]
    }
    assert given == {
        ("public", "", "TEMP"): False,
        ("group%3Aanalysts", "/My.Shop", "USAGE"): False,
        ("group%3Aanalysts", "/My.Shop", "SELECT FOR TABLES"): False,
        ("role%3Areader", "/My.Shop/customers", "SELECT"): False,
        ("user%3Apostgres", "/My.Shop/customers", "SELECT"): True,
        ("role%3Areader", "/My.Shop/customers#%22per.cent%22", "UPDATE"): False,
        ("public", "/My.Shop/~routine/twice%28integer%2Ctext%29", "EXECUTE"): False,
    }


def test_lineage_of_views(shop: Shop) -> None:
    """Of views that are bound, bound late, and materialized; each knows its columns."""
    edges = {
        (*_ends(one, "downstream"), *_ends(one, "upstream"), one["transformation_subtype"])
        for one in shop.reading["lineage"]
    }
    assert edges == {
        ("bound", None, "customers", None, None),
        ("bound", None, "Order/Items", None, None),
        ("bound", "id", "customers", "id", "IDENTITY"),
        ("bound", "note", "Order/Items", "note", "IDENTITY"),
        ("bound", None, "customers", "id", "JOIN"),
        ("bound", None, "Order/Items", "customer", "JOIN"),
        ("above", None, "bound", None, None),
        ("above", "id", "bound", "id", "IDENTITY"),
        ("late", None, "events", None, None),
        ("late", "id", "events", "price", "IDENTITY"),
        ("late", '"what.it is"', "events", "what", "TRANSFORMATION"),
        ("late", "doc", "events", "day", "IDENTITY"),
        ("late", None, "events", "hour", "FILTER"),
        ("fresh", None, "customers", None, None),
    }
    assert shop.reading.coverage("lineage")["complete"]


def _ends(edge: Json, end: str) -> tuple[str, str | None]:
    return urn.parse(edge[f"{end}_urn"]).path[-1], edge[f"{end}_field"]
