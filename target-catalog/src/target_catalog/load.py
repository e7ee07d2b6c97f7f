"""A load from beginning to end: from the first line of the input to the last STATE on stdout."""

from __future__ import annotations

import sys
from typing import BinaryIO

from songbook.errors import SongbookError
from target_catalog import history, runs
from target_catalog.config import Config
from target_catalog.database import Connection
from target_catalog.loader import Loader
from target_catalog.messages import Truncated, read
from target_catalog.settle import Outcome
from target_catalog.staging import Staging


def load(connection: Connection, config: Config, lines: BinaryIO) -> Outcome:
    """Load all messages of an input, then write the state that is now safe."""
    loader = begin(connection, config)
    try:
        _take_all(loader, lines)
        outcome = loader.finish()
    except BaseException as error:
        give_up(loader, error)
        raise
    write_state(loader)
    return outcome


def begin(connection: Connection, config: Config) -> Loader:
    """Open a run and its staging."""
    history.prepare(connection)
    run = runs.start(connection, config)
    return Loader(connection, config, run, Staging(connection, run.prefix))


def give_up(loader: Loader, error: BaseException) -> None:
    """Close a run that commits nothing, as far as the connection still works."""
    if loader.connection.closed or loader.connection.broken:
        return
    status = "superseded" if isinstance(error, runs.Superseded) else "failed"
    problem = str(error) if isinstance(error, SongbookError) else type(error).__name__
    runs.end(loader.connection, loader.run, status, [problem])
    runs.drop_stale_staging(loader.connection)


def write_state(loader: Loader) -> None:
    """Write the last STATE: what it stands for has been committed."""
    if loader.state is not None:
        sys.stdout.write(loader.state.decode() + "\n")
        sys.stdout.flush()


def _take_all(loader: Loader, lines: BinaryIO) -> None:
    try:
        for message in read(lines):
            loader.take(message)
    except Truncated as error:
        loader.problems.append(str(error).rstrip("."))
