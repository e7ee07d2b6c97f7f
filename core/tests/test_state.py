"""Bookmarks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from songbook.errors import ConfigError
from songbook.state import Clock

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def bookmark(at: datetime) -> dict[str, str]:
    return {"replication_key": "altered_at", "replication_key_value": at.isoformat()}


@pytest.mark.parametrize("state", [None, {}, {"bookmarks": None}, {"bookmarks": {"tables": {}}}])
def test_without_a_bookmark_everything_is_read(state: dict[str, object] | None) -> None:
    assert Clock(state).since() == {}


def test_a_bookmark_is_a_time() -> None:
    assert Clock({"bookmarks": {"tables": bookmark(OLD)}}).since() == {"tables": OLD}


@pytest.mark.parametrize("value", ["yesterday", 5, ["2026"]])
def test_a_bookmark_that_is_no_time_is_a_config_error(value: object) -> None:
    with pytest.raises(ConfigError, match="bookmark of tables is not a time") as caught:
        Clock({"bookmarks": {"tables": {"replication_key_value": value}}}).since()
    assert "Remove the bookmark" in caught.value.hint


def test_a_stream_moves_on_only_when_it_was_read_completely() -> None:
    clock = Clock({"bookmarks": {"tables": bookmark(OLD), "gone": bookmark(OLD)}})
    clock.see("tables", "altered_at", NEW)
    assert clock.state([]) == {"bookmarks": {"tables": bookmark(OLD), "gone": bookmark(OLD)}}
    assert clock.state(["tables"])["bookmarks"]["tables"] == bookmark(NEW)


def test_the_newest_time_counts_in_any_order() -> None:
    clock = Clock()
    for at in (OLD, NEW, None, OLD):
        clock.see("tables", "altered_at", at)
    assert clock.state(["tables"]) == {"bookmarks": {"tables": bookmark(NEW)}}
