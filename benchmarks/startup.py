"""Start-up: `--check` of each tap on a refused connection, against its client library's import."""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import report
from benchmarks.measure import Command, Cost, run, typical
from benchmarks.report import Goal
from benchmarks.scale import Scale
from benchmarks.sources import BIN, written

CLIENTS = {"tap-postgres": "psycopg", "tap-mysql": "pymysql", "tap-redshift": "psycopg"}

COLUMNS = ("program", "wall s", "CPU s", "peak MB", "CPU beyond its client's import, s")

INTRODUCTION = """\
Whole processes, with modules compiled, as an installation by pip leaves them. Where
PYTHONDONTWRITEBYTECODE is set and nothing was compiled, Python compiles every module at every
start, and each program here takes about three times as long."""


def section(scale: Scale) -> str:
    """Measure each tap, in turn with its client and with Python itself."""
    with tempfile.TemporaryDirectory() as folder:
        commands = dict(_commands(Path(folder)))
        for command in commands.values():  # compile what is not yet compiled
            run(command, may_fail=True)
        rounds = [
            {name: run(command, may_fail=True) for name, command in commands.items()}
            for _ in range(scale.startups)
        ]
    costs = {name: typical([one[name] for one in rounds]) for name in commands}
    beyond = {
        tap: median(one[tap].client - one[_import(client)].client for one in rounds)
        for tap, client in CLIENTS.items()
    }
    rows = (_row(name, cost, beyond.get(name)) for name, cost in costs.items())
    goals = (Goal(f"{tap} --check, refused: wall s", costs[tap].wall, 0.6) for tap in CLIENTS)
    introduction = f"{INTRODUCTION} Medians of {scale.startups} rounds."
    parts = ("## Start-up", introduction, report.table(COLUMNS, rows), report.goals(goals))
    return "\n\n".join(parts)


def _commands(folder: Path) -> Iterator[tuple[str, Command]]:
    yield "python -c pass", (sys.executable, "-c", "pass")
    for client in sorted(set(CLIENTS.values())):
        yield _import(client), (sys.executable, "-c", f"import {client}")
    settings = {
        "host": "127.0.0.1",
        "port": _closed_port(),
        "user": "someone",
        "password": "secret",
    }
    file = written(folder / "refused.json", settings | {"database": "nothing"})
    for tap in CLIENTS:
        yield tap, (BIN / tap, "--config", file, "--check")


def _import(client: str) -> str:
    return f"import {client}"


def _closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _row(name: str, cost: Cost, beyond: float | None) -> tuple[str, ...]:
    program = f"{name} --check, refused" if name in CLIENTS else name
    more = "" if beyond is None else f"{beyond:.2f}"
    return (program, f"{cost.wall:.2f}", f"{cost.client:.2f}", f"{cost.memory:.0f}", more)
