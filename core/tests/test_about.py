"""What a tap tells about itself."""

from __future__ import annotations

import json

import pytest
from fake_source import connector

from songbook.about import about, render
from songbook.singer import tap_class


def test_everything_is_told() -> None:
    info = about(connector)
    assert info["name"] == "tap-boards"
    assert info["env_var_prefix"] == "TAP_BOARDS_"
    assert {"include", "exclude", "scopes", "namespace", "cache_dir"} <= set(
        info["settings"]["properties"]
    )
    assert info["streams"][0] == {"name": "containers", "selected_by_default": True}
    assert json.loads(render(connector, "json")) == info


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_people_see_each_setting_and_its_description(form: str) -> None:
    text = render(connector, form)
    for name, spec in about(connector)["settings"]["properties"].items():
        assert name in text
        assert spec["description"] in text


def test_the_sdk_tells_the_same_settings() -> None:
    theirs = tap_class(connector).config_jsonschema["properties"]
    assert about(connector)["settings"]["properties"].items() <= theirs.items()
