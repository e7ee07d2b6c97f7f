"""Lineage of SQL: speed and truth of ours and of the other open libraries, in the same run.

python -m benchmarks lineage
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import analytical, report
from benchmarks.analytical import Statement
from benchmarks.analyzers import PATIENCE
from benchmarks.scale import Scale

Command = Sequence[str | Path]

ANALYZERS = Path(__file__).with_name("analyzers.py")
UV = Path(sys.executable).with_name("uv")
LONG = 1.0
"""CPU seconds beyond which a library's work is not run again."""
HEAD = """## Lineage of SQL

Medians of {rounds} interleaved runs; CPU seconds; what took longer than {long} s was
run once. Each library runs in a process and an environment of its own, after one statement that
warms it up. Those that can be told the tables' columns are told (openlineage_sql and
collate_sqllineage can't). The statements are made by chance from a fixed seed, together with their
true edges. An edge that only decides (the condition of a CASE, the order of a window) counts
neither as found nor as wrong."""


@dataclass(frozen=True)
class Library:
    """A library, and what the index calls it; None for what is installed here."""

    name: str
    package: str | None = None


OURS = Library("songbook")
PEERS = (
    Library("sqlglot_lineage"),
    Library("openlineage_sql", "openlineage-sql"),
    Library("collate_sqllineage", "collate-sqllineage"),
    Library("sqllineage", "sqllineage"),
)


@dataclass(frozen=True)
class Work:
    """Statements that are measured together."""

    name: str
    statements: Sequence[Statement]

    @property
    def given(self) -> bytes:
        """The statements as the analyzers take them."""
        return json.dumps(
            [{"sql": it.sql, "schema": analytical.known(it)} for it in self.statements]
        ).encode()


@dataclass(frozen=True)
class Result:
    """What one library made of a piece of work, in the middle one of some runs."""

    seconds: float
    slowest: float
    middle: float
    found: int
    """Edges of the truth."""
    wrong: int
    """Edges that are neither true nor of a condition."""
    failed: int


def works() -> list[Work]:
    """What is measured."""
    return [
        Work(f"{analytical.COUNT} analytical statements", analytical.statements()),
        Work("a SELECT of 100 columns", [analytical.wide(100)]),
        Work("a SELECT of 1,000 columns", [analytical.wide(1000)]),
        Work("a chain of 200 CTEs", [analytical.chain(200)]),
        Work("a union of 500 tables", [analytical.union(500)]),
    ]


def section(scale: Scale) -> str:
    """Measure, and say what was found."""
    with tempfile.TemporaryDirectory(prefix="songbook-lineage-") as folder:
        programs = {OURS: Path(sys.executable)}
        for library in PEERS if scale.peers else ():
            program = installed(library, Path(folder))
            if program:
                programs[library] = program
        pages = [page(work, measured(work, programs, scale.rounds)) for work in works()]
    missing = [it.name for it in PEERS if it not in programs]
    return "\n\n".join([head(scale.rounds, missing), *pages])


def installed(library: Library, folder: Path) -> Path | None:
    """The Python of an environment of its own; None where the index has not got the library."""
    if library.package is None:
        return Path(sys.executable)
    home = folder / library.name
    python = home / "bin" / "python"
    subprocess.run([UV, "venv", "--quiet", home], check=True)
    install: Command = [UV, "pip", "install", "--quiet", "--python", python, library.package]
    return python if subprocess.run(install).returncode == 0 else None


def measured(
    work: Work, programs: Mapping[Library, Path], rounds: int
) -> dict[Library, Result | None]:
    """Each library in turn, some times over; None where it gave no answer."""
    runs: dict[Library, list[Result | None]] = {library: [] for library in programs}
    for _ in range(rounds):
        for library, program in programs.items():
            if all(result and result.seconds < LONG for result in runs[library]):
                runs[library].append(run(library, program, work))
    return {library: middle(results) for library, results in runs.items()}


def run(library: Library, program: Path, work: Work) -> Result | None:
    """One library over a piece of work, in a process; None if it gave no answer.

    Raises CalledProcessError where ours fails.
    """
    command: Command = [program, ANALYZERS, library.name]
    ended = subprocess.run(command, input=work.given, capture_output=True, check=library is OURS)
    if ended.returncode != 0:
        return None
    return judged(work.statements, json.loads(ended.stdout))


def judged(statements: Sequence[Statement], answers: Sequence[Mapping[str, Any]]) -> Result:
    """Times, and edges against the truth."""
    pairs = [
        (statement, {(down.lower(), up.lower()) for down, up in answer["edges"]})
        for statement, answer in zip(statements, answers, strict=True)
    ]
    seconds = [answer["seconds"] for answer in answers]
    return Result(
        seconds=sum(seconds),
        slowest=max(seconds),
        middle=median(seconds),
        found=sum(len(found & statement.edges) for statement, found in pairs),
        wrong=sum(
            len(found - statement.edges - statement.conditions) for statement, found in pairs
        ),
        failed=sum(answer["error"] is not None for answer in answers),
    )


def middle(results: Sequence[Result | None]) -> Result | None:
    """The run whose time is the median; None if one gave no answer."""
    answers = [result for result in results if result]
    if len(answers) < len(results):
        return None
    return sorted(answers, key=lambda result: result.seconds)[len(answers) // 2]


def head(rounds: int, missing: Sequence[str]) -> str:
    """What stands above the figures."""
    text = HEAD.format(rounds=rounds, long=LONG)
    return f"{text}\n\nNot measured here: {', '.join(missing)}." if missing else text


def page(work: Work, results: Mapping[Library, Result | None]) -> str:
    """A piece of work as a table."""
    times = ("statements/s", "median ms", "slowest ms", "times ours")
    columns = ("library", *times, "edges", "wrong", "failed")
    truth = sum(len(statement.edges) for statement in work.statements)
    own = results[OURS]
    rows = (line(library, result, work, own, truth) for library, result in results.items())
    return f"### {work.name[0].upper()}{work.name[1:]}\n\n{report.table(columns, rows)}"


def line(
    library: Library, result: Result | None, work: Work, own: Result | None, truth: int
) -> tuple[str, ...]:
    """A library's figures."""
    if result is None:
        return (library.name, f"no answer in {PATIENCE} s", *[""] * 6)
    return (
        library.name,
        f"{len(work.statements) / result.seconds:,.1f}",
        f"{result.middle * 1000:,.1f}",
        f"{result.slowest * 1000:,.1f}",
        f"{result.seconds / own.seconds:,.2f}" if own else "",
        f"{result.found:,} of {truth:,}",
        f"{result.wrong:,}",
        str(result.failed),
    )
