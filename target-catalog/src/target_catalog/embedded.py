"""The embedded server: a private PostgreSQL in the user's data folder.

Processes share it: the first one starts it and the last one stops it, unless `songbook db start`
keeps it. Who is alive is told by locks, which die with their holders: each user of the server
holds a lease, and the server's own processes inherit the lock on `alive`.
The files are named in `target_catalog.home`.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

from songbook.errors import ConfigError, ConnectionFailed
from target_catalog import cluster, leases, programs
from target_catalog.home import DATABASE, NAMESPACE, PORT, SOCKET, USER, Embedded, at
from target_catalog.leases import Lease
from target_catalog.programs import Programs

__all__ = [
    "DATABASE",
    "NAMESPACE",
    "PORT",
    "USER",
    "Embedded",
    "Status",
    "at",
    "client_programs",
    "connect_url",
    "running",
    "start",
    "status",
    "stop",
]

WAIT_SECONDS = 60

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "50",
    "jit": "off",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to know about the server."""

    folder: Path
    running: bool
    kept: bool
    version: str | None
    size_bytes: int
    users: list[int]


@contextmanager
def connect_url(data_dir: Path | None = None) -> Iterator[str]:
    """The URL of the embedded catalog, whose server runs at least as long as the context."""
    with running(data_dir) as embedded:
        yield embedded.url()


@contextmanager
def running(data_dir: Path | None = None) -> Iterator[Embedded]:
    """Start the server or join it; the last one to leave stops it."""
    embedded = at(data_dir)
    lease = _enter(embedded)
    try:
        with leases.locked(embedded.lock):
            _ensure_running(embedded)
        yield embedded
    finally:
        _leave(embedded, lease)


def start(embedded: Embedded) -> None:
    """Start the server, if it isn't running, and leave it running."""
    with running(embedded.home):
        embedded.keep.touch()


def stop(embedded: Embedded, *, force: bool = False) -> None:
    """Stop the server; refuses while others use it, unless forced."""
    if not embedded.home.exists():
        return
    with leases.locked(embedded.lock):
        users = leases.holders(embedded.leases)
        if users and not force:
            raise ConfigError(
                f"The server is in use by process {', '.join(map(str, users))}.",
                hint="Wait until they are done, or stop it all the same with --force.",
            )
        _stop(embedded)


def client_programs() -> Path:
    """The folder that has psql and pg_dump."""
    return programs.find().folder


def status(embedded: Embedded) -> Status:
    """What the server is doing, without starting it."""
    is_running = _answers(embedded)
    major = embedded.cluster.major()
    return Status(
        folder=embedded.home,
        running=is_running,
        kept=is_running and embedded.keep.exists(),
        version=_version(embedded) if is_running else str(major) if major else None,
        size_bytes=_size(embedded.cluster.data),
        users=leases.holders(embedded.leases),
    )


def _enter(embedded: Embedded) -> Lease:
    """Become a user before there is a server, so that an interrupted start is cleaned up too."""
    _make_home(embedded)
    with leases.locked(embedded.lock):
        return leases.take(embedded.leases)


def _leave(embedded: Embedded, lease: Lease) -> None:
    with leases.locked(embedded.lock):
        lease.end()
        leases.forget_the_dead(embedded.leases)
        if not leases.holders(embedded.leases) and not embedded.keep.exists():
            _stop(embedded)


def _stop(embedded: Embedded) -> None:
    if leases.is_locked(embedded.alive):
        cluster.stop(embedded.cluster)
    embedded.keep.unlink(missing_ok=True)


def _make_home(embedded: Embedded) -> None:
    try:
        if not embedded.home.exists():
            embedded.home.mkdir(parents=True)
            # The server's user has to pass through; its own folder below is closed to all others.
            embedded.home.chmod(0o755 if embedded.cluster.owner else 0o700)
        embedded.lock.touch()
    except OSError as error:
        raise ConfigError(
            f"The embedded server can't have its folder: {error}",
            hint="Set SONGBOOK_HOME to a folder that you may write to.",
        ) from None


