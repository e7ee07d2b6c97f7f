"""`tap-github | target-catalog` as two processes: in full, after a push, and beside a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from github_runs import ask, load, settings
from github_server import GithubServer

from tap_github import connector

PER_RUN = "'first_seen_at', 'changed_at', 'connector_id', 'left_scope_at'"
REQUESTS_OF_A_PUSH = 10

TABLES = """
CREATE SCHEMA public_staging;
CREATE TABLE orders (id integer, customer_id integer, total numeric, year integer);
CREATE TABLE customers (id integer, name text);
CREATE VIEW public_staging.stg_orders AS SELECT id, customer_id, total FROM orders;
CREATE TABLE revenue_by_customer (name text, revenue numeric);
"""


@pytest.fixture
def catalogs(postgres: Any) -> list[str]:
    """The URLs of two empty databases."""
    return [str(postgres.url(postgres.create_database())) for _ in range(2)]


def content(catalog: str) -> dict[str, list[Any]]:
    """All rows of the tap's streams, without what each run stamps anew."""
    streams = [kind.STREAM for kind in connector.yields if kind.DEFAULT]
    return {
        stream: ask(
            catalog, f"SELECT to_jsonb(t) - ARRAY[{PER_RUN}] FROM catalog.{stream} t ORDER BY 1"
        )
        for stream in streams
    }


def edit(server: GithubServer) -> None:
    """A day's work: a model changes its name, a file moves, one goes, one comes back as it was."""
    world = server.world
    world.push(
        "acme/shop",
        {
            "dbt/models/staging/stg_orders.sql": "{{ config(alias='orders_clean') }} "
            "SELECT id, total FROM {{ source('app', 'orders') }}",
            "etl/load.sql": None,
            "etl/loads/load.sql": "INSERT INTO public.totals (total) SELECT 1",
            "etl/more.sql": "SELECT 'changed'",
        },
    )
    world.push("acme/shop", {"etl/more.sql": "SELECT 1"}, "Back")
    pull = next(one for one in world.repos["acme/shop"].pulls if one.head == "open")
    world.merge("acme/shop", pull)


@pytest.mark.slow
def test_a_push_ends_in_the_catalog_that_a_full_run_makes(
    server: GithubServer, catalogs: list[str], tmp_path: Path
) -> None:
    warehouse = {"platform": "postgres", "namespace": "postgres://w:5432", "database": "app",
                 "schema": "public"}  # fmt: skip
    config = settings(server, warehouses=[warehouse])
    state = load(catalogs[0], config, tmp_path)
    server.forget()
    unchanged = load(catalogs[0], config, tmp_path, state)
    quiet = len(server.requests)
    assert unchanged == state
    server.world.push("acme/shop", {"etl/load.sql": "SELECT 1", "etl/new.sql": "SELECT 2"})
    server.forget()
    state = load(catalogs[0], config, tmp_path, state)
    assert quiet < len(server.requests) <= quiet + REQUESTS_OF_A_PUSH
    edit(server)
    load(catalogs[0], config, tmp_path, state)
    load(catalogs[1], config, tmp_path)
    incremental, full = map(content, catalogs)
    for stream in full:
        assert incremental[stream] == full[stream], stream
    assert len(full["files"]) > 10
    assert len(full["lineage"]) >= 10
    last = (
        "SELECT last_commit_sha, last_pull_request FROM catalog.files WHERE path = 'etl/open.sql'"
    )
    ((commit, pull),) = ask(catalogs[0], last)
    assert (commit in server.world.commits, pull) == (True, 2)


def test_a_second_load_changes_nothing(
    server: GithubServer, catalogs: list[str], tmp_path: Path
) -> None:
    changes = "SELECT count(*) FROM catalog.changes"
    load(catalogs[0], settings(server), tmp_path)
    first = ask(catalogs[0], changes)
    load(catalogs[0], settings(server), tmp_path)
    assert ask(catalogs[0], changes) == first


def test_a_dbt_model_joins_the_warehouses_own_table(
    server: GithubServer, postgres: Any, catalogs: list[str], tmp_path: Path
) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute(TABLES)
    source = {"host": postgres.host, "port": postgres.port, "user": postgres.user,
              "password": postgres.password, "database": database}  # fmt: skip
    load(catalogs[0], source, tmp_path, tap="tap-postgres")
    warehouse = {"platform": "postgres", "namespace": f"postgres://{postgres.host}:{postgres.port}",
                 "database": database, "schema": "public"}  # fmt: skip
    load(catalogs[0], settings(server, warehouses=[warehouse]), tmp_path)
    edges = """
    SELECT f.path, d.name, u.name, count(e.downstream_field)
    FROM catalog.lineage_edges AS e
    JOIN catalog.files AS f ON f.urn = e.asserted_by
    JOIN catalog.tables AS d ON d.urn = e.downstream_urn
    JOIN catalog.tables AS u ON u.urn = e.upstream_urn
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
    assert ask(catalogs[0], edges) == [
        ("dbt/models/revenue.sql", "revenue_by_customer", "customers", 1),
        ("dbt/models/revenue.sql", "revenue_by_customer", "stg_orders", 1),
        ("dbt/models/staging/stg_orders.sql", "stg_orders", "orders", 3),
    ]


def test_without_a_namespace_references_are_resolved(
    server: GithubServer, postgres: Any, catalogs: list[str], tmp_path: Path
) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute(TABLES)
    source = {"host": postgres.host, "port": postgres.port, "user": postgres.user,
              "password": postgres.password, "database": database}  # fmt: skip
    warehouse = {"platform": "postgres", "database": database}
    load(catalogs[0], settings(server, warehouses=[warehouse]), tmp_path)
    load(catalogs[0], source, tmp_path, tap="tap-postgres")
    edges = """
    SELECT DISTINCT f.path, u.name, e.resolution
    FROM catalog.lineage_edges AS e
    JOIN catalog.files AS f ON f.urn = e.downstream_urn
    JOIN catalog.tables AS u ON u.urn = e.upstream_urn
    WHERE e.upstream_field IS NULL ORDER BY 1, 2
    """
    assert ask(catalogs[0], edges) == [
        ("dbt/models/revenue.sql", "customers", "exact"),
        ("dbt/models/staging/stg_orders.sql", "orders", "exact"),
        ("etl/load.sql", "orders", "exact"),
    ]
