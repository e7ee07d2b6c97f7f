"""What programs cost: wall time, CPU of client and server, peak memory, what the server logged."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import IO, Protocol

import psutil

MB = 1e6
LAUNCHER = Path(__file__).with_name("launch.py")

NOT_AS_USERS_HAVE_IT = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Variables of some machines under which Python compiles all modules at each start, or writes
each line by itself."""


class Server(Protocol):
    """A server that programs talk to."""

    @property
    def pid(self) -> int:
        """Its first process."""

    def logged(self) -> int:
        """Bytes that it has written to its write-ahead log so far."""


@dataclass(frozen=True)
class Cost:
    """One run of a program or of a pipe of some; times in seconds, sizes in MB."""

    wall: float
    client: float
    server: float
    memory: float
    wal: float
    lines: float

    @property
    def cpu(self) -> float:
        """CPU time of both sides."""
        return self.client + self.server


Command = Sequence[str | Path]


def run(
    *pipe: Command,
    server: Server | None = None,
    given: Path | None = None,
    may_fail: bool = False,
) -> Cost:
    """Run programs, each writing to the next, and count the lines of the last.

    `given` is the input of the first. Raises Failed when one of them fails and may not.
    """
    before = (_server_cpu(server.pid), server.logged()) if server else (0.0, 0)
    with ExitStack() as stack:
        first = stack.enter_context((given or Path(os.devnull)).open("rb"))
        programs = _started(pipe, first, stack)
        lines = sum(chunk.count(b"\n") for chunk in _chunks(programs[-1].process))
        walls, clients, sizes = zip(*(program.ended(may_fail) for program in programs), strict=True)
    after = (_server_cpu(server.pid), server.logged()) if server else (0.0, 0)
    return Cost(
        wall=max(walls),
        client=sum(clients),
        server=after[0] - before[0],
        memory=max(sizes) * 1024 / MB,
        wal=(after[1] - before[1]) / MB,
        lines=lines,
    )


class Failed(Exception):
    """A program ended with an error."""


@dataclass(frozen=True)
class _Program:
    """A program under way."""

    command: Command
    process: subprocess.Popen[bytes]
    costs: IO[bytes]
    complaints: IO[bytes]

    def ended(self, may_fail: bool) -> tuple[float, float, float]:
        """Wait for its end: seconds, CPU seconds and kilobytes."""
        if self.process.wait() and not may_fail:
            self.complaints.seek(0)
            last = self.complaints.read().decode(errors="replace").strip()[-200:]
            raise Failed(f"{self.command[0]} ended with {self.process.returncode}: {last}")
        wall, cpu, size = map(float, self.costs.read().split())
        return wall, cpu, size


def environment() -> dict[str, str]:
    """The environment of the programs."""
    return {name: it for name, it in os.environ.items() if name not in NOT_AS_USERS_HAVE_IT}


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(median(getattr(one, it.name) for one in costs) for it in fields(Cost)))


def _started(pipe: Sequence[Command], first: IO[bytes], stack: ExitStack) -> list[_Program]:
    programs: list[_Program] = []
    source: IO[bytes] | None = first
    for command in pipe:
        end, own_end = os.pipe()
        complaints = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # the stack closes it
        process = subprocess.Popen(
            [sys.executable, "-S", LAUNCHER, str(own_end), *command],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=[own_end],
            env=environment(),
        )
        os.close(own_end)
        if programs and source:
            source.close()  # else a writer would not learn that its reader has ended
        costs = stack.enter_context(os.fdopen(end, "rb"))
        programs.append(_Program(command, stack.enter_context(process), costs, complaints))
        source = process.stdout
    return programs


def _chunks(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What a program writes, as it comes."""
    while process.stdout and (chunk := os.read(process.stdout.fileno(), 1 << 20)):
        yield chunk


def _server_cpu(pid: int) -> float:
    """CPU time of a server: its live processes, and those that have ended."""
    first = psutil.Process(pid)
    own = first.cpu_times()
    seconds = own.user + own.system + own.children_user + own.children_system
    for child in first.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            seconds += sum(child.cpu_times()[:2])
    return float(seconds)
