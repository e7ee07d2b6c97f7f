"""Looking around."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fake_source import connector, folders

from songbook import Part, Request, browse, stream
from songbook.connector import Item
from songbook.errors import NotSupported, PermissionMissing, SourceError
from songbook.records import Column, Dashboard, Liveness, Table
from songbook.testing import JsonApi


@stream(Table, Column)
def tables(client: Any, request: Request) -> Iterator[Item]:
    """Whatever is asked for, as one table with one column."""
    for schema in request.schemas or ():
        urn = f"{client.namespace}/{schema}/t"
        yield Table(urn=urn, name="t", container_urn=urn, table_type="table")
        for table in request.tables or ():
            yield Column(
                urn=f"{urn}#{table}", name=table, table_urn=urn, field_path=table, data_type="x"
            )


LIBRARY = dataclasses.replace(connector, streams=(folders, tables))


def test_containers_are_read_alone(api: JsonApi, config: dict[str, Any]) -> None:
    assert [one.name for one in browse(connector, config).schemas()] == ["sales", "ops"]
    assert set(api.requests) == {"/", "/folders?page=1", "/folders?page=2"}


def test_reads_are_narrowed(config: dict[str, Any]) -> None:
    view = browse(LIBRARY, config)
    assert [one.urn for one in view.tables("s")] == ["boards://example/s/t"]
    assert [one.name for one in view.columns("s", "orders")] == ["orders"]


def test_the_filter_holds_here_too(config: dict[str, Any]) -> None:
    view = browse(LIBRARY, config | {"exclude": ["ops"]})
    assert [one.name for one in view.schemas()] == ["sales"]
    assert list(view.tables("ops")) == []


def test_what_changed_by_the_sources_clock(config: dict[str, Any]) -> None:
    changed = list(browse(connector, config).changed(datetime(2026, 1, 2, tzinfo=UTC)))
    assert [one.name for one in changed if isinstance(one, Dashboard)] == ["Load"]
    assert not any(isinstance(one, Liveness) for one in changed)


def test_a_source_without_a_clock_says_so(config: dict[str, Any]) -> None:
    with pytest.raises(NotSupported, match="keeps no time of changes") as caught:
        browse(LIBRARY, config).changed(datetime.now(UTC))
    assert "catalog.changes" in caught.value.hint


def test_what_cannot_be_seen_is_an_error(api: JsonApi, config: dict[str, Any]) -> None:
    api.answers["/dashboards?page=1"]["hidden"] = 1
    with pytest.raises(SourceError, match="Some dashboards are hidden"):
        list(browse(connector, config).changed(datetime(2020, 1, 1, tzinfo=UTC)))


def test_a_refused_part_is_an_error(config: dict[str, Any]) -> None:
    def parts(client: Any, wanted: Any) -> Iterator[Part]:
        yield Part("boards://example/x", error=PermissionMissing("No.", hint="Ask."))

    with pytest.raises(PermissionMissing, match="No"):
        list(browse(dataclasses.replace(connector, parts=parts), config).schemas())
