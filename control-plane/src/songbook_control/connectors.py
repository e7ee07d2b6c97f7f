"""The connectors that are installed, for people.

They are listed from the metadata of their distributions: no third party's code enters here.
"""

from __future__ import annotations

from songbook import registry
from songbook.registry import Entry


def render() -> str:
    """A line for each connector; one whose module is not there says so."""
    found = registry.entries()
    if not found:
        return 'No connector is installed. Try: pip install "songbook[postgres]"'
    rows = [("NAME", "WHAT IT IS", "DISTRIBUTION"), *map(_row, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(entry: Entry) -> tuple[str, str, str]:
    told = entry.summary or "" if entry.is_found else f"broken: there is no module {entry.module}"
    return entry.name, told, f"{entry.distribution or 'unknown'} {entry.version or ''}".strip()
