"""Random loads in random order: what the touched edges resolve to is what all edges would."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from songbook import records as r
from songbook import urn as urns
from songbook.identifiers import MYSQL, POSTGRES, REDSHIFT, SNOWFLAKE, Identifiers
from songbook.lineage import edge
from target_catalog import database
from target_catalog.resolve import Resolving
from target_catalog.statements import statement

LOADS = 14
SEEDS = range(3)


@dataclass(frozen=True)
class Server:
    """A system that a connector of its own reads."""

    platform: str
    namespace: str
    rules: Identifiers
    tiers: int = 3


SERVERS = (
    Server("snowflake", "snowflake://org-a", SNOWFLAKE),
    Server("snowflake", "snowflake://org-b", SNOWFLAKE),
    Server("postgres", "postgres://db:5432", POSTGRES),
    Server("redshift", "redshift://c.r:5439", REDSHIFT),
    Server("mysql", "mysql://m:3306", MYSQL, tiers=2),
)
SITE = "tableau://site"
DATABASES, SCHEMAS = ("APP", "app"), ("PUBLIC", "public")
TABLES = ("orders", "ORDERS", "Orders", "items")
COLUMNS = ("id", "ID", "Name", "name", "a.b")
ALIASES = ("proxy", "proxy:5432", "org-z", "snowflake://old", "postgres://old:5432")


class World:
    """Makes up what a connector finds."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, choices: Any) -> list[Any]:
        return self.random.sample(list(choices), self.random.randint(0, len(choices)))

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def path(self, server: Server) -> tuple[str, ...]:
        names = (self.one(*DATABASES), self.one(*SCHEMAS), self.one(*TABLES))
        return names[-server.tiers :]

    def table_urn(self) -> str:
        server = self.one(*SERVERS)
        namespace = self.one(server.namespace, server.namespace, "snowflake://old")
        return urns.join(namespace, self.path(server))

    def database(self, server: Server) -> Iterator[r.Record]:
        """A system, tables with columns, and views that say what they are made from."""
        yield r.System(
            namespace=server.namespace,
            platform=server.platform,
            namespace_aliases=self.some(ALIASES[-2:]),
            identifiers=self.one(server.rules.as_dict(), server.rules.as_dict(), {}),
            default_database=self.one(None, *DATABASES),
            default_schema=self.one(None, *SCHEMAS),
        )
        for path in {self.path(server) for _ in range(5)}:
            urn = urns.join(server.namespace, path)
            above = urns.join(server.namespace, path[:-1])
            yield r.Table(urn=urn, name=path[-1], container_urn=above, table_type="view")
            for name in self.some(COLUMNS):
                yield r.Column(
                    urn=urns.join(server.namespace, [*path, name], "#"),
                    name=name,
                    table_urn=urn,
                    field_path=urns.field_path(name),
                    data_type="text",
                )
            yield from self.edges(urn)

    def site(self) -> Iterator[r.Record]:
        """A BI site: a data source with fields on a table that it names in its own words."""
        yield r.System(namespace=SITE, platform="tableau")
        model = f"{SITE}/s/model"
        chart = f"{SITE}/s/chart"
        yield r.DataModel(urn=model, name="model", data_model_type="datasource")
        fields = self.some(COLUMNS)
        for name in fields:
            yield r.Field(
                urn=urns.join(SITE, ["s", "model", name], "#"),
                name=name,
                data_model_urn=model,
                field_path=urns.field_path(name),
                referenced_fields=self.some(fields),
            )
        shown = [urns.join(SITE, ["s", "model", name], "#") for name in self.some(COLUMNS)]
        yield r.Chart(urn=chart, name="chart", dashboard_urn=f"{SITE}/s/dash", field_urns=shown)
        yield from self.edges(model)

    def edges(self, asserted_by: str) -> Iterator[r.Lineage]:
        for _ in range(self.random.randint(0, 4)):
            by_urn = self.random.random() < 0.5
            granularity = self.one("table", "column", "star")
            is_column = granularity == "column"
            yield edge(
                asserted_by=asserted_by,
                origin="view_definition",
                downstream_urn=asserted_by,
                downstream_field=self.one(None, *COLUMNS) if is_column else None,
                upstream_urn=self.table_urn() if by_urn else None,
                upstream_field=self.one(*COLUMNS) if is_column else None,
                upstream_ref=None if by_urn else self.reference(),
                granularity=granularity,
            )

    def reference(self) -> r.UpstreamRef:
        server = self.one(*SERVERS)
        host = self.one(None, "DB", "db.", "proxy", "org-a", "M")
        return r.UpstreamRef(
            platform=self.one(server.platform, "snowflake"),
            host=host,
            port=self.one(None, 5432) if host else None,
            account=self.one(None, "ORG-A", "org-z", "org_b.snowflakecomputing.com"),
            database=self.one(None, *DATABASES),
            schema=self.one(None, *SCHEMAS),
            table=self.one(None, *TABLES),
            quoted=self.one(None, True, False),
        )


def load_something(catalog: Any, source: Any, world: World, organization: str) -> None:
    server = world.one(None, *SERVERS)
    namespace = server.namespace if server else SITE
    found = {
        next(iter(getattr(it, key) for key in it.KEY)): it
        for it in (world.database(server) if server else world.site())
    }
    streams = ("tables", "columns", "data_models", "fields", "charts", "lineage")
    catalog.load(
        source.covered(found.values(), *streams, scope=namespace),
        organization=organization,
        connector=namespace,
    )


def name_something(catalog: Any, world: World, organization: str) -> None:
    """A person adds an alias, or takes one away."""
    alias = world.one(*ALIASES)
    if world.one(True, False):
        catalog.execute(
            "INSERT INTO catalog.system_aliases SELECT id, %s, %s FROM catalog.organizations"
            " WHERE name = %s ON CONFLICT DO NOTHING",
            *(alias, world.one(*SERVERS).namespace, organization),
        )
    else:
        catalog.execute(
            "DELETE FROM catalog.system_aliases AS a USING catalog.organizations AS o"
            " WHERE a.alias = %s AND o.id = a.organization_id AND o.name = %s",
            *(alias, organization),
        )


def found(catalog: Any) -> list[Any]:
    edges = catalog.rows(
        "SELECT to_jsonb(e) - '{first_seen_at,changed_at}'::text[] FROM catalog.lineage AS e"
        " ORDER BY connector_id, lineage_id"
    )
    implied = "SELECT to_jsonb(i) FROM catalog.implied_lineage AS i ORDER BY 1"
    return [*edges, *catalog.rows(implied)]


def resolve_everything(catalog: Any) -> None:
    with database.connect(catalog.url) as connection:
        for (organization,) in connection.execute(
            "SELECT id FROM catalog.organizations"
        ).fetchall():
            with connection.transaction():
                connection.execute(statement("stirred_table"))
                Resolving(connection, organization).everything()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_touched_edges_resolve_as_all_would(catalog: Any, source: Any, seed: int) -> None:
    world = World(seed)
    how: set[str | None] = set()
    for step in range(LOADS):
        organization = world.one("one", "one", "two")
        if world.random.random() < 0.3 and step:
            name_something(catalog, world, organization)
        load_something(catalog, source, world, organization)
        touched = found(catalog)
        resolve_everything(catalog)
        assert touched == found(catalog)
        how |= {it.get("resolution") for it in touched}
        how |= {it.get("field_resolution") for it in touched}
    assert how >= {"exact", "unresolved"}