def _ensure_running(embedded: Embedded) -> None:
    """Bring the server up from whatever state it is in; callers hold the lock."""
    _settle(embedded)
    if not _answers(embedded):
        _start(embedded)
    _ensure_database(embedded)


def _settle(embedded: Embedded) -> None:
    """Wait while the server recovers, shuts down, or its last processes die."""
    deadline = time.monotonic() + WAIT_SECONDS
    while leases.is_locked(embedded.alive) and not _answers(embedded):
        if time.monotonic() > deadline:
            raise ConnectionFailed(
                "The embedded server runs but does not answer.",
                hint=f"Read {embedded.cluster.log}, or run `songbook db stop --force`.",
            )
        time.sleep(0.05)


def _start(embedded: Embedded) -> None:
    by = _programs(embedded)
    embedded.keep.unlink(missing_ok=True)
    # The programs inherit the lock: should we be killed, the next one waits until they are done.
    with leases.locked(embedded.alive) as alive:
        if embedded.cluster.major() is None:
            cluster.create(embedded.cluster, by, superuser=USER, keep=[alive])
        _check_owner(embedded)
        _make_socket_folder(embedded)
        cluster.start(embedded.cluster, by, _settings(embedded), keep=[alive])


def _settings(embedded: Embedded) -> dict[str, str]:
    folder = str(embedded.socket_folder).replace('"', '""')
    return {**SETTINGS, "unix_socket_directories": f'"{folder}"'}


def _programs(embedded: Embedded) -> Programs:
    """The programs that fit the data, where the server's user can execute them."""
    major = embedded.cluster.major()
    try:
        found = programs.find(major)
    except ConfigError as error:
        if major is None:
            raise
        raise ConfigError(
            f"The catalog in {embedded.home} was made by PostgreSQL {major}. {error}",
            hint=f"Set SONGBOOK_PG_BIN to the programs of PostgreSQL {major}, save the catalog by "
            'pg_dump "$(songbook db url)", and load it again after the change. Or, to begin anew, '
            f"move {embedded.cluster.folder} away and run the taps again.",
        ) from None
    return programs.within_reach(found, embedded.cluster.owner, embedded.home)


def _check_owner(embedded: Embedded) -> None:
    expected = embedded.cluster.owner.uid if embedded.cluster.owner else os.geteuid()
    actual = embedded.cluster.data.stat().st_uid
    if actual != expected:
        raise ConfigError(
            f"The data in {embedded.cluster.data} belongs to another user (id {actual}).",
            hint="Run the command as the user who made it, or set SONGBOOK_HOME to another folder.",
        )


def _make_socket_folder(embedded: Embedded) -> None:
    folder = embedded.socket_folder
    # A killed server left its socket's lock, whose process id may be another program's by now.
    (folder / f"{SOCKET}.lock").unlink(missing_ok=True)
    if folder == embedded.cluster.folder:
        return
    owner = embedded.cluster.owner
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if owner:
            os.chown(folder, owner.uid, owner.gid)
    found = folder.lstat()
    expected = owner.uid if owner else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
        raise ConfigError(
            f"The folder {folder} for the server's socket is open to others.",
            hint="Remove it, or set SONGBOOK_HOME to a folder with a shorter path.",
        )


def _answers(embedded: Embedded) -> bool:
    return PGconn.ping(embedded.url("postgres").encode()) == Ping.OK


def _ensure_database(embedded: Embedded) -> None:
    with _connect(embedded) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if not found.rowcount:
            create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE))
            connection.execute(create)


def _connect(embedded: Embedded) -> psycopg.Connection:
    try:
        return psycopg.connect(embedded.url("postgres"), autocommit=True)
    except psycopg.OperationalError as error:
        raise ConnectionFailed(
            f"The embedded server takes no connection: {error}",
            hint=f"Close some of its clients, or read {embedded.cluster.log}.",
        ) from None


def _version(embedded: Embedded) -> str:
    with _connect(embedded) as connection:
        return str(connection.info.parameter_status("server_version"))


def _size(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a running server comes and goes with files
            size += path.lstat().st_size
    return size
