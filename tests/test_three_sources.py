"""One catalog that holds PostgreSQL, MySQL and Redshift at once, each loaded by its processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mysql_servers
import psycopg
import pytest
from dressed import Dressed

BIN = Path(sys.executable).parent
SOURCE = (
    "CREATE TABLE orders (id integer PRIMARY KEY, total decimal(9, 2), state varchar(9))",
    "CREATE VIEW sums AS SELECT state, SUM(total) AS total FROM orders WHERE id > 1 GROUP BY state",
)

Settings = dict[str, Any]


@pytest.fixture
def sources(servers: Any, postgres: Any) -> Iterator[dict[str, Settings]]:
    """The settings of each tap for a source with the same table and view."""
    plain = postgres.create_database()
    dressed, own = Dressed(servers[15]), mysql_servers.start("--event-scheduler=OFF")
    warehouse = dressed.create_database()
    for url in (postgres.url(plain), servers[15].url(warehouse)):
        with psycopg.connect(url, autocommit=True) as admin:
            for statement in SOURCE:
                admin.execute(statement.encode())
    own.run(f"USE {own.create_database('shop')}", *SOURCE)
    login = {"host": postgres.host, "port": postgres.port, "user": postgres.user}
    yield {
        "postgres": {**login, "password": postgres.password, "database": plain},
        "mysql": own.settings(),
        "redshift": dressed.settings(warehouse),
    }
    dressed.close()
    own.stop()


def load(platform: str, settings: Settings, catalog: str, folder: Path) -> None:
    """Run one pipe; both of its processes must end well."""
    config = folder / "config.json"
    config.write_text(json.dumps(settings))
    pipe = (
        f"'{BIN}/tap-{platform}' --config '{config}' | '{BIN}/target-catalog'; "
        'echo "${PIPESTATUS[*]}"'
    )
    done = subprocess.run(
        ["bash", "-c", pipe],
        capture_output=True,
        text=True,
        env={**os.environ, "TARGET_CATALOG_DATABASE_URL": catalog},
        timeout=120,
    )
    assert done.stdout.split()[-2:] == ["0", "0"], done.stderr


def test_one_catalog_shows_the_lineage_of_all_sources(
    sources: dict[str, Settings], postgres: Any, tmp_path: Path
) -> None:
    catalog = str(postgres.url(postgres.create_database()))
    for platform, settings in sources.items():
        load(platform, settings, catalog, tmp_path)
    with psycopg.connect(catalog) as connection:
        found = connection.execute("SELECT platform FROM catalog.systems ORDER BY 1").fetchall()
        edges = connection.execute(
            """
            SELECT split_part(e.downstream_urn, ':', 1), e.downstream_field, e.upstream_field,
                e.transformation_subtype
            FROM catalog.lineage_edges AS e
            JOIN catalog.tables AS u ON u.urn = e.upstream_urn AND u.name = 'orders'
            JOIN catalog.tables AS d ON d.urn = e.downstream_urn AND d.name = 'sums'
            WHERE e.upstream_field IS NOT NULL
            """
        ).fetchall()
    assert [platform for (platform,) in found] == sorted(sources)
    assert set(edges) == {
        (platform, *edge)
        for platform in sources
        for edge in (
            ("state", "state", "IDENTITY"),
            ("total", "total", "AGGREGATION"),
            (None, "id", "FILTER"),
            (None, "state", "GROUP_BY"),
        )
    }
