"""One pass over a source: a real HTTP server answers, and counts what it was asked."""

from __future__ import annotations

import dataclasses
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fake_source import NAMESPACE, Config, connector
from pydantic import SecretStr

from songbook import Connector, Gap, Part, Request, Settings, Stream, extract
from songbook.connector import Item
from songbook.errors import ConfigError, ConnectionFailed, PermissionMissing, RecordInvalid
from songbook.records import Chart, Coverage, Dashboard, Diagnostic, Liveness, Record, Table
from songbook.testing import JsonApi

Json = dict[str, Any]


def run(config: Json, streams: Any = None, state: Any = None) -> tuple[list[Record], Json]:
    """The records of a run, and the state it ends with."""
    records, iterator = [], extract(connector, config, streams, state=state)
    while True:
        try:
            records.append(next(iterator))
        except StopIteration as end:
            return records, end.value


def coverage(records: list[Record]) -> dict[str, Coverage]:
    return {one.stream: one for one in records if isinstance(one, Coverage)}


def diagnostics(records: list[Record]) -> list[Diagnostic]:
    return [one for one in records if isinstance(one, Diagnostic)]


def names(records: list[Record], kind: Any) -> list[str]:
    return [one.name for one in records if isinstance(one, kind)]


def test_one_pass_feeds_three_streams(api: JsonApi, config: Json) -> None:
    records, _ = run(config)
    assert names(records, Dashboard) == ["Orders", "Re.turns", "Load"]
    assert names(records, Chart) == ["by day", "by shop", "all"]
    seen = {name: (one.extracted, one.complete) for name, one in coverage(records).items()}
    assert seen == {
        "containers": (2, True),
        "dashboards": (3, True),
        "charts": (3, True),
        "lineage": (3, True),
    }
    assert set(api.requests.values()) == {1}


def test_what_is_not_selected_is_not_asked_for(api: JsonApi, config: Json) -> None:
    records, _ = run(config, ["charts"])
    assert Counter(type(one) for one in records) == {Chart: 3, Coverage: 1}
    assert not any(path.startswith("/folders") for path in api.requests)


def test_an_unknown_stream_is_a_config_error(config: Json) -> None:
    with pytest.raises(ConfigError, match="has no stream tables") as caught:
        run(config, ["tables"])
    assert "dashboards" in caught.value.hint


def test_a_record_that_comes_twice_counts_once(api: JsonApi, config: Json) -> None:
    api.answers["/folders?page=2"]["items"].append("sales")
    records, _ = run(config)
    assert len([one for one in records if one.STREAM == "containers"]) == 3
    assert coverage(records)["containers"].extracted == 2


def test_an_incremental_run_says_what_is_merely_alive(config: Json) -> None:
    _, state = run(config)
    mark = state["bookmarks"]["dashboards"]
    assert mark == {
        "replication_key": "altered_at",
        "replication_key_value": "2026-01-03T00:00:00+00:00",
    }
    mark["replication_key_value"] = "2026-01-02T00:00:00+00:00"
    records, state = run(config, state=state)
    assert names(records, Dashboard) == ["Load"]
    alive = [one.urn for one in records if isinstance(one, Liveness)]
    assert alive == [f"{NAMESPACE}/sales/Orders", f"{NAMESPACE}/sales/Re.turns"]
    assert coverage(records)["dashboards"].extracted == 3
    assert state["bookmarks"]["dashboards"]["replication_key_value"] == "2026-01-03T00:00:00+00:00"


def test_alive_and_then_changed_is_one_object(api: JsonApi, config: Json) -> None:
    first, _ = api.answers["/dashboards?page=1"]["items"]
    again = first | {"changed": "2026-02-01T00:00:00+00:00"}
    api.answers["/dashboards?page=2"]["items"] = [again]
    state = {"bookmarks": {"dashboards": {"replication_key_value": "2026-01-15T00:00:00+00:00"}}}
    records, _ = run(config, state=state)
    assert coverage(records)["dashboards"].extracted == 2


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [(403, "denied", "PERMISSION_MISSING"), (500, "failed", "READ_FAILED")],
)
def test_a_page_that_fails_spoils_its_own_streams_only(
    api: JsonApi, config: Json, status: int, outcome: str, code: str
) -> None:
    api.answers["/dashboards?page=2"] = status
    records, state = run(config)
    account = coverage(records)
    assert {name: one.complete for name, one in account.items()} == {
        "containers": True,
        "dashboards": False,
        "charts": False,
        "lineage": False,
    }
    assert getattr(account["charts"], outcome) == 1
    assert account["charts"].extracted == 3
    assert "/dashboards?page=2" in (account["charts"].reason or "")
    found = diagnostics(records)
    assert {(one.code, one.stream) for one in found} == {
        (code, name) for name in ("dashboards", "charts", "lineage")
    }
    assert all(one.remediation for one in found)
    assert state["bookmarks"] == {}, "a stream that was not read to its end keeps its bookmark"


def test_a_gap_is_counted_and_names_what_was_not_read(api: JsonApi, config: Json) -> None:
    api.answers["/dashboards?page=1"] |= {"hidden": 2, "without_counts": True}
    api.answers["/dashboards?page=2"] |= {"hidden": 1}
    records, _ = run(config)
    boards, charts = coverage(records)["dashboards"], coverage(records)["charts"]
    assert (boards.complete, boards.denied, boards.seen) == (False, 3, 6)
    assert boards.unread_fields == ["view_count"]
    assert charts.complete
    counts = {one.code: one.count for one in diagnostics(records)}
    assert counts == {"BOARDS_HIDDEN": 3, "BOARDS_NO_COUNTS": None}


