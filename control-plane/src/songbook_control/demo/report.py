"""The findings in words, for a terminal of 80 columns."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from songbook import urn
from songbook_control.demo.findings import Change, Findings, Step

WIDTH = 80
LONGEST_VALUE = 24
LONGEST_DIFFERENCE = 40
SINGULAR = {"indexes": "index", "lineage": "lineage edge of"}
"""One thing of a stream, where it isn't called as the stream without its last letter."""

TRY = """\
psql "$(songbook db url)" \\
  -c "SELECT table_name, name, data_type FROM catalog.relation_columns"
psql "$(songbook db url)" \\
  -c "SELECT at, urn, field, before, after FROM catalog.changes"
songbook db status

# Your own database: put its host, database and user into my.json, then
tap-postgres --config my.json --check
tap-postgres --config my.json | target-catalog

# In the end
songbook db stop"""
"""Commands for a shell; a test runs them."""


def render(findings: Findings) -> str:
    """The whole report."""
    breaking = sum(change.breaking for change in findings.changes)
    sections = {
        "What the catalog holds": _counts(findings),
        f"What changed then: {len(findings.changes)} changes, {breaking} of them breaking": (
            _changes(findings.changes)
        ),
        f"What {_name(findings.column_urn)} is made from": _lineage(findings),
        "Where the catalog lives": [findings.folder, findings.url],
        "What to try next": [*findings.path, *TRY.splitlines()],
    }
    return "\n" + "\n\n".join(
        "\n".join([title, "-" * len(title), *lines]) for title, lines in sections.items()
    )


def _counts(findings: Findings) -> list[str]:
    rows = zip(findings.first, findings.second, strict=True)
    lines = [f"{'':14}first run   second run"]
    return lines + [f"{one.stream:14}{one.count:9}{two.count:13}" for one, two in rows]


def _changes(changes: list[Change]) -> list[str]:
    """A line for each change; those that read alike are one line."""
    times = Counter((change.breaking, _change(change)) for change in changes)
    lines = [
        textwrap.fill(
            text if count == 1 else f"{text} (x {count})",
            WIDTH,
            initial_indent="! " if is_breaking else "  ",
            subsequent_indent="      ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for (is_breaking, text), count in times.items()
    ]
    return [*lines, "! = breaks whoever reads the old form"]


def _change(change: Change) -> str:
    what = f"{_singular(change.stream)} {_name(change.urn)}"
    if change.kind != "changed":
        return f"{what} {change.kind}{_company(change.counts)}"
    field = (change.field or "").replace("_", " ")
    return f"{what}: {field} {_difference(_text(change.before), _text(change.after))}"


def _company(counts: dict[str, int] | None) -> str:
    """What came or went with an object."""
    parts = [f"{stream} ({count})" for stream, count in sorted((counts or {}).items())]
    return f" with its {', '.join(parts)}" if parts else ""


def _text(value: Any) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _difference(before: str, after: str) -> str:
    """Both values if they are short, else the words that went (-) and came (+)."""
    if max(len(before), len(after)) <= LONGEST_VALUE:
        return f"{before} -> {after}"
    old, new = before.split(), after.split()
    edits = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    went = [word for kind, a, b, _, _ in edits if kind != "equal" for word in old[a:b]]
    came = [word for kind, _, _, c, d in edits if kind != "equal" for word in new[c:d]]
    parts = [f"{sign} {_shorten(words)}" for sign, words in (("-", went), ("+", came)) if words]
    return " ".join(parts)


def _shorten(words: list[str]) -> str:
    return textwrap.shorten(" ".join(words), LONGEST_DIFFERENCE, placeholder=" ...")


def _lineage(findings: Findings) -> list[str]:
    return [_name(findings.column_urn), *_branches(findings.lineage)]


def _branches(steps: list[Step], margin: str = "") -> Iterator[str]:
    """The steps, which come depth first, as the branches of a tree."""
    tops = [index for index, step in enumerate(steps) if step.depth == steps[0].depth]
    for top, end in pairwise([*tops, len(steps)]):
        step, is_last = steps[top], end == len(steps)
        name = _name(f"{step.upstream_urn}#{urn.encode(step.upstream_field)}")
        how = f"  ({step.how.lower()})" if step.how else ""
        yield f"{margin}{'└─ ' if is_last else '├─ '}{name}{how}"
        yield from _branches(steps[top + 1 : end], margin + ("   " if is_last else "│  "))


def _name(text: str) -> str:
    """A URN as people write names: without system and database."""
    parts = urn.parse(text)
    names = [*parts.path[1:], parts.name, parts.field_path]
    return ".".join(name for name in names if name is not None) or "the database"


def _singular(stream: str) -> str:
    return SINGULAR.get(stream, stream.removesuffix("s"))
