"""What a program costs: wall time, CPU of client and server, peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil


@dataclass(frozen=True)
class Cost:
    """One run of a program; times in seconds, memory in MB."""

    wall: float
    client: float
    server: float
    memory: float
    lines: int

    @property
    def cpu(self) -> float:
        """CPU time of both sides."""
        return self.client + self.server


def run(command: Sequence[str | Path], server_pid: int, stdin: Path | None = None) -> Cost:
    """Run a program and count its lines; raises when it fails."""
    before = _server_cpu(server_pid)
    started = time.perf_counter()
    with (
        Path(stdin or os.devnull).open("rb") as given,
        subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE) as process,
    ):
        lines = sum(chunk.count(b"\n") for chunk in _chunks(process))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    server = _server_cpu(server_pid) - before
    return Cost(wall, usage.ru_utime + usage.ru_stime, server, usage.ru_maxrss / 1024, lines)


def _chunks(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What a program writes, as it comes."""
    while process.stdout and (chunk := os.read(process.stdout.fileno(), 1 << 20)):
        yield chunk


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(median(getattr(one, name) for one in costs) for name in Cost.__match_args__))


def _server_cpu(pid: int) -> float:
    """CPU time of a server: its live processes, and those that have ended."""
    postmaster = psutil.Process(pid)
    own = postmaster.cpu_times()
    seconds = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            seconds += sum(child.cpu_times()[:2])
    return float(seconds)
