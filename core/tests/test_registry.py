"""Installed connectors, found by entry points that really stand on the path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import fake_source
import pytest

from songbook import registry
from songbook.errors import ConfigError

Install = Callable[[str, str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a distribution on the path: its connector's name, the entry point, its module's code."""
    monkeypatch.syspath_prepend(tmp_path)

    def put(name: str, value: str, code: str) -> None:
        info = tmp_path / f"their_tap_{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: their-tap-{name}\nVersion: 1.2\n"
        )
        (info / "entry_points.txt").write_text(f"[songbook.connectors]\n{name} = {value}\n")
        (tmp_path / f"{value.partition(':')[0]}.py").write_text(code)

    return put


def listed(name: str) -> registry.Listed:
    return next(one for one in registry.installed() if one.name == name)


def test_a_plugin_is_found_by_name_and_alias(install: Install) -> None:
    install("boards", "their_boards:connector", "from fake_source import connector\n")
    assert registry.load("boards") is fake_source.connector
    assert registry.load("dashing") is fake_source.connector
    found = listed("boards")
    assert (found.distribution, found.version, found.error) == ("their-tap-boards", "1.2", None)
    assert fake_source.connector.version == "1.2"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import not_there_at_all", "ModuleNotFoundError: No module named 'not_there_at_all'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("", "AttributeError"),
        ("connector = object()", "is no Connector"),
        ("raise SystemExit(1)", "SystemExit"),
    ],
)
def test_a_broken_plugin_disturbs_nobody(install: Install, code: str, error: str) -> None:
    module = f"broken_{abs(hash(code))}"
    install("aaa-broken", f"{module}:connector", code)
    found = listed("aaa-broken")
    assert found.connector is None
    assert error in (found.error or "")
    assert listed("postgres").connector is not None
    assert registry.load("postgresql").name == "postgres"
    with pytest.raises(ConfigError, match="'aaa-broken' is broken") as caught:
        registry.load("aaa-broken")
    assert "their-tap-aaa-broken" in caught.value.hint


def test_an_unknown_name_lists_what_is_installed() -> None:
    with pytest.raises(ConfigError, match="There is no connector 'oracle'") as caught:
        registry.load("oracle")
    assert "postgres" in caught.value.hint
    assert 'pip install "songbook[oracle]"' in caught.value.hint


def test_a_connector_that_nobody_registered_has_no_version() -> None:
    assert dataclasses.replace(fake_source.connector, name="nobodys").version == "unknown"
