"""Aliases of systems as people keep them, and what lineage could not find."""

from __future__ import annotations

import json
from typing import Any

import pytest

from songbook import records as r
from songbook.lineage import edge

PROXY = "proxy.example:6432"
SITE = "tableau://site"


def book(source: Any, table: str = "orders", **reference: Any) -> list[r.Record]:
    """A workbook that reaches the database through a proxy."""
    reference = {"platform": "postgres", "host": "proxy.example", "port": 6432} | reference
    upstream = r.UpstreamRef(**reference, database="app", schema="public", table=table)
    edges = [
        edge(
            asserted_by=f"{SITE}/book",
            origin="bi_model",
            downstream_urn=f"{SITE}/book",
            downstream_field=field,
            upstream_ref=upstream,
            upstream_field=field,
            granularity="column" if field else "table",
        )
        for field in (None, "id", "gone")
    ]
    return source.covered([r.System(namespace=SITE, platform="tableau"), *edges], scope=SITE)


def shop(source: Any, *tables: str) -> list[r.Record]:
    return source.covered([source.system(), *source.tables(*tables)])


def resolutions(catalog: Any) -> Any:
    return catalog.rows(
        "SELECT resolution, field_resolution FROM catalog.lineage ORDER BY upstream_field"
    )


FOUND = [("exact", "unresolved"), ("exact", "exact"), ("exact", None)]
LOST = [("unresolved", None)] * 3


def test_an_alias_resolves_what_was_open_at_once(catalog: Any, source: Any) -> None:
    catalog.load(shop(source, "orders"))
    catalog.load(book(source))
    assert resolutions(catalog) == LOST
    added = catalog.run("aliases", "add", PROXY, source.namespace)
    assert (added.returncode, b"3 edges found" in added.stderr) == (0, True)
    assert resolutions(catalog) == FOUND
    assert catalog.run("aliases", "add", PROXY, source.namespace).returncode == 0
    listed = catalog.run("aliases", "list").stdout.decode()
    assert listed == f"{PROXY}  {source.namespace}\n"
    removed = catalog.run("aliases", "remove", PROXY)
    assert (removed.returncode, b"3 edges lost" in removed.stderr) == (0, True)
    assert resolutions(catalog) == LOST


WRONG = [
    (
        ("add", PROXY, "postgres://db:1"),
        "has the namespace 'postgres://db:1'",
        "postgres://db:5432",
    ),
    (("add", "postgres://db:5432", "postgres://db:5432"), "is a system itself", "no tap reads"),
    (("add", " ", "postgres://db:5432"), "' ' names no system", "proxy.example:5432"),
    (("add", "postgres://h:1/app", "postgres://db:5432"), "names no system", "host:port"),
    (("add", "taken", "postgres://db:5432"), "stands for tableau://site already", "aliases remove"),
    (("remove", "nothing"), "There is no alias 'nothing'", "aliases list"),
    (("add", "one"), "Missing argument", "--help"),
    (("rename",), "No such command", "--help"),
]


@pytest.mark.parametrize(("arguments", "message", "hint"), WRONG)
def test_aliases_that_make_no_sense(
    catalog: Any, source: Any, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    catalog.load(shop(source, "orders"))
    catalog.load(book(source))
    assert catalog.run("aliases", "add", "taken", SITE).returncode == 0
    answer = catalog.run("aliases", *arguments)
    said = answer.stderr.decode()
    assert (answer.returncode, "Traceback" in said) == (2, False)
    assert message in said
    assert hint in said


def test_another_organisations_aliases_are_not_ours(catalog: Any, source: Any) -> None:
    for organization in ("one", "two"):
        catalog.load(shop(source, "orders"), organization=organization)
        catalog.load(book(source), organization=organization)
    settings = {"TARGET_CATALOG_DATABASE_URL": catalog.url, "TARGET_CATALOG_ORGANIZATION": "one"}
    ours = ("--config", "ENV", "aliases")
    catalog.run(*ours, "add", PROXY, source.namespace, environment=settings)
    found = dict(
        catalog.rows(
            "SELECT o.name, count(e.resolved_upstream_urn) FROM catalog.lineage AS e"
            " JOIN catalog.connectors AS c ON c.id = e.connector_id"
            " JOIN catalog.organizations AS o ON o.id = c.organization_id GROUP BY 1"
        )
    )
    assert found == {"one": 3, "two": 0}
    settings["TARGET_CATALOG_ORGANIZATION"] = "two"
    assert catalog.run(*ours, "list", environment=settings).stdout == b""


def test_what_is_missing_is_counted_and_shown(catalog: Any, source: Any) -> None:
    catalog.load(shop(source, "orders", "Orders"))
    catalog.load(book(source))
    counts = "SELECT unresolved FROM catalog.runs ORDER BY number DESC LIMIT 1"
    assert catalog.one(counts) == {"unresolved": 3}
    answer = catalog.run("lineage", "--unresolved", "--format", "json")
    (one,) = map(json.loads, answer.stdout.splitlines())
    assert (one["how"], one["edges"], one["upstream_ref"]["host"]) == (
        "unresolved", 3, "proxy.example",
    )  # fmt: skip
    assert one["candidates"] == [f"{source.schema}/Orders", f"{source.schema}/orders"]
    catalog.load(book(source, "ORDERS", host="db", port=5432))
    assert catalog.one(counts) == {"ambiguous": 3}
    catalog.load(book(source, host="db", port=5432))
    assert catalog.one(counts) == {"columns": 1}
    shown = catalog.run("lineage", "--unresolved").stdout.decode()
    assert f"{source.schema}/orders#gone -> {SITE}/book#gone (1 edges" in shown
    assert catalog.run("lineage").returncode == 2


def test_a_run_says_what_it_could_not_resolve(catalog: Any, source: Any) -> None:
    said = catalog.run(lines=source.write(book(source))).stderr.decode()
    assert "lineage not resolved: 3 unresolved" in said
