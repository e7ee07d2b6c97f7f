"""singer-sdk takes a connector for one of its own taps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import fake_source
import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from songbook import about
from songbook.singer import CAPABILITIES, tap_class
from songbook.testing import JsonApi

API = JsonApi()
fake_source.sample(API)
TAP = tap_class(fake_source.connector)


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[None]:
    with API:
        yield


@pytest.mark.filterwarnings("ignore:Fields in transformed catalog but not in records")
@pytest.mark.filterwarnings("ignore:No records were available to test")
class TestAsTheSdkDoes(
    get_tap_test_class(  # type: ignore[misc]  # the class is made at run time
        TAP,
        config={"base_url": API.url, "token": "canary"},
        suite_config=SuiteConfig(ignore_no_records_for_streams=["diagnostics", "liveness"]),
        parse_env_config=False,
    )
):
    pass


def test_about_names_the_capabilities_of_the_tap() -> None:
    assert set(about.CAPABILITIES) == {one.value for one in CAPABILITIES}


def run(capsysbinary: pytest.CaptureFixture[bytes], **given: Any) -> list[dict[str, Any]]:
    config = {"base_url": API.url, "token": "canary"} | given.pop("config", {})
    TAP(config=config, **given).sync_all()
    return [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


def records(messages: list[dict[str, Any]], stream: str) -> list[dict[str, Any]]:
    found = (one for one in messages if one["type"] == "RECORD" and one["stream"] == stream)
    return [one["record"] for one in found]


def test_one_pass_feeds_all_streams(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    API.requests.clear()
    messages = run(capsysbinary)
    assert len(records(messages, "lineage")) == 3
    assert set(API.requests.values()) == {1}


def test_stream_maps_work(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    maps = {"charts": {"shout": "name.upper()", "__filter__": "name != 'all'"}}
    messages = run(capsysbinary, config={"stream_maps": maps})
    assert [one["shout"] for one in records(messages, "charts")] == ["BY DAY", "BY SHOP"]
    (schema,) = [one for one in messages if one["type"] == "SCHEMA" and one["stream"] == "charts"]
    assert "shout" in schema["schema"]["properties"]


def test_deselected_properties_are_left_out(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    catalog = json.loads(json.dumps(TAP(config={"base_url": API.url, "token": "x"}).catalog_dict))
    (charts,) = [one for one in catalog["streams"] if one["stream"] == "charts"]
    (entry,) = [one for one in charts["metadata"] if one["breadcrumb"] == ["properties", "name"]]
    entry["metadata"]["selected"] = False
    messages = run(capsysbinary, catalog={"streams": [charts]})
    assert [one["stream"] for one in records(messages, "coverage")] == ["charts"]
    assert [one for one in records(messages, "charts") if "name" in one] == []
    assert {"urn", "query"} <= records(messages, "charts")[0].keys()


def test_the_state_comes_last(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    last = run(capsysbinary)[-1]
    assert last["type"] == "STATE"
    assert last["value"]["bookmarks"]["dashboards"]["replication_key"] == "altered_at"
