"""What the filter and the scopes of a run let through, and how it is accounted for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fake_source import NAMESPACE, Config, connector
from pydantic import SecretStr

from songbook import Part, Request, Stream, extract, urn
from songbook.connector import Item
from songbook.extract import Allowance
from songbook.records import Chart, Container, Coverage, Dashboard, Diagnostic, Record, System

Json = dict[str, Any]


def run(config: Json, streams: Any = None) -> list[Record]:
    return list(extract(connector, config, streams))


def coverage(records: list[Record]) -> dict[str, Coverage]:
    return {one.stream: one for one in records if isinstance(one, Coverage)}


def diagnostics(records: list[Record]) -> list[Diagnostic]:
    return [one for one in records if isinstance(one, Diagnostic)]


def names(records: list[Record], kind: Any) -> list[str]:
    return [one.name for one in records if isinstance(one, kind)]


def test_the_filter_leaves_out_and_counts(config: Json) -> None:
    given = {"include": ["sales"], "exclude": ['sales."Re.turns"']}
    records = run(config | given)
    assert names(records, Dashboard) == ["Orders"]
    assert names(records, Chart) == ["by day", "by shop"]
    account = coverage(records)
    assert (account["dashboards"].filtered, account["dashboards"].complete) == (2, True)
    assert account["lineage"].extracted == 2
    assert account["charts"].filter_hash != coverage(run(config))["charts"].filter_hash


def test_a_pattern_that_matches_nothing_is_told(config: Json) -> None:
    given = {"include": ["sales", "sales.Orders", "sales.Ordres"], "exclude": ["ops", "pos"]}
    records = run(config | given)
    (told,) = diagnostics(records)
    assert (told.code, told.count) == ("FILTER_MATCHED_NOTHING", 2)
    assert told.title.endswith(": sales.Ordres, pos")


def test_a_pattern_below_what_was_read_is_not_doubted(config: Json) -> None:
    records = run(config | {"exclude": ["sales.Orders.tile"]}, ["containers"])
    assert diagnostics(records) == []


def test_scopes_limit_what_is_read_and_accounted_for(config: Json) -> None:
    scope = f"{NAMESPACE}/sales"
    records = run(config | {"scopes": [scope]})
    assert names(records, Dashboard) == ["Orders", "Re.turns"]
    assert {one.scope_urn for one in coverage(records).values()} == {scope}
    assert coverage(records)["dashboards"].extracted == 2
    assert coverage(records)["dashboards"].filtered == 0


def test_two_scopes_are_accounted_for_apart(config: Json) -> None:
    scopes = [f"{NAMESPACE}/ops", f"{NAMESPACE}/sales", f"{NAMESPACE}/gone"]
    records = run(config | {"scopes": scopes}, ["dashboards"])
    counts = {one.scope_urn: one.extracted for one in records if isinstance(one, Coverage)}
    assert counts == dict(zip(scopes, (1, 2, 0), strict=True))


def allowance(**given: Any) -> Allowance:
    return Allowance(connector, Config(base_url="x", token=SecretStr("x"), **given))


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        (["a"], None, True),
        (["a", "b"], None, True),
        (["a", "x"], None, False),
        (["a", "b", "c"], None, True),
        (["a", "b", "c"], "#", True),
        (["a", "x", "c"], "#", False),
        (["a", "b"], "routine", True),
        (["a", "x"], "routine", False),
        (["a", "b", "c", "i"], "index", True),
        (["a", "x", "c", "i"], "index", False),
    ],
)
def test_what_patterns_look_at(path: list[str], kind: str | None, expected: bool) -> None:
    """A routine of a schema counts like a table, an index or a column like its table."""
    assert allowance(include=["a.b"]).passes(urn.join(NAMESPACE, path, kind)) is expected


def test_a_place_is_wanted_when_a_scope_lies_in_it_or_around_it() -> None:
    some = allowance(scopes=[f"{NAMESPACE}/a/b"])
    assert some.wants(NAMESPACE)
    assert some.wants(f"{NAMESPACE}/a")
    assert some.wants(f"{NAMESPACE}/a/b/c")
    assert not some.wants(f"{NAMESPACE}/a/x")
    assert not some.wants(f"{NAMESPACE}/a/bb")


def system(client: Any, request: Request) -> Iterator[Item]:
    yield System(namespace=client.namespace, platform="boards")


def test_parts_share_what_is_about_the_whole(config: Json) -> None:
    """The system is read with the first part; folders of all parts add up in one scope."""

    def parts(client: Any, wanted: Any) -> Iterator[Part]:
        shared = {"systems": NAMESPACE, "containers": NAMESPACE}
        yield Part(f"{NAMESPACE}/sales", client, scopes=shared)
        yield Part(f"{NAMESPACE}/ops", client, scopes=shared, skip=frozenset({"systems"}))

    streams = (Stream((System,), system), connector.streams[0])
    split = dataclasses.replace(connector, parts=parts, streams=streams)
    records = list(extract(split, config))
    assert [type(one) for one in records].count(System) == 1
    assert [type(one) for one in records].count(Container) == 4
    counts = [(it.stream, it.scope_urn, it.extracted) for it in coverage(records).values()]
    assert counts == [("systems", NAMESPACE, 1), ("containers", NAMESPACE, 2)]


def test_the_system_is_told_whatever_the_scopes(config: Json) -> None:
    only = dataclasses.replace(connector, streams=(Stream((System,), system),))
    given = {"scopes": [f"{NAMESPACE}/sales"], "include": ["sales"]}
    records = list(extract(only, config | given))
    assert [type(one) for one in records] == [System, Diagnostic, Coverage]
    assert coverage(records)["systems"].scope_urn == NAMESPACE
