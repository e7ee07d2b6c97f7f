"""What is installed is what is pinned."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def test_pinned_versions_are_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = [Requirement(text) for text in project["tool"]["uv"]["constraint-dependencies"]]
    here = {pin.name: pin for pin in pins if pin.marker is None or pin.marker.evaluate()}
    installed = {name: metadata.version(name) for name in here}
    assert {
        name: version for name, version in installed.items() if version not in here[name].specifier
    } == {}
    assert len(here) > 50
