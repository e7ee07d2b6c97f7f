"""A dbt manifest that is committed: what dbt itself knows of the names of tables."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tap_github.tables import Relation


class Manifest(NamedTuple):
    """Names of tables, and what models read, by path of the model's file."""

    platform: str | None
    relations: dict[str, Relation]
    """The table of each model, snapshot and seed, by its path in the project."""
    sources: dict[tuple[str, str], Relation]
    """The table of each source."""
    reads: dict[str, list[Relation]]
    """The tables that a model reads, also those that only its macros name."""


EMPTY = Manifest(None, {}, {}, {})


def manifest(text: str) -> Manifest:
    """The manifest in a text; an empty one where the text is none."""
    try:
        whole = json.loads(text)
        return _manifest(whole)
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return EMPTY  # it is a stranger's file: any of its parts may have another shape


def _manifest(whole: dict[str, Any]) -> Manifest:
    sources = {one["unique_id"]: one for one in whole["sources"].values()}
    nodes = {
        one["unique_id"]: one
        for one in whole["nodes"].values()
        if one["resource_type"] in ("model", "seed", "snapshot")
    }
    made = {
        name: one for name, one in nodes.items() if one["config"]["materialized"] != "ephemeral"
    }
    known = {name: _relation(one) for name, one in {**made, **sources}.items()}
    return Manifest(
        platform=whole["metadata"].get("adapter_type"),
        relations={made[name]["original_file_path"]: known[name] for name in made},
        sources={(one["source_name"], one["name"]): _relation(one) for one in sources.values()},
        reads={
            one["original_file_path"]: [
                known[name]
                for name in (one.get("depends_on") or {}).get("nodes", ())
                if name in known
            ]
            for one in nodes.values()
        },
    )


def _relation(one: dict[str, Any]) -> Relation:
    table = one.get("alias") or one.get("identifier") or one["name"]
    return Relation(one.get("database"), one.get("schema"), table)
