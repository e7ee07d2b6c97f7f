"""Two sources of truth on the lineage of PostgreSQL's views, and rules for what they disagree on.

`songbook.lineage` reads the text of a view, tap-postgres the rule tree that the server keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
import pytest
import view_lineage
from random_parts import COLUMNS, NUMBER
from random_queries import Writer

from songbook import urn
from songbook.lineage.sql import analyze

SEED = 20261122
RANDOM_VIEWS = 100
FUNCTION = "What the function pairs reads is not known."
"""What the library says, rightly, about a function of the tap's cases."""
UNPARSED = r"(?i)\bjson_\w+\(|\bIS JSON\b|\bROWS FROM\b|\bxmltable\b|USING \(\w+\) AS"
"""What sqlglot does not know of PostgreSQL: columns are missing, tables are not."""
STRENGTH = ("IDENTITY", "TRANSFORMATION", "AGGREGATION")


class Edge(NamedTuple):
    """Output (None: the rows), upstream column, subtype."""

    output: str | None
    upstream: str
    subtype: str


class Lineage(NamedTuple):
    """What one source of truth says about a view."""

    tables: frozenset[str]
    edges: frozenset[Edge]
    errors: Sequence[str] = ()

    def has(self, edge: Edge, *subtypes: str) -> bool:
        """Whether there is such an edge, of one of these subtypes."""
        return any(edge._replace(subtype=it) in self.edges for it in subtypes)


class Rule(NamedTuple):
    """A kind of disagreement that is none: where it may be, and which edges it explains."""

    name: str
    text: str
    """What must stand in the view's text, as a regular expression."""
    explains: Callable[[Edge, Lineage, Lineage], bool]
    """Whether it explains an edge that one of tap and library (in this order) has alone."""


def _conditional_and_direct(edge: Edge, tap: Lineage, library: Lineage) -> bool:
    """The tap says besides that an argument decides; to the library it is a value only."""
    return library.has(edge, "TRANSFORMATION", "AGGREGATION") and (
        edge.subtype == "CONDITIONAL" or tap.has(edge, "CONDITIONAL")
    )


def _same_value(edge: Edge, tap: Lineage, library: Lineage) -> bool:
    return tap.has(edge, "IDENTITY") and library.has(edge, "TRANSFORMATION")


def _decides_elsewhere(edge: Edge, tap: Lineage, library: Lineage) -> bool:
    """What decides about the rows of a subquery decides, to the tap, about one value, and wherever
    this is used; to the library about the rows of the whole."""
    return edge.subtype not in STRENGTH and all(
        any(it.upstream == edge.upstream and it.subtype not in STRENGTH for it in each.edges)
        for each in (tap, library)
    )


RULES = [
    Rule("DISTINCT and UNION say nothing to the library", r"(?i)\bDISTINCT\b|\bUNION\b(?! ALL)",
         lambda edge, tap, library: edge.output is None and edge.subtype == "GROUP_BY"),
    Rule("DISTINCT ON filters", r"(?i)\bDISTINCT ON\b",
         lambda edge, tap, library: edge.output is None and tap.has(edge, "GROUP_BY")
         and library.has(edge, "FILTER")),
    Rule("arguments of COALESCE and NULLIF are values", r"(?i)\b(COALESCE|NULLIF|FULL)\b",
         _conditional_and_direct),
    Rule("to the server some casts and collations change no value", r"(?i)::|\bCAST\b|\bCOLLATE\b",
         _same_value),
    Rule("conditions within a subquery that gives a value", r"(?i)\(\s*(WITH|SELECT)\b",
         _decides_elsewhere),
    Rule("ARRAY(SELECT …) collects values", r"(?i)\bARRAY\s*\(",
         lambda edge, tap, library: tap.has(edge, "AGGREGATION")
         and library.has(edge, "TRANSFORMATION", "IDENTITY")),
    Rule("the order in a hypothetical-set aggregate", r"(?i)\brank\(.*\) WITHIN GROUP\b",
         lambda edge, tap, library: tap.has(edge, "AGGREGATION") and library.has(edge, "WINDOW")),
    Rule("the tap leaves out system columns", r"\b(ctid|xmin|tableoid)\b",
         lambda edge, tap, library: bool(re.search(r"\.(ctid|xmin|tableoid)$", edge.upstream))),
    Rule("the library does not look into rows", r"\(\w+\.?\w*\)\.\w+|\.\*",
         lambda edge, tap, library: edge.subtype in STRENGTH),
    Rule("any function in FROM may give many rows to the library", r"(?i)\bupper\(|\bxmltable\b",
         lambda edge, tap, library: library.has(edge, "JOIN")),
    Rule("to the library a count of rows and a frame's bound are no columns",
         r"(?i)\b(LIMIT|GROUPS)\s*\(",
         lambda edge, tap, library: tap.has(edge, "FILTER", "WINDOW")),
    Rule("the mark of CYCLE is a value to the library", r"\bCYCLE\b",
         lambda edge, tap, library: tap.has(edge, "CONDITIONAL")
         and library.has(edge, "TRANSFORMATION")),
    Rule("what the library can't parse, and says so", UNPARSED,
         lambda edge, tap, library: bool(library.errors) and edge in tap.edges),
]  # fmt: skip


class View(NamedTuple):
    """A view: its query, and the text in which the server gives it back."""

    name: str
    select: str
    definition: str


