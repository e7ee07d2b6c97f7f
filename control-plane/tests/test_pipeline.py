"""What a person reads when one side of the demo's pipeline fails."""

from __future__ import annotations

import pytest

from songbook.errors import SongbookError
from songbook_control.demo.pipeline import pipe


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


FINE = shell("cat > /dev/null")


def test_both_sides_well_is_no_error():
    pipe(shell("echo record"), FINE)


def test_a_failed_tap_is_quoted_with_its_hint():
    tap = shell("echo 'error: No such host.' >&2; echo 'hint: Try another.' >&2; exit 3")
    with pytest.raises(SongbookError, match=r"tap-postgres .* code 3: No such host") as failure:
        pipe(tap, shell("cat > /dev/null; echo 'error: No coverage.' >&2; exit 4"))
    assert failure.value.hint == "Try another."


def test_a_failed_target_is_to_blame_for_the_closed_pipe():
    with pytest.raises(SongbookError, match=r"target-catalog .* code 1: Disk full"):
        pipe(shell("exit 141"), shell("echo 'error: Disk full.' >&2; exit 1"))


def test_a_program_without_an_error_line_is_quoted_by_its_last_one():
    with pytest.raises(SongbookError, match="code 1: Segmentation fault"):
        pipe(shell("echo Segmentation fault >&2; exit 1"), FINE)
