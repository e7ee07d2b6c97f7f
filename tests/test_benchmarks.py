"""Each benchmark runs, on tiny sizes, and its section of the report has every row with figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import report
from benchmarks.report import Goal

ROOT = Path(__file__).parents[1]
TAPS = ("tap-postgres", "tap-mysql", "tap-redshift")
ROWS = {
    **{
        tap: [
            *((size, f"floor of {tap}") for size in ("0", "10", "20")),
            *((size, tap) for size in ("0", "10", "20")),
            (tap, "10 to 20: 2.0 times"),
            (f"{tap}, 20 tables: peak MB", "at most 100"),
        ]
        for tap in TAPS
    },
    "target": [
        *(
            (size, program)
            for size in ("1,000", "2,000")
            for program in (
                "floor: COPY of a ready file",
                "target-catalog, first load",
                "target-catalog, the same again",
            )
        ),
        ("target-catalog, 2,000 records, the same again: rows rewritten", "at most 0"),
        ("target-catalog, 2,000 records, the same again: WAL MB", "at most 2"),
    ],
    "pipe": [
        ("2,000", "floor: msgspec, validator, COPY"),
        ("2,000", "tap-postgres and target-catalog"),
        ("the pipe, 2,000 records: records a CPU second of the programs", "at least 20,000"),
    ],
    "startup": [
        ("python -c pass", ""),
        ("import psycopg", ""),
        *((f"{tap} --check, refused", "") for tap in TAPS),
        *((f"{tap} --check, refused: wall s", "at most 0.6") for tap in TAPS),
    ],
    "peers": [
        ("10 tables", "tap-postgres"),
        ("10 tables", "DataHub's extractor"),
        ("10 tables", "MeltanoLabs tap-postgres, discovery"),
        ("1,000 records", "target-catalog, first load"),
        ("1,000 records", "MeltanoLabs target-postgres, first load"),
        ("1,000 records", "target-catalog, the same again"),
        ("1,000 records", "MeltanoLabs target-postgres, the same again"),
    ],
    "graph": [
        ("first load", "3,360 edges"),
        ("the same again", "nothing changed"),
        ("resolve", "one table changed"),
        ("two hops up from a column", "16 reached"),
        ("all that a column is made from", "108 reached"),
        ("what breaks with a column", "9 reached"),
    ],
}
"""The beginning of each row that must be there, by section; an empty text stands for a figure."""


def measured(section: str, output: Path) -> str:
    command = [sys.executable, "-m", "benchmarks", "--small", "--output", output, section]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return output.read_text(encoding="utf-8")


@pytest.mark.parametrize("section", ROWS)
def test_a_section_has_a_row_with_figures_for_all_that_it_measures(
    section: str, tmp_path: Path
) -> None:
    text = measured(section, tmp_path / "RESULTS.md")
    if "was not measured" in text and os.environ.get("CI") != "true":
        pytest.skip(text[text.index("was not measured") :].partition("\n")[0])
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    for row in ROWS[section]:
        begin = [cell for cell in row if cell]
        found = [one for one in rows if one[: len(begin)] == begin]
        assert len(found) == 1, row
        figure = found[0][len(begin)]
        assert re.match(r"-?[\d,.]+|not run in a small run", figure), found


def test_lineage_is_measured_against_its_truth(tmp_path: Path) -> None:
    text = measured("lineage", tmp_path / "RESULTS.md")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if "| songbook |" in line]
    assert len(rows) == 5
    for row in rows:
        found, _, true = row[5].partition(" of ")
        assert (found, row[6:]) == (true, ["0", "0"]), row


def test_a_section_replaces_itself_and_no_other(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# What it costs\n\n## Start-up\n\nold\n\n## Other\n\nkept\n")
    report.put(results, "## Start-up\n\nnew")
    expected = "# What it costs\n\n## Start-up\n\nnew\n\n## Other\n\nkept\n"
    assert results.read_text() == expected


@pytest.mark.parametrize(("found", "words"), [(2.0, ""), (2.01, "**not reached**")])
def test_a_figure_that_is_missed_is_said(found: float, words: str) -> None:
    table = report.goals([Goal("wall", found, 2.0)])
    assert table.splitlines()[-1].split(" | ")[-1].strip(" |") == words


def test_an_unknown_section_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks", "nothing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "no section nothing" in done.stderr
