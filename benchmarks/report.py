"""RESULTS.md: one section a benchmark, so that each can be measured again alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

HEAD = "# What it costs\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as a Markdown table; None is an empty cell."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(
        f"| {' | '.join('' if one is None else str(one) for one in line)} |" for line in lines
    )


def put(file: Path, section: str) -> None:
    """Write a section, which begins with its heading, in place of the one of that heading."""
    text = file.read_text(encoding="utf-8") if file.exists() else HEAD
    head, *sections = re.split(r"(?m)^(?=## )", text)
    kept = {_heading(one): one.strip() for one in sections} | {_heading(section): section.strip()}
    file.write_text("\n\n".join([head.strip(), *kept.values()]) + "\n", encoding="utf-8")


def _heading(section: str) -> str:
    return section.partition("\n")[0]
