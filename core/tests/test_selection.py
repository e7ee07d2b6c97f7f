"""Which streams a catalog selects: as singer-sdk decides it, without importing it."""

from __future__ import annotations

from typing import Any

import pytest
from fake_source import connector
from hypothesis import given, settings
from hypothesis import strategies as st

from songbook.contract import schema_of
from songbook.selection import announced, needs_sdk, selected
from songbook.settings import SDK_SETTINGS
from songbook.singer import stream_types, tap_class

CONFIG = {"base_url": "http://127.0.0.1:9", "token": "canary"}
maybe = st.sampled_from([None, True, False])


def choices() -> st.SearchStrategy[dict[str, Any]]:
    """What the metadata of a stream or property may say."""
    return st.fixed_dictionaries(
        {},
        optional={
            "inclusion": st.sampled_from(["available", "automatic", "unsupported"]),
            "selected": maybe,
            "selected-by-default": maybe,
        },
    )


@st.composite
def entries(draw: st.DrawFn, kind: Any) -> dict[str, Any]:
    properties = st.sampled_from([("properties", name) for name in kind.__struct_fields__])
    nested = st.just(("properties", "tags", "items", "properties", "key"))
    crumbs: list[Any] = draw(st.lists(st.one_of(properties, nested), unique=True, max_size=4))
    has_metadata = draw(st.booleans())
    if crumbs or has_metadata:
        crumbs.append(())
    return {
        "tap_stream_id": kind.STREAM,
        "stream": kind.STREAM,
        "schema": schema_of(kind),
        "key_properties": list(kind.KEY),
        "metadata": [{"breadcrumb": list(one), "metadata": draw(choices())} for one in crumbs],
    }


@st.composite
def catalogs(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(connector.yields), unique=True))
    return {"streams": [draw(entries(kind)) for kind in kinds]}


@settings(max_examples=60)
@given(catalogs())
def test_we_decide_as_the_sdk_does(catalog: dict[str, Any]) -> None:
    tap = tap_class(connector)(config=CONFIG, catalog=catalog, setup_mapper=False)
    own = {kind.STREAM for kind in connector.yields}
    theirs = {name for name, stream in tap.streams.items() if stream.selected} & own
    theirs &= {entry["tap_stream_id"] for entry in catalog["streams"]}
    assert selected(connector, catalog) == theirs
    masks = [tap.streams[name].mask for name in theirs]
    assert needs_sdk(CONFIG, catalog) == any(not all(mask.values()) for mask in masks)


def test_what_discovery_writes_selects_what_is_on_by_default() -> None:
    tap = tap_class(connector)(config=CONFIG)
    assert selected(connector, tap.catalog_dict) == selected(connector, None)
    assert not needs_sdk(CONFIG, tap.catalog_dict)


@pytest.mark.parametrize("name", sorted(SDK_SETTINGS))
def test_settings_of_the_sdk_need_the_sdk(name: str) -> None:
    assert needs_sdk(CONFIG | {name: {"x": 1}}, None)
    assert not needs_sdk(CONFIG | {name: None}, None)


def test_streams_that_the_tap_lacks_are_ignored() -> None:
    metadata = [{"breadcrumb": [], "metadata": {"selected": True}}]
    catalog = {"streams": [{"tap_stream_id": "strange", "metadata": metadata}]}
    assert selected(connector, catalog) == frozenset()


def test_every_run_announces_its_account() -> None:
    kinds = [kind.STREAM for kind in announced(connector, frozenset({"charts"}))]
    assert kinds == ["charts", "liveness", "diagnostics", "coverage"]
    assert set(stream_types(connector)) == {*connector.yields, *connector.always}
