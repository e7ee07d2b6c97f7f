"""Two sources of truth on the lineage of PostgreSQL's views: what songbook.lineage reads out of their
text, and what tap-postgres reads off the server's rule trees. Whatever they disagree on has a rule."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import sql

from songbook import urn
from songbook.lineage.sql import analyze

ROOT = Path(__file__).resolve().parent.parent
sys.path += [str(ROOT / "core/tests/lineage"), str(ROOT / "taps/tap-postgres/tests")]

import random_queries
import view_lineage

SEED = 20261122
RANDOM_VIEWS = 100
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


def _is_made_by(*subtypes: str) -> Callable[[Edge, Lineage, Lineage], bool]:
    return lambda edge, tap, library: edge.subtype in subtypes


def _conditional_and_direct(edge: Edge, tap: Lineage, library: Lineage) -> bool:
    """The tap says besides that an argument decides; to the library it is a value only."""
    return library.has(edge, "TRANSFORMATION", "AGGREGATION") and (
        edge.subtype == "CONDITIONAL" or tap.has(edge, "CONDITIONAL")
    )


def _same_value(edge: Edge, tap: Lineage, library: Lineage) -> bool:
    return tap.has(edge, "IDENTITY") and library.has(edge, "TRANSFORMATION")


def _of_one_output(edge: Edge, tap: Lineage, library: Lineage) -> bool:
    """What decides about a subquery's rows decides about one output (tap), or the rows (library)."""
    deciding = ("CONDITIONAL", "WINDOW", "JOIN", "GROUP_BY")
    of_rows = library.has(edge._replace(output=None), "FILTER", "SORT", "JOIN", "GROUP_BY")
    if edge.output is not None:
        return edge.subtype in deciding and of_rows
    return any(
        it.output and it.upstream == edge.upstream and it.subtype in deciding for it in tap.edges
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
         _of_one_output),
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
    assert not found.errors, "\n".join([text, *found.errors])
    edges = {
        Edge(it.downstream_column, f"{it.upstream_table}.{it.upstream_column}", it.subtype)
        for it in [*found.columns, *found.indirect]
    }
    return Lineage(found.tables_in, strongest(edges))


def unexplained(text: str, tap: Lineage, library: Lineage, used: set[str]) -> Iterator[str]:
    for who, edges in (("tap", tap.edges - library.edges), ("library", library.edges - tap.edges)):
        for edge in sorted(edges, key=str):
            rules = [it for it in RULES
                     if re.search(it.text, text) and it.explains(edge, tap, library)]  # fmt: skip
            used |= {it.name for it in rules[:1]}
            if not rules:
                yield f"only the {who}: {edge}"
    if tap.tables != library.tables:
        yield f"tables: {sorted(tap.tables)} and {sorted(library.tables)}"
