"""Which streams a Singer catalog selects, as singer-sdk decides it (a test compares the two)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from songbook.connector import Connector
from songbook.extract import chosen
from songbook.records import TYPES, Record
from songbook.settings import SDK_SETTINGS


def selected(connector: Connector, catalog: Mapping[str, Any] | None) -> frozenset[str]:
    """The names of the selected streams; without a catalog, those that are on by default."""
    if catalog is None:
        return chosen(connector, None)
    have = {kind.STREAM for kind in connector.yields}
    entries = {entry.get("tap_stream_id"): _root(entry) for entry in catalog.get("streams", ())}
    return frozenset(name for name in have if name in entries and _is_selected(entries[name]))


def announced(connector: Connector, streams: frozenset[str]) -> Iterator[type[Record]]:
    """The record types whose schemas a run writes, in their order."""
    chosen_kinds = {kind for kind in connector.yields if kind.STREAM in streams}
    return (kind for kind in TYPES if kind in chosen_kinds.union(connector.always))


def needs_sdk(config: Mapping[str, Any], catalog: Mapping[str, Any] | None) -> bool:
    """Whether a sync asks for what only singer-sdk does: its own settings, or streams without all
    properties."""
    if any(config.get(name) for name in SDK_SETTINGS):
        return True
    chosen_entries = (
        entry for entry in (catalog or {}).get("streams", ()) if _is_selected(_root(entry))
    )
    return any(_leaves_out(one) for entry in chosen_entries for one in entry.get("metadata", ()))


def is_catalog(value: Mapping[str, Any]) -> bool:
    """Whether a catalog has the form that Singer gives it: streams with lists of metadata."""
    entries = value.get("streams")
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("metadata") or [], list)
        and all(
            isinstance(one, dict)
            and isinstance(one.get("breadcrumb"), list)
            and isinstance(one.get("metadata"), dict)
            for one in entry.get("metadata") or []
        )
        for entry in entries
    )


def _root(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a catalog says about a stream as a whole; None when it says nothing at all."""
    metadata = entry.get("metadata") or ()
    if not metadata:
        return None
    return next((data["metadata"] for data in metadata if not data["breadcrumb"]), {})


def _is_selected(root: Mapping[str, Any] | None) -> bool:
    if root is None:
        return True
    if root.get("inclusion") in ("unsupported", "automatic"):
        return bool(root["inclusion"] == "automatic")
    choice = root.get("selected")
    return bool(root.get("selected-by-default") if choice is None else choice)


def _leaves_out(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of the metadata takes a property out of its stream."""
    metadata = entry["metadata"]
    if not entry["breadcrumb"] or metadata.get("inclusion") == "automatic":
        return False
    if metadata.get("inclusion") == "unsupported":
        return True
    choice = metadata.get("selected")
    return (metadata.get("selected-by-default") if choice is None else choice) is False
