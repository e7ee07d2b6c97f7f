"""Locks on files, which the death of their holder frees.

Every process that uses the embedded server holds a lease: a locked file, named by its process id.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lease:
    """One use of the server."""

    path: Path
    descriptor: int

    def end(self) -> None:
        """Give it back."""
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


def take(folder: Path) -> Lease:
    """Take a lease for this process; callers hold the lock under which leases come and go."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
    return Lease(path, lock(path))


def holders(folder: Path) -> list[int]:
    """The processes that hold a lease now."""
    alive = (path for path in folder.glob("*-*") if is_locked(path))
    return sorted({int(path.name.split("-")[0]) for path in alive})


def forget_the_dead(folder: Path) -> None:
    """Remove the leases of processes that died; callers hold the lock as for `take`."""
    for path in folder.glob("*-*"):
        if not is_locked(path):
            path.unlink(missing_ok=True)


def lock(path: Path) -> int:
    """Lock a file, waiting for whoever has it; closing the descriptor unlocks it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold a lock for a while; gives its descriptor."""
    descriptor = lock(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether any process holds the lock on a file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two that ask at once don't take each other for holders.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
