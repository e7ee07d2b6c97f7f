"""RESULTS.md: one section a benchmark, so that each can be measured again alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Cost

HEAD = "# What it costs\n"


@dataclass(frozen=True)
class Goal:
    """A figure that was to be reached."""

    what: str
    found: float
    limit: float
    is_floor: bool = False
    """Whether it must not be below the limit, rather than not above."""

    @property
    def is_reached(self) -> bool:
        """Whether what was found is good enough."""
        return self.found >= self.limit if self.is_floor else self.found <= self.limit


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows as a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goals(found: Iterable[Goal]) -> str:
    """What was to be reached, and whether it was."""
    columns = ("figure", "to reach", "found", "")
    return table(columns, map(_goal, found))


def _goal(goal: Goal) -> tuple[str, str, str, str]:
    limit = f"{'at least' if goal.is_floor else 'at most'} {goal.limit:,g}"
    return goal.what, limit, _number(goal.found), "" if goal.is_reached else "**not reached**"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def figures(cost: Cost) -> tuple[str, ...]:
    """Wall, CPU of client and server, peak memory and write-ahead log."""
    return (
        f"{cost.wall:.2f}",
        f"{cost.client:.2f}",
        f"{cost.server:.2f}",
        f"{cost.memory:.0f}",
        f"{cost.wal:.2f}",
    )


def put(file: Path, section: str) -> None:
    """Write a section, which begins with its heading, in place of the one of that heading."""
    text = file.read_text(encoding="utf-8") if file.exists() else HEAD
    head, *sections = re.split(r"(?m)^(?=## )", text)
    kept = {_heading(one): one.strip() for one in sections} | {_heading(section): section.strip()}
    file.write_text("\n\n".join([head.strip(), *kept.values()]) + "\n", encoding="utf-8")


def _heading(section: str) -> str:
    return section.partition("\n")[0]