def test_a_source_that_is_not_there_is_a_failed_connection(config: Json) -> None:
    with pytest.raises(ConnectionFailed):
        run(config | {"base_url": "http://127.0.0.1:9"})


def test_a_part_that_is_refused_leaves_the_others(config: Json) -> None:
    def parts(client: Any, wanted: Any) -> Iterator[Part]:
        yield Part(f"{NAMESPACE}/secret", error=PermissionMissing("No.", hint="GRANT IT;"))
        yield Part(f"{NAMESPACE}/sales", client)

    split = dataclasses.replace(connector, parts=parts)
    records = list(extract(split, config, ["containers"]))
    seen = [
        (one.scope_urn, one.complete, one.denied) for one in records if isinstance(one, Coverage)
    ]
    assert seen == [(f"{NAMESPACE}/sales", True, 0), (f"{NAMESPACE}/secret", False, 1)]
    (told,) = diagnostics(records)
    assert (told.scope_urn, told.remediation) == (f"{NAMESPACE}/secret", "GRANT IT;")


def test_a_stream_that_the_source_does_not_have_is_not_covered(api: JsonApi, config: Json) -> None:
    """Nobody may take it for read and empty; it is no fault either."""

    def parts(client: Any, wanted: Any) -> Iterator[Part]:
        yield Part(NAMESPACE, client, lacks={"containers": "This edition has no folders."})

    old = dataclasses.replace(connector, parts=parts)
    records = list(extract(old, config))
    assert set(coverage(records)) == {"dashboards", "charts", "lineage"}
    assert not any(path.startswith("/folders") for path in api.requests)
    (told,) = diagnostics(records)
    assert (told.code, told.stream, told.severity, told.title) == (
        "NO_SUCH_STREAM", "containers", "info", "This edition has no folders.",
    )  # fmt: skip
    assert diagnostics(list(extract(old, config, ["charts"]))) == []


def test_scopes_of_which_the_rest_is_unknown(config: Json) -> None:
    """Each has an account of its own; a gap in one leaves the others complete."""

    def read(client: Any, request: Request) -> Iterator[Item]:
        for path in ("sales/a", "sales/b", "ops/c", "unseen/d"):
            yield Table(
                urn=f"{NAMESPACE}/{path}", name=path, container_urn=NAMESPACE, table_type="table"
            )
        denied = Diagnostic(
            code="X", stream="tables", scope_urn=f"{NAMESPACE}/ops", severity="error", title="No."
        )
        yield Gap("denied", denied)

    def parts(client: Any, wanted: Any) -> Iterator[Part]:
        yield Part(NAMESPACE, client, within=(f"{NAMESPACE}/sales", f"{NAMESPACE}/ops"))

    split = dataclasses.replace(connector, parts=parts, streams=(Stream((Table,), read),))
    records = list(extract(split, config))
    assert names(records, Table) == ["sales/a", "sales/b", "ops/c"]
    seen = {
        one.scope_urn.removeprefix(NAMESPACE): (one.extracted, one.complete)
        for one in records
        if isinstance(one, Coverage)
    }
    assert seen == {"/sales": (2, True), "/ops": (1, False)}


def test_our_own_mistakes_are_not_taken_for_the_sources(config: Json) -> None:
    def read(client: Any, request: Request) -> Iterator[Record]:
        raise RecordInvalid
        yield

    broken = dataclasses.replace(connector, streams=(Stream((Table,), read),))
    with pytest.raises(RecordInvalid):
        list(extract(broken, config))


@pytest.mark.parametrize(
    ("distinct", "include", "bytes_a_record"),
    [(True, [], 1), (True, ["db.*"], 200), (False, [], 120)],
)
def test_memory_does_not_grow_with_the_source(
    distinct: bool, include: list[str], bytes_a_record: int
) -> None:
    """What grows has a bound (the cache of encoded names), or is a hash where keys may repeat."""
    few, many = (_peak(count, include, distinct=distinct) for count in (2_000, 40_000))
    assert many - few < 38_000 * bytes_a_record + 100_000


def _peak(count: int, include: list[str], *, distinct: bool) -> int:
    """The most memory that a run of so many records takes."""

    def read(client: Any, request: Request) -> Iterator[Record]:
        for number in range(count):
            urn = f"{NAMESPACE}/db/s/t{number}"
            yield Table(urn=urn, name=f"t{number}", container_urn=NAMESPACE, table_type="table")

    @contextmanager
    def connect(config: Settings) -> Iterator[Any]:
        yield _Nowhere()

    large = Connector(
        name="large",
        title="Large",
        config=Settings,
        connect=connect,
        streams=(Stream((Table,), read, distinct=distinct),),
        identifiers=connector.identifiers,
    )
    tracemalloc.start()
    assert sum(isinstance(one, Table) for one in extract(large, {"include": include})) == count
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


class _Nowhere:
    namespace = NAMESPACE


def test_settings_may_be_ready_made(api: JsonApi) -> None:
    ready = Config(base_url=api.url, token=SecretStr("canary"))
    assert any(isinstance(one, Dashboard) for one in extract(connector, ready))
