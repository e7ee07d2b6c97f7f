"""Tenants: what a role sees, and whose word counts where two connectors report one object."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest


@pytest.fixture
def tenants(catalog: Any, source: Any) -> dict[str, str]:
    """Two organisations with a table each, and a role that may only read."""
    for name in ("one", "two"):
        catalog.load(source.covered([source.system(), source.table(name)]), organization=name)
    role = f"reader_of_{catalog.url.rpartition('/')[2]}"
    if not catalog.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        catalog.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'reader'")
    catalog.execute(f"GRANT USAGE ON SCHEMA catalog TO {role}")
    catalog.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA catalog TO {role}")
    return dict(catalog.rows("SELECT name, id::text FROM catalog.organizations"))


def read(catalog: Any, query: str, organizations: str | None) -> list[Any]:
    role = f"reader_of_{catalog.url.rpartition('/')[2]}"
    url = re.sub(r"postgres:[^@]+@", f"{role}:reader@", catalog.url)
    with psycopg.connect(url) as connection:
        if organizations is not None:
            connection.execute(
                "SELECT set_config('songbook.organization', %s, true)", (organizations,)
            )
        return [row[0] for row in connection.execute(query).fetchall()]  # type: ignore[call-overload]


TABLES = "SELECT name FROM catalog.tables ORDER BY name"


def test_without_the_setting_nothing_is_seen(catalog: Any, tenants: dict[str, str]) -> None:
    names = catalog.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'catalog'::regnamespace"
        " AND relkind IN ('r', 'p', 'v') AND relname <> 'migrations'"
    )
    assert len(names) > 50
    for setting in (None, ""):
        seen = {
            name: read(catalog, f"SELECT count(*) FROM catalog.{name}", setting) for name in names
        }
        assert set(map(tuple, seen.values())) == {(0,)}
    del tenants


def test_each_sees_its_own(catalog: Any, tenants: dict[str, str]) -> None:
    one, two = tenants["one"], tenants["two"]
    assert read(catalog, TABLES, one) == ["one"]
    assert read(catalog, TABLES, two) == ["two"]
    assert read(catalog, TABLES, f"{one}, {two}") == ["one", "two"]
    for view in ("relations", "objects", "changes", "runs", "coverage", "scopes"):
        mine = read(catalog, f"SELECT count(*) FROM catalog.{view}", one)
        everybodys = catalog.rows(f"SELECT count(*) FROM catalog.{view}")
        assert 0 < mine[0] < everybodys[0], view


def test_a_reader_cannot_write(catalog: Any, tenants: dict[str, str]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        read(catalog, "DELETE FROM catalog.tables RETURNING name", tenants["one"])


def test_a_view_shows_an_object_once(catalog: Any, source: Any) -> None:
    own = [source.system(), source.table("a", description="from its own tap")]
    catalog.load(source.covered(own))
    catalog.load([source.table("a", description="hearsay")], connector="other")
    assert len(catalog.names()) == 2
    shown = catalog.rows("SELECT description FROM catalog.relations")
    assert shown == ["from its own tap"]


def test_of_two_strangers_the_newer_is_shown(catalog: Any, source: Any) -> None:
    for name in ("old", "new"):
        catalog.load([source.table("a", description=name)], connector=name)
    assert catalog.rows("SELECT description FROM catalog.relations") == ["new"]


def test_views_that_people_expect(catalog: Any, source: Any) -> None:
    base = f"{source.namespace}/app"
    catalog.load(
        [
            source.container(base, container_type="database"),
            source.container(),
            *source.tables("t"),
            source.table("v", table_type="view", definition="SELECT 1"),
        ]
    )
    assert catalog.rows("SELECT name FROM catalog.databases") == ["app"]
    assert catalog.rows("SELECT name FROM catalog.schemas") == ["public"]
    assert catalog.rows("SELECT name FROM catalog.base_tables") == ["t"]
    assert catalog.rows("SELECT name, definition FROM catalog.views") == [("v", "SELECT 1")]
    assert catalog.rows("SELECT table_name, name FROM catalog.relation_columns") == [
        ("t", "id"),
        ("t", "name"),
    ]
