"""The findings in words, for a terminal of 80 columns."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from songbook import urn

from songbook_control.demo.findings import Change, Findings, Step

WIDTH = 80
LONGEST_VALUE = 22
SINGULAR = {"indexes": "index", "lineage": "lineage"}
"""Streams whose name for one thing isn't the stream's without its last letter."""

TRY = """\
psql "$(songbook db url)"                 the catalog in SQL; for example
  SELECT table_name, name, data_type FROM catalog.relation_columns;
  SELECT at, urn, field, before, after FROM catalog.changes WHERE breaking;
songbook db status                        where it lives, and who uses it
tap-postgres --about                      what to set to read your own database
tap-postgres --config my.json --check     whether it can be reached
tap-postgres --config my.json | target-catalog"""


def render(findings: Findings) -> str:
    """The whole report."""
    sections = {
        "What the catalog holds": _counts(findings),
        f"What the second run found changed: {len(findings.changes)} changes": _changes(
            findings.changes
        ),
        f"What {_name(findings.column_urn)} is made from": _lineage(findings),
        "Where it lives": [findings.folder, findings.url],
        "Try next": TRY.splitlines(),
    }
    return "\n" + "\n\n".join(
        "\n".join([title, "-" * len(title), *lines]) for title, lines in sections.items()
    )


def _counts(findings: Findings) -> list[str]:
    rows = zip(findings.first, findings.second, strict=True)
    lines = [f"{'':14}first run   second run"]
    return lines + [f"{one.stream:14}{one.count:9}{two.count:13}" for one, two in rows]


def _changes(changes: Iterable[Change]) -> list[str]:
    lines = [
        textwrap.fill(
            _change(change),
            WIDTH,
            initial_indent="! " if change.breaking else "  ",
            subsequent_indent="      ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for change in changes
    ]
    return [*lines, "! = breaks whoever reads the old form"]


def _change(change: Change) -> str:
    what = f"{_singular(change.stream)} {_name(change.urn)}"
    if change.kind != "changed":
        return f"{what} {change.kind}{_company(change.counts)}"
    field = (change.field or "").replace("_", " ")
    return f"{what}: {field} {_value(change.before)} -> {_value(change.after)}"


def _company(counts: dict[str, int] | None) -> str:
    """What came or went with an object."""
    parts = [
        f"{count} {_singular(stream) if count == 1 else stream}"
        for stream, count in sorted((counts or {}).items())
    ]
    return f" with {', '.join(parts)}" if parts else ""


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_VALUE else f"{flat[: LONGEST_VALUE - 3]}..."


def _lineage(findings: Findings) -> list[str]:
    return [_name(findings.column_urn), *_branches(findings.lineage)]


def _branches(steps: list[Step], margin: str = "") -> Iterator[str]:
    """The steps, which come depth first, as the branches of a tree."""
    tops = [index for index, step in enumerate(steps) if step.depth == steps[0].depth]
    for top, end in zip(tops, [*tops[1:], len(steps)], strict=True):
        is_last = end == len(steps)
        step = steps[top]
        how = f"  ({step.how.lower()})" if step.how else ""
        name = _name(f"{step.upstream_urn}#{urn.encode(step.upstream_field)}")
        yield f"{margin}{'└─ ' if is_last else '├─ '}{name}{how}"
        yield from _branches(steps[top + 1 : end], margin + ("   " if is_last else "│  "))


def _name(text: str) -> str:
    """A URN as people write names: without system and database."""
    parts = urn.parse(text)
    names = [*parts.path[1:], parts.name, parts.field_path]
    return ".".join(name for name in names if name is not None) or "the database"


def _singular(stream: str) -> str:
    return SINGULAR.get(stream, stream.removesuffix("s"))
