"""The lineage of dbt projects, as a run tells it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from github_runs import NAMESPACE, read, settings
from github_server import GithubServer

PROJECT = {"dbt_project.yml": "name: shop\nvars: {src: orders}\n"}
SOURCES = "sources: [{name: app, schema: raw, tables: [{name: orders}]}]"


def edges(
    server: GithubServer, files: dict[str, str], platform: str = "postgres", **warehouse: Any
) -> set[tuple[str, str]]:
    """Which tables or files are made from which, shortened."""
    server.world.repo("acme/dbt", {**PROJECT, **files})
    at = {"platform": platform, "namespace": "w://w", "database": "app", "schema": "public"}
    run = read(settings(server, repositories=["acme/dbt"], organizations=None,
                        warehouses=[{**at, **warehouse}]))  # fmt: skip
    assert run.is_complete
    return {
        (short(one["downstream_urn"]), short(one["upstream_urn"] or one["upstream_ref"]["raw"]))
        for one in run["lineage"]
        if one["granularity"] == "table"
    }


def short(name: str) -> str:
    return name.removeprefix("w://w/").removeprefix(f"{NAMESPACE}/acme/dbt/main/")


@pytest.mark.parametrize(
    ("config", "table"),
    [
        ("", "app/public/m"),
        ("{{ config(alias='other') }}", "app/public/other"),
        ("{{ config(schema='mart') }}", "app/public_mart/m"),
        ("{{ config(schema='mart', database='big') }}", "big/public_mart/m"),
        ("{{ config(materialized='ephemeral') }}", "models/m.sql"),
        ("{{ config(alias=env_var('X')) }}", "models/m.sql"),
    ],
)
def test_a_models_table_is_named_as_dbt_names_it(
    server: GithubServer, config: str, table: str
) -> None:
    files = {"models/m.sql": f"{config} SELECT 1 FROM {{{{ source('app', 'orders') }}}}",
             "models/s.yml": SOURCES}  # fmt: skip
    assert edges(server, files) == {(table, "app/raw/orders")}


def test_folders_yaml_and_the_file_itself_decide_in_this_order(server: GithubServer) -> None:
    files = {
        "dbt_project.yml": "name: shop\nmodels: {shop: {+schema: a, mart: {+schema: b}}}\n",
        "models/one.sql": "SELECT 1 FROM {{ ref('two') }}",
        "models/mart/two.sql": "SELECT 1 FROM {{ ref('three') }}",
        "models/mart/three.sql": "SELECT 1 FROM {{ ref('four') }}",
        "models/mart/four.sql": "{{ config(schema='d') }} SELECT 1 AS x",
        "models/mart/m.yml": "models: [{name: three, config: {schema: c}}, "
        "{name: four, config: {schema: c}}]",
    }
    assert edges(server, files) == {
        ("app/public_a/one", "app/public_b/two"),
        ("app/public_b/two", "app/public_c/three"),
        ("app/public_c/three", "app/public_d/four"),
    }


def test_a_disabled_model_makes_nothing(server: GithubServer) -> None:
    files = {"models/m.sql": "{{ config(enabled=false) }} SELECT 1 FROM {{ ref('n') }}",
             "models/n.sql": "SELECT 1 AS x"}  # fmt: skip
    assert edges(server, files) == set()


def test_a_macro_for_names_leaves_custom_names_open(server: GithubServer) -> None:
    files = {
        "macros/names.sql": "{% macro generate_schema_name(a, b) %}x{% endmacro %}",
        "models/m.sql": "{{ config(schema='mart') }} SELECT 1 FROM {{ ref('n') }}",
        "models/n.sql": "SELECT 1 AS x",
    }
    assert edges(server, files) == {("models/m.sql", "app/public/n")}


def test_snapshots_and_seeds_are_tables(server: GithubServer) -> None:
    files = {
        "snapshots/s.sql": "{% snapshot s %}{{ config(target_schema='hist') }}"
        "SELECT * FROM {{ ref('countries') }}{% endsnapshot %}",
        "seeds/countries.csv": "code,name\nDE,Germany\n",
        "models/m.sql": "SELECT 1 FROM {{ ref('s') }}",
    }
    found = edges(server, files)
    assert found == {("app/hist/s", "app/public/countries"), ("app/public/m", "app/hist/s")}


@pytest.mark.parametrize(
    ("platform", "table"),
    [
        ("snowflake", "APP/PUBLIC/M"),
        ("bigquery", "app/public/m"),
        ("redshift", "app/public/m"),
        ("mysql", "public/m"),
    ],
)
def test_names_are_folded_as_the_platform_does(
    server: GithubServer, platform: str, table: str
) -> None:
    files = {"models/m.sql": "SELECT 1 FROM {{ ref('n') }}", "models/n.sql": "SELECT 1 AS x"}
    case = str.upper if platform == "snowflake" else str
    found = edges(server, files, platform, database=case("app"), schema=case("public"))
    assert {down for down, _ in found} == {table}


def test_a_manifest_knows_names_and_what_macros_read(server: GithubServer) -> None:
    node = {"resource_type": "model", "config": {"materialized": "table"}, "database": "prod"}
    manifest = {
        "metadata": {"adapter_type": "postgres"},
        "nodes": {
            "a": {**node, "unique_id": "a", "name": "m", "alias": "m_v1", "schema": "x",
                  "original_file_path": "models/m.sql", "depends_on": {"nodes": ["b", "s"]}},
            "b": {**node, "unique_id": "b", "name": "n", "alias": "n", "schema": "y",
                  "original_file_path": "models/n.sql"},
        },
        "sources": {"s": {"unique_id": "s", "source_name": "app", "name": "orders",
                          "identifier": "orders_raw", "database": "prod", "schema": "raw"}},
    }  # fmt: skip
    files = {
        "models/m.sql": "{{ some_macro() }}",
        "models/n.sql": "SELECT 1 AS x",
        "target/manifest.json": json.dumps(manifest),
    }
    assert edges(server, files) == {
        ("prod/x/m_v1", "prod/y/n"),
        ("prod/x/m_v1", "prod/raw/orders_raw"),
    }


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"nodes": {"a": 1}}', "[" * 100_000])
def test_a_broken_manifest_or_yaml_is_none(server: GithubServer, manifest: str) -> None:
    files = {
        "target/manifest.json": manifest,
        "models/bad.yml": "a: [b\n  - *c",
        "models/deep.yml": "[" * 5000,
        "models/m.sql": "SELECT 1 FROM {{ ref('n') }}",
        "models/n.sql": "SELECT 1 AS x",
    }
    assert edges(server, files) == {("app/public/m", "app/public/n")}


def test_references_that_lead_nowhere_are_told(server: GithubServer) -> None:
    server.world.repo("acme/dbt", {**PROJECT, "models/m.sql": "SELECT 1 FROM {{ ref('nothing') }}"})
    run = read(settings(server, repositories=["acme/dbt"], organizations=None))
    note = run.one("diagnostics", code="GITHUB_DBT_REFERENCES_UNKNOWN")
    assert note["detail"] == "ref(nothing)"
    assert run["lineage"] == []


def test_a_change_in_one_file_of_a_project_redoes_the_others_lineage(server: GithubServer) -> None:
    files = {"models/m.sql": "SELECT 1 FROM {{ ref('n') }}", "models/n.sql": "SELECT 1 AS x",
             "other.md": "x"}  # fmt: skip
    server.world.repo("acme/dbt", {**PROJECT, **files})
    warehouse = {"platform": "postgres", "namespace": "w://w", "database": "d", "schema": "s"}
    config = settings(server, repositories=["acme/dbt"], organizations=None, warehouses=[warehouse])
    full = read(config)
    server.world.push("acme/dbt", {"models/n.sql": "{{ config(alias='renamed') }} SELECT 1 AS x"})
    later = read(config, full.state)
    assert {one["upstream_urn"] for one in later["lineage"]} == {"w://w/d/s/renamed"}
    assert len(later["files"]) == 3
