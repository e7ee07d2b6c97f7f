"""The connectors that are installed, for people."""

from __future__ import annotations

from songbook import registry
from songbook.registry import Listed


def render() -> str:
    """A line for each connector; a broken one says why."""
    found = registry.installed()
    if not found:
        return 'No connector is installed. Try: pip install "songbook[postgres]"'
    rows = [("NAME", "TITLE", "DISTRIBUTION"), *map(_row, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(listed: Listed) -> tuple[str, str, str]:
    title = listed.connector.title if listed.connector else f"broken: {listed.error}"
    return listed.name, title, f"{listed.distribution or 'unknown'} {listed.version or ''}".strip()
