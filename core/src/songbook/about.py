"""`--about`: what a tap is, what it can do and how it is set up, in the words of singer-sdk,
without importing it."""

from __future__ import annotations

import json
from importlib import metadata
from typing import Any

from songbook.connector import Connector
from songbook.settings import json_schema

CAPABILITIES = ("catalog", "discover", "state", "test", "about", "stream-maps", "schema-flattening")
"""What every tap can do, as the SDK names it; a test compares it with `songbook.singer`."""


def about(connector: Connector) -> dict[str, Any]:
    """All that there is to know, with the settings as a JSON Schema."""
    return {
        "name": connector.command,
        "description": f"Singer tap for {connector.title} metadata.",
        "version": connector.version,
        "sdk_version": metadata.version("singer-sdk"),
        "supported_python_versions": ["3.11", "3.12", "3.13", "3.14"],
        "capabilities": list(CAPABILITIES),
        "settings": json_schema(connector.config),
        "env_var_prefix": f"{connector.command.upper().replace('-', '_')}_",
        "streams": [
            {"name": kind.STREAM, "selected_by_default": kind.DEFAULT} for kind in connector.yields
        ],
    }


def render(connector: Connector, form: str) -> str:
    """The same as text, Markdown or JSON."""
    info = about(connector)
    if form == "json":
        return json.dumps(info, indent=2)
    rows = [
        (
            name,
            _type(spec),
            "yes" if name in info["settings"].get("required", ()) else "",
            spec["description"],
        )
        for name, spec in info["settings"]["properties"].items()
    ]
    if form == "markdown":
        table = "\n".join(f"| {' | '.join((f'`{row[0]}`', *row[1:]))} |" for row in rows)
        head = f"# {info['name']} {info['version']}\n\n{info['description']}\n\n"
        return f"{head}| setting | type | required | description |\n|---|---|---|---|\n{table}"
    lines = "\n".join(
        f"  {name} ({kind}{', required' if needed else ''}): {text}"
        for name, kind, needed, text in rows
    )
    streams = ", ".join(
        one["name"] + ("" if one["selected_by_default"] else " (off)") for one in info["streams"]
    )
    head = f"{info['name']} {info['version']}\n{info['description']}"
    return f"{head}\n\nSettings\n{lines}\n\nStreams\n  {streams}"


def _type(spec: dict[str, Any]) -> str:
    kinds = [one.get("type", "") for one in (spec, *spec.get("anyOf", ()))]
    return " or ".join(kind for kind in kinds if kind and kind != "null") or "any"
