"""A plugin's definition for Meltano, from what the plugin says about itself.

It is a part of a `meltano.yml`, because `meltano add --from-ref` drops the default selection.
The fields: https://docs.meltano.com/reference/plugin-definition-syntax
"""

from __future__ import annotations

from typing import Any

import yaml

from songbook_control import plugins

KINDS = {"integer": "integer", "number": "decimal", "boolean": "boolean"}
KINDS |= {"array": "array", "object": "object"}
"""Meltano's word for a JSON type, where it isn't string."""


def render(plugin: str) -> str:
    """The definition as YAML, to include in a project's meltano.yml."""
    about = plugins.about(plugin)
    kind = "extractors" if "discover" in about["capabilities"] else "loaders"
    part = {"plugins": {kind: [definition(about)]}}
    return str(yaml.safe_dump(part, sort_keys=False, allow_unicode=True, width=100))


def definition(about: dict[str, Any]) -> dict[str, Any]:
    """The definition of a plugin with this `--about`."""
    name = about["name"]
    settings = about["settings"]["properties"]
    known = {
        "name": name,
        "namespace": name.replace("-", "_"),
        "label": about.get("description") or name,
        "executable": name,
        "capabilities": about["capabilities"],
        "settings": [_setting(key, schema) for key, schema in settings.items()],
    }
    required = about["settings"].get("required")
    if required:
        known["settings_group_validation"] = [required]
    if "streams" in about:
        known["select"] = _selection(about["streams"])
        # The streams are fixed, and a cached catalog would hide those of a later version.
        known["use_cached_catalog"] = False
    return known


def _selection(streams: list[dict[str, Any]]) -> list[str]:
    off = [stream["name"] for stream in streams if not stream["selected_by_default"]]
    return ["*.*", *(f"!{name}.*" for name in off)]


def _setting(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    setting = {"name": name, "label": schema.get("title"), **_kind(schema)}
    if _is_secret(schema):
        setting["sensitive"] = True
    setting["description"] = schema.get("description")
    setting["value"] = schema.get("default")
    return {key: value for key, value in setting.items() if value not in (None, [], {})}


def _kind(schema: dict[str, Any]) -> dict[str, Any]:
    if "enum" in schema:
        options = [{"label": str(value), "value": value} for value in schema["enum"]]
        return {"kind": "options", "options": options}
    kinds = {KINDS.get(one, "string") for one in _types(schema)}
    return {"kind": kinds.pop() if len(kinds) == 1 else "string"}


def _types(schema: dict[str, Any]) -> list[str]:
    """The JSON types that a setting may have, null apart."""
    stated = schema.get("type", [])
    types = [stated] if isinstance(stated, str) else list(stated)
    types += [one for part in schema.get("anyOf", []) for one in _types(part)]
    return [one for one in types if one != "null"]


def _is_secret(schema: dict[str, Any]) -> bool:
    marks = ("secret", "writeOnly")
    return any(schema.get(mark) for mark in marks) or any(map(_is_secret, schema.get("anyOf", [])))
