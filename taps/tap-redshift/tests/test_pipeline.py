"""`tap-redshift | target-catalog` as two processes, beside another source in the same catalog."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from redshift_shop import Shop

BIN = Path(sys.executable).parent


@pytest.fixture
def catalog(postgres: Any) -> str:
    """The URL of an empty database."""
    return str(postgres.url(postgres.create_database()))


def load(tap: str, settings: dict[str, Any], catalog: str, folder: Path) -> None:
    config = folder / "config.json"
    config.write_text(json.dumps(settings))
    done = subprocess.run(
        ["/bin/sh", "-c", f"'{BIN}/{tap}' --config '{config}' | '{BIN}/target-catalog'"],
        capture_output=True,
        text=True,
        env={**os.environ, "TARGET_CATALOG_DATABASE_URL": catalog},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def ask(catalog: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(catalog) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_one_catalog_holds_redshift_and_postgres(
    shop: Shop, postgres: Any, catalog: str, tmp_path: Path
) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute("CREATE TABLE orders (id integer PRIMARY KEY)")
    other = {
        "host": postgres.host,
        "port": postgres.port,
        "user": postgres.user,
        "password": postgres.password,
        "database": database,
    }
    load("tap-redshift", shop.settings, catalog, tmp_path)
    load("tap-postgres", other, catalog, tmp_path)
    platforms = "SELECT platform FROM catalog.systems ORDER BY 1"
    assert ask(catalog, platforms) == [("postgres",), ("redshift",)]
    for stream in ("tables", "columns", "constraints", "routines", "lineage"):
        key = "asserted_by" if stream == "lineage" else "urn"
        ours = f"SELECT count(*) FROM catalog.{stream} WHERE {key} LIKE 'redshift:%'"
        assert ask(catalog, ours) == [(len(shop.reading[stream]),)], stream
    assert ask(catalog, "SELECT count(*) FROM catalog.tables WHERE urn LIKE 'postgres:%'") == [(1,)]


def test_a_second_load_changes_nothing(shop: Shop, catalog: str, tmp_path: Path) -> None:
    changes = "SELECT count(*) FROM catalog.changes"
    load("tap-redshift", shop.settings, catalog, tmp_path)
    first = ask(catalog, changes)
    load("tap-redshift", shop.settings, catalog, tmp_path)
    assert ask(catalog, changes) == first
