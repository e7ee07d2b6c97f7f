"""The SQL files by themselves: their form, their parameters, and what they do on older servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import psycopg
import pytest
from reading import parts

FILES = {
    file.name.removesuffix(".sql"): file.read_text(encoding="utf-8")
    for file in (resources.files("tap_postgres") / "queries").iterdir()
}

NEWER = {
    "columns": ("pg_attribute", "attcompression", 14),
    "constraints": ("pg_constraint", "conenforced", 18),
    "indexes": ("pg_index", "indnullsnotdistinct", 15),
}
"""Streams that use a column which not all servers have: its table, its name, since when."""

SCHEMAS_ONLY = {"containers", "routines", "sequences", "types", "grants"}
OF_THE_DATABASE = {"containers", "grants"}
"""Streams with rows that no schema holds."""
EVERYWHERE = {"systems", "principals", "locations"}


@pytest.mark.parametrize("stream", FILES)
def test_a_file_is_one_commented_statement(stream: str) -> None:
    text = FILES[stream]
    assert text.startswith("-- ")
    assert text.endswith(";\n")
    assert text.count(";\n") == 1


@pytest.mark.parametrize("stream", FILES)
def test_only_system_catalogs_are_read(stream: str) -> None:
    """Whatever stands behind FROM or JOIN is of pg_catalog, or was named in the statement."""
    text = FILES[stream]
    sources = set(
        re.findall(r"(?<!DISTINCT )\b(?:FROM|JOIN)\s+(?:LATERAL\s+)?([\w.]+\b(?!\())", text)
    )
    named = set(re.findall(r"(\w+)(?: \([\w, ]+\))? AS (?:MATERIALIZED )?\(", text))
    assert not {it for it in sources - named - {"LATERAL"} if not it.startswith("pg_catalog.")}


@pytest.mark.parametrize("stream", sorted(FILES.keys() - EVERYWHERE - {"lineage"}))
def test_statements_can_be_narrowed(hostiles: Any, stream: str) -> None:
    found = hostiles[16]
    table = next(it for it in found.reading["tables"] if it["extra"].get("row_security"))
    _, schema, name = parts(table["urn"])
    everything = _rows(found.url, FILES[stream])
    of_schema = _rows(found.url, FILES[stream], schemas=[schema])
    assert 0 < len(of_schema) < len(everything)
    if stream not in OF_THE_DATABASE:
        assert not _rows(found.url, FILES[stream], schemas=["no such"])
    if stream not in SCHEMAS_ONLY:
        of_table = _rows(found.url, FILES[stream], schemas=[schema], tables=[name])
        assert 0 < len(of_table) < len(of_schema) or stream == "tables"
        assert all(row in everything for row in of_table)


@pytest.mark.parametrize("stream", NEWER)
def test_older_catalogs_lack_a_column(hostiles: Any, stream: str) -> None:
    """The statement runs without the column, and says the same but for what the column knows."""
    table, column, since = NEWER[stream]
    found = hostiles[18]
    with psycopg.connect(found.url) as connection:
        columns = connection.execute(
            "SELECT string_agg(attname, ', ') FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attname <> %s"
            " AND (attnum > 0 OR attname = 'tableoid')",
            [f"pg_catalog.{table}", column],
        ).fetchone()
    assert columns is not None
    older = FILES[stream].replace(
        f"FROM pg_catalog.{table} AS p", f"FROM (SELECT {columns[0]} FROM pg_catalog.{table}) AS p"
    )
    assert older != FILES[stream], since
    new, old = _rows(found.url, FILES[stream]), _rows(found.url, older)
    assert len(new) == len(old)
    changed = {
        key
        for one, two in zip(new, old, strict=True)
        for key in one
        if one[key] != two[key] and key not in ("extra", "enforced")
    }
    assert not changed
    assert new != old


def _rows(url: str, statement: str, **narrow: list[str]) -> list[dict[str, Any]]:
    params = {"schemas": None, "tables": None} | narrow if "%(" in statement else None
    with psycopg.connect(
        url, options="-c search_path=", row_factory=psycopg.rows.dict_row
    ) as connection:
        return connection.execute(statement.encode(), params).fetchall()


MANY = """
DO $$ BEGIN
  FOR i IN 1..600 LOOP
    EXECUTE format('CREATE TYPE e%1$s AS ENUM (''a'', ''b'')', i);
    EXECUTE format('CREATE DOMAIN d%1$s AS text CHECK (VALUE > ''a'')', i);
    EXECUTE format('CREATE TYPE c%1$s AS (x e%1$s, y d%1$s)', i);
    EXECUTE format('CREATE TABLE t%1$s (id serial PRIMARY KEY, e e%1$s, CHECK (id > 0))', i);
    EXECUTE format('CREATE VIEW v%1$s AS SELECT * FROM t%1$s', i);
    EXECUTE format('CREATE FUNCTION f%1$s(a e%1$s) RETURNS int LANGUAGE sql AS ''SELECT 1''', i);
    EXECUTE format('COMMENT ON TABLE t%1$s IS ''t''; GRANT SELECT ON t%1$s TO PUBLIC', i);
    EXECUTE format('CREATE POLICY p ON t%1$s USING (id > 1)', i);
  END LOOP;
END $$
"""

AT_MOST = 100_000
"""Rows that one step of a plan may handle: many times what there is, far less than its square."""


@pytest.mark.parametrize("major", [15, 18])
@pytest.mark.parametrize("statistics", ["stale", "fresh"])
def test_no_catalog_is_read_again_for_each_object(
    servers: Any, major: int, statistics: str
) -> None:
    """The work grows with the objects, not with their square, whatever the planner believes."""
    server = servers[major]
    url = server.url(server.create_database())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(MANY.encode())
        if statistics == "fresh":
            connection.execute("ANALYZE")
    busy = {
        stream: step
        for stream, text in FILES.items()
        if (step := max(_work(_plan(url, text)))) > AT_MOST
    }
    assert not busy


def _plan(url: str, statement: str) -> dict[str, Any]:
    explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + statement
    params = {"schemas": None, "tables": None} if "%(" in statement else None
    with psycopg.connect(url, options="-c search_path= -c jit=off") as connection:
        row = connection.execute(explain.encode(), params).fetchone()
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def _work(plan: dict[str, Any]) -> Iterator[float]:
    """How many rows each step of a plan looked at."""
    seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    yield plan["Actual Loops"] * (seen + plan.get("Rows Removed by Join Filter", 0))
    for below in plan.get("Plans", ()):
        yield from _work(below)
