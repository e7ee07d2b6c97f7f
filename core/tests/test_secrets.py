"""References to secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from songbook.errors import ConfigError
from songbook.secrets import resolve, resolve_all


def test_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_SECRET", "s3cret")
    assert resolve("${env:THE_SECRET}") == "s3cret"
    assert resolve("postgresql://me:${env:THE_SECRET}@h") == "postgresql://me:s3cret@h"


def test_a_file_without_its_last_line_break(tmp_path: Path) -> None:
    path = tmp_path / "secret file"
    path.write_bytes(b"line 1\nline 2 \r\n")
    assert resolve(f"${{file:{path}}}") == "line 1\nline 2 "


def test_what_a_secret_holds_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST", "${env:SECOND}")
    assert resolve("${env:FIRST}") == "${env:SECOND}"


@pytest.mark.parametrize("text", ["$env:X", "${X}", "${vault:X}", "${env:}", "$$", "${"])
def test_other_text_stays(text: str) -> None:
    assert resolve(text) == text


def test_references_at_any_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "1")
    nested = {"x": ["${env:A}", {"y": "${env:A}"}], "z": 3, "none": None}
    assert resolve_all(nested) == {"x": ["1", {"y": "1"}], "z": 3, "none": None}


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("${env:NOT_THERE}", "NOT_THERE is not set"),
        ("${file:/not/there}", "Can't read the secret in /not/there"),
        ("${file:/}", "Can't read the secret in /"),
    ],
)
def test_what_is_not_there_is_a_config_error(reference: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        resolve(reference)
    assert caught.value.hint


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.write_bytes(b"\xff\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        resolve(f"${{file:{path}}}")


def test_nothing_is_resolved_where_the_machine_is_off_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THE_SECRET", "s3cret")
    with pytest.raises(ConfigError, match="SONGBOOK_AMBIENT=0") as caught:
        resolve("${env:THE_SECRET}", ambient=False)
    assert "s3cret" not in str(caught.value)
