"""The pool: worker processes that analyze many definitions at once, answered in their order.

A worker that dies or takes too long costs the one definition it was at, and is replaced.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from songbook.lineage.sql.budget import SECONDS
from songbook.lineage.sql.definition import Analysis, Definition, KnownColumns, failed
from songbook.lineage.sql.frames import LENGTH, framed

PATIENCE: Final = SECONDS + 30.0
"""Seconds for one definition: more than its own budget, since parsing can't be interrupted."""
_PIECE: Final = 1 << 16


class Worker:
    """One process, the number of the definition that it is at, and since when."""

    def __init__(self, known: bytes) -> None:
        command = [sys.executable, "-m", "songbook.lineage.sql.worker"]
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._received = bytearray()
        self.at: int | None = None
        self.since = 0.0
        self._send(known)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def fileno(self) -> int:
        """What to wait for."""
        return self._process.stdout.fileno() if self._process.stdout else -1

    def ask(self, number: int, definition: Definition) -> None:
        """Hand over a definition."""
        self.at, self.since = number, time.monotonic()
        self._send(framed(definition))

    def answer(self) -> Analysis | None:
        """The analysis, once all of it is there; raises EOFError when the process is dead."""
        piece = os.read(self.fileno(), _PIECE)
        if not piece:
            raise EOFError
        self._received += piece
        end = LENGTH + int.from_bytes(self._received[:LENGTH], "big")
        if len(self._received) < end:
            return None
        body = bytes(self._received[LENGTH:end])
        del self._received[:end]
        return msgspec.msgpack.decode(body, type=Analysis)

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()

    def _send(self, frame: bytes) -> None:
        if self._process.stdin is None:
            return
        left = memoryview(frame)
        try:
            while left:
                left = left[self._process.stdin.write(left) :]
        except BrokenPipeError:
            return  # its death is noticed where its answer is awaited


class Pool:
    """Some workers that know the same columns; they start with the first work."""

    def __init__(self, schema: KnownColumns, processes: int, patience: float = PATIENCE) -> None:
        self._known = framed({table: list(columns) for table, columns in schema.items()})
        self._patience = patience
        self.size = processes
        self.workers: list[Worker] = []
        self._answers: dict[int, Analysis] = {}
        self._taken = 0

    def run(self, definitions: Sequence[Definition]) -> Iterator[Analysis]:
        """The analyses in the definitions' order, each as soon as its turn has come."""
        if not self.workers:
            self.workers = [Worker(self._known) for _ in range(self.size)]
        for given in range(len(definitions)):
            while given not in self._answers:
                self._hand_out(definitions)
                self._wait()
            yield self._answers.pop(given)
        self._taken = 0

    def close(self) -> None:
        """End the processes."""
        for worker in self.workers:
            worker.stop()

    def _hand_out(self, definitions: Sequence[Definition]) -> None:
        """Give each idle worker the next definition."""
        for worker in self.workers:
            if worker.at is None and self._taken < len(definitions):
                worker.ask(self._taken, definitions[self._taken])
                self._taken += 1

    def _wait(self) -> None:
        """Wait until some worker has answered, died, or lost our patience."""
        busy = [worker for worker in self.workers if worker.at is not None]
        if not busy:
            return
        until = min(worker.since for worker in busy) + self._patience
        with selectors.DefaultSelector() as selector:
            for worker in busy:
                selector.register(worker.fileno(), selectors.EVENT_READ, worker)
            for key, _ in selector.select(max(0.0, until - time.monotonic())):
                self._receive(key.data)
        for worker in busy:
            if worker.at is not None and time.monotonic() - worker.since > self._patience:
                self._replace(worker, f"The analysis took more than {self._patience:.0f} seconds.")

    def _receive(self, worker: Worker) -> None:
        try:
            analysis = worker.answer()
        except (EOFError, msgspec.MsgspecError):
            self._replace(worker, "The process that analyzed the text died.")
            return
        if analysis is not None and worker.at is not None:
            self._answers[worker.at] = analysis
            worker.at = None

    def _replace(self, worker: Worker, reason: str) -> None:
        if worker.at is not None:
            self._answers[worker.at] = failed(reason)
        worker.stop()
        self.workers[self.workers.index(worker)] = Worker(self._known)
