"""Patience with a busy API, and the memory of its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from songbook.errors import ConnectionFailed
from songbook.http import MOST_TRIES, Cache, Patience, persist


class Busy(Exception):
    """It can't answer now."""


def answering_at(success: int) -> tuple[list[int], object]:
    """A request that fails until its nth try."""
    tries: list[int] = []

    def send() -> str:
        tries.append(1)
        if len(tries) < success:
            raise Busy("Try again later.")
        return "answer"

    return tries, send


def test_a_request_is_sent_again_after_the_wait_that_was_asked_for() -> None:
    waits: list[float] = []
    tries, send = answering_at(3)
    patience = Patience(100, waits.append)
    assert persist(send, lambda _, n: 10.0 * n, patience) == "answer"  # type: ignore[arg-type]
    assert (len(tries), waits, patience.left) == (3, [10.0, 20.0], 70.0)


def test_what_will_not_pass_is_not_sent_again() -> None:
    tries, send = answering_at(2)
    with pytest.raises(Busy):
        persist(send, lambda *_: None, Patience(100))  # type: ignore[arg-type]
    assert len(tries) == 1


def test_tries_end() -> None:
    tries, send = answering_at(100)
    with pytest.raises(Busy):
        persist(send, lambda *_: 0.0, Patience(100))  # type: ignore[arg-type]
    assert len(tries) == MOST_TRIES


def test_the_budget_is_one_for_all_requests_and_not_overdrawn() -> None:
    waits: list[float] = []
    patience = Patience(25, waits.append)
    patience.wait(20, "Busy.")
    with pytest.raises(ConnectionFailed, match="wait 10 s, and the run has 5 s left"):
        patience.wait(10, "Busy.")
    assert waits == [20]


def test_answers_are_kept_for_this_user_alone(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"))
    cache.write("a", {"list": [1, None, "ä"]})
    assert Cache(str(tmp_path / "cache")).read("a") == {"list": [1, None, "ä"]}
    assert cache.read("b") is None
    (file,) = (tmp_path / "cache").rglob("*.json")
    assert (file.stat().st_mode & 0o077, file.parent.stat().st_mode & 0o077) == (0, 0)


@pytest.mark.parametrize("damage", [b"", b'{"list": [1', b"\xff\xfe"])
def test_a_damaged_answer_is_none(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(str(tmp_path))
    cache.write("a", [1])
    next(tmp_path.rglob("*.json")).write_bytes(damage)
    assert cache.read("a") is None


def test_without_a_usable_folder_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (None, str(tmp_path / "file")):
        cache = Cache(folder)
        cache.write("a", [1])
        assert cache.read("a") is None
