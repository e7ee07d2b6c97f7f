"""The SQL files by themselves: their form, their parameters, and what they do on older servers."""

from __future__ import annotations

import re
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
            " WHERE attrelid = to_regclass(%s) AND attname <> %s AND attnum > 0",
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
