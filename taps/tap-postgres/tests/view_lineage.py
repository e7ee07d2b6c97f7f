"""Views to try lineage on, and the edges that the tap reads off them, in short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row

from songbook import Gap, urn
from songbook.records import Diagnostic, Lineage
from tap_postgres.lineage import edges

NAMESPACE = "postgres://server:5432"
STATEMENT = files("tap_postgres").joinpath("queries", "lineage.sql").read_text()
CASES = Path(__file__).with_name("lineage_cases.sql")

TABLES = """
CREATE SCHEMA s;
SET search_path = s;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (x int, y text);
CREATE TABLE t (
    id int PRIMARY KEY, a int, b int, c text, v varchar(10), arr int[], doc jsonb, xm xml
);
CREATE TABLE u (id int, a int, e text);
CREATE TABLE p (k int, w int);
CREATE TABLE w (pr pair);
CREATE TABLE gaps (gone1 int, first int, gone2 int, last text);
ALTER TABLE gaps DROP COLUMN gone1, DROP COLUMN gone2;
CREATE VIEW base_view AS SELECT a + b AS va, c AS vc FROM t;
CREATE MATERIALIZED VIEW base_matview AS SELECT max(a) AS m FROM t;
CREATE TABLE parent (a int);
CREATE TABLE child (extra int) INHERITS (parent);
CREATE TABLE parts (k int, w int) PARTITION BY LIST (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
CREATE SEQUENCE numbers;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far_server FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE distant (far int) SERVER far_server;
CREATE TABLE made (k int, twice int GENERATED ALWAYS AS (k * 2) STORED);
CREATE FUNCTION pairs(n int) RETURNS SETOF pair LANGUAGE sql AS $$ SELECT n, 'y' $$;
"""
TABLES_18 = "CREATE TABLE made_virtually (k int, twice int GENERATED ALWAYS AS (k * 2) VIRTUAL)"


class Case(NamedTuple):
    """A view and the edges that it must have."""

    name: str
    since: int
    select: str
    expected: frozenset[str]


def cases() -> Iterator[Case]:
    """The cases of `lineage_cases.sql`."""
    for paragraph in CASES.read_text().split("\n\n")[1:]:
        title, *lines = paragraph.strip().splitlines()
        words = re.fullmatch(r"-- (.*?)(?: (\d\d))?", title)
        assert words, title
        select = "\n".join(line for line in lines if not line.startswith("-->"))
        told = [line.removeprefix("--> ") for line in lines if line.startswith("-->")]
        expected = frozenset(edge for line in told for edge in _spelled_out(line))
        yield Case(words[1], int(words[2] or 0), select, expected)


def database(server: Any) -> str:
    """The URL of a fresh database that has a view for each case, named after its number."""
    url = str(server.url(server.create_database()))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
        if server.major >= 18:
            connection.execute(TABLES_18)
        for number, case in enumerate(cases()):
            if server.major >= case.since:
                connection.execute(f"CREATE VIEW case_{number} AS {case.select}")
    return url


def _spelled_out(line: str) -> Iterator[str]:
    """`x <- t.a, t.b ROLE` stands for two edges."""
    if " <- " not in line:
        yield line
        return
    target, _, rest = line.partition(" <- ")
    sources, _, role = rest.rpartition(" ")
    yield from (f"{target} <- {source} {role}" for source in sources.split(", "))


def in_short(edge: Lineage) -> str:
    """An edge as the cases write it."""
    upstream = urn.parse(edge.upstream_urn or "")
    path = [*upstream.path[1:], *filter(None, [upstream.name])]
    relation = ".".join(path[1:] if path[0] == "s" else path)
    if edge.granularity == "table":
        return f"{relation} {edge.transformation_type}"
    target = edge.downstream_field or "*"
    return f"{target} <- {relation}.{edge.upstream_field} {edge.transformation_subtype}"


def rows(
    connection: psycopg.Connection[Any],
    schemas: list[str] | None = None,
    tables: list[str] | None = None,
) -> list[dict[str, Any]]:
    """What the statement gives."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(STATEMENT, {"schemas": schemas, "tables": tables}).fetchall()


def read(row: dict[str, Any], major: int) -> tuple[list[Lineage], list[Diagnostic]]:
    """The edges of a view, and what the tap has to say about it."""
    found = list(edges(row, namespace=NAMESPACE, major=major))
    told = [it.diagnostic for it in found if isinstance(it, Gap)]
    return [it for it in found if isinstance(it, Lineage)], told


def read_view(connection: psycopg.Connection[Any], name: str) -> set[str]:
    """The edges of one view in short; it must have been readable."""
    (row,) = rows(connection, tables=[name])
    found, told = read(row, connection.info.server_version // 10000)
    assert not told, told
    return set(map(in_short, found))