def strongest(edges: set[Edge]) -> frozenset[Edge]:
    """The library keeps one direct edge between two columns."""
    return frozenset(
        edge
        for edge in edges
        if edge.subtype not in STRENGTH
        or not any(
            edge._replace(subtype=it) in edges
            for it in STRENGTH[STRENGTH.index(edge.subtype) + 1 :]
        )
    )


def of_the_tap(row: Mapping[str, Any], major: int) -> Lineage:
    """In the library's words, to which FILTER and SORT are about rows, not about one output."""
    found, told = view_lineage.read(dict(row), major)
    assert not told, told
    words = {"FILTER": "CONDITIONAL", "SORT": "WINDOW"}
    tables, edges = set(), set()
    for it in found:
        upstream = urn.parse(it.upstream_urn or "")
        table = urn.field_path(*upstream.path, *filter(None, [upstream.name]))
        if it.granularity == "table":
            tables.add(table)
            continue
        kind = it.transformation_subtype or ""
        subtype = words.get(kind, kind) if it.downstream_field else kind
        edges.add(Edge(it.downstream_field, f"{table}.{it.upstream_field}", subtype))
    return Lineage(frozenset(tables), strongest(edges))


def of_the_library(text: str, database: str, schema: Mapping[str, Sequence[str]]) -> Lineage:
    found = analyze(
        f"CREATE VIEW s.v AS {text}", dialect="postgres", default_database=database,
        default_schema="s", schema=schema,
    )  # fmt: skip
    edges = {
        Edge(it.downstream_column, f"{it.upstream_table}.{it.upstream_column}", it.subtype)
        for it in [*found.columns, *found.indirect]
    }
    return Lineage(found.tables_in, strongest(edges), found.errors)


class Reading(NamedTuple):
    """A text of a view, and what both sources of truth say about it."""

    text: str
    tap: Lineage
    library: Lineage

    def unexplained(self, rules: Sequence[Rule]) -> list[str]:
        """What they say apart, and no rule explains."""
        apart = [("tap", it) for it in sorted(self.tap.edges - self.library.edges, key=str)]
        apart += [("library", it) for it in sorted(self.library.edges - self.tap.edges, key=str)]
        here = [rule for rule in rules if re.search(rule.text, self.text)]
        wrong = [error for error in self.library.errors if error != FUNCTION]
        wrong = [] if re.search(UNPARSED, self.text) else wrong
        wrong += [
            f"only the {who}: {edge}"
            for who, edge in apart
            if not any(rule.explains(edge, self.tap, self.library) for rule in here)
        ]
        if self.tap.tables != self.library.tables:
            wrong.append(f"tables {sorted(self.tap.tables)} and {sorted(self.library.tables)}")
        return wrong


def known_columns(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """The columns of all relations, as `analyze` is given them."""
    rows = connection.execute("""
        SELECT n.nspname, c.relname, array_agg(a.attname ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
        INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped
        GROUP BY 1, 2
    """)
    database = connection.info.dbname
    return {urn.field_path(database, *names): columns for *names, columns in rows}


def readings(connection: psycopg.Connection[Any], views: Mapping[str, str]) -> Iterator[Reading]:
    """Each view twice: as it was written, and as the server writes it."""
    schema = known_columns(connection)
    for row in view_lineage.rows(connection, schemas=["s"]):
        name = row["path"][-1]
        if name in views:
            tap = of_the_tap(row, connection.info.server_version // 10000)
            (definition,) = connection.execute(
                "SELECT pg_catalog.pg_get_viewdef(%s::regclass)", [f"s.{name}"]
            ).fetchone() or ("",)
            for text in (views[name], definition):
                yield Reading(text, tap, of_the_library(text, connection.info.dbname, schema))


def disagreements(all_: Sequence[Reading], rules: Sequence[Rule]) -> list[str]:
    told = [(it.text, it.unexplained(rules)) for it in all_]
    return ["\n    ".join([text, *wrong]) for text, wrong in told if wrong]


@pytest.fixture(scope="module")
def by_hand(any_postgres: Any) -> list[Reading]:
    """The tap's own cases."""
    views = {f"case_{number}": it.select for number, it in enumerate(view_lineage.cases())}
    url = view_lineage.database(any_postgres)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = s")
        return list(readings(connection, views))


def test_views_written_by_hand(by_hand: list[Reading]) -> None:
    assert len(by_hand) > 200
    wrong = disagreements(by_hand, RULES)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_needed(by_hand: list[Reading], rule: Rule) -> None:
    assert disagreements(by_hand, [it for it in RULES if it is not rule])


def test_random_views(postgres: Any) -> None:
    views = {
        f"random_{number}": Writer(SEED + number, 1 + number // 40, "postgres").query().sql
        for number in range(RANDOM_VIEWS)
    }
    with psycopg.connect(postgres.url(postgres.create_database()), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA s; SET search_path = s")
        for table, columns in COLUMNS.items():
            declared = [f"{column} {type_}" for column, type_ in columns.items()]
            connection.execute(f"CREATE TABLE {table} ({', '.join(declared)}, {NUMBER} int)")
        for name, query in views.items():
            connection.execute(f"CREATE VIEW {name} AS {query}")
        wrong = disagreements(list(readings(connection, views)), RULES)
    assert not wrong, "\n".join(wrong)
