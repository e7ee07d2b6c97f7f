"""The conformance suite passes for a good tap and fails for each way of being a bad one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import fake_source
import pytest
from fake_source import NAMESPACE

from songbook import extract
from songbook.records import Container, Coverage, Record, Table
from songbook.testing import Conformance, JsonApi


class TestConformance(Conformance):
    connector = fake_source.connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls) -> Iterator[dict[str, Any]]:
        with JsonApi() as api:
            fake_source.sample(api)
            yield {"base_url": api.url, "token": "a-good-token"}


class Suite(Conformance):
    connector = fake_source.connector


FOLDER = Container(urn=f"{NAMESPACE}/a", name="a", container_type="folder")
STRANGE = Table(urn=f"{NAMESPACE}/a", name="a", container_urn=NAMESPACE, table_type="table")
UNTYPED = Container(urn=f"{NAMESPACE}/a", name=5, container_type="folder")  # type: ignore[arg-type]
UNQUOTED = Container(urn=f"{NAMESPACE}/a b", name="a b", container_type="folder")
PARTIAL = Coverage(stream="containers", scope_urn=NAMESPACE, complete=False, extracted=1)


@pytest.mark.parametrize(
    ("test", "records"),
    [
        (Suite.test_every_stream_is_the_connectors_own, [STRANGE]),
        (Suite.test_records_are_valid, [UNTYPED]),
        (Suite.test_keys_are_distinct, [FOLDER, FOLDER]),
        (Suite.test_urns_are_canonical, [UNQUOTED]),
        (Suite.test_coverage_accounts_for_every_record, [FOLDER]),
        (Suite.test_the_source_is_read_completely, [FOLDER, PARTIAL]),
    ],
)
def test_bad_records_are_caught(test: Callable[..., None], records: list[Record]) -> None:
    with pytest.raises(Exception, match=r"assert|Not a URN|is not of type"):
        test(Suite(), records)


def test_wrong_counts_are_caught(config: dict[str, Any]) -> None:
    records = list(extract(Suite.connector, config))
    records.remove(next(one for one in records if isinstance(one, Container)))
    with pytest.raises(AssertionError):
        Suite().test_coverage_accounts_for_every_record(records)


def test_a_source_that_answers_otherwise_the_second_time_is_caught(
    api: JsonApi, config: dict[str, Any]
) -> None:
    records = list(extract(Suite.connector, config))
    Suite().test_two_runs_are_the_same(records, config)
    Suite().test_browsing_shows_what_a_run_reads(records, config)
    api.answers["/folders?page=1"]["items"] = ["renamed"]
    with pytest.raises(AssertionError):
        Suite().test_two_runs_are_the_same(records, config)
    with pytest.raises(AssertionError):
        Suite().test_browsing_shows_what_a_run_reads(records, config)


def test_a_failing_check_is_caught(api: JsonApi, config: dict[str, Any]) -> None:
    Suite().test_the_check_passes(config)
    api.answers["/"] = 500
    with pytest.raises(AssertionError):
        Suite().test_the_check_passes(config)


def test_a_secret_that_shows_is_caught(api: JsonApi, config: dict[str, Any]) -> None:
    Suite().test_secrets_never_show(list(extract(Suite.connector, config)), config)
    api.answers["/folders?page=1"]["items"] = [config["token"]]
    with pytest.raises(AssertionError):
        Suite().test_secrets_never_show(list(extract(Suite.connector, config)), config)


def test_a_setting_without_a_description_is_caught() -> None:
    class Silent(fake_source.Config):
        unexplained: int = 1

    class Mute(Conformance):
        connector = dataclasses.replace(fake_source.connector, config=Silent)

    with pytest.raises(AssertionError):
        Mute().test_about_explains_every_setting()
