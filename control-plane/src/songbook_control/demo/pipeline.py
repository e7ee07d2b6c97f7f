"""`tap-postgres --config ... | target-catalog --config ...`: two processes and a pipe."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from songbook.errors import OK, SongbookError
from songbook_control import plugins
from songbook_control.demo import sample
from target_catalog import embedded
from target_catalog.embedded import Embedded

CONNECTOR = "songbook-demo"
PIPE_CLOSED = 128 + signal.SIGPIPE
"""How a tap ends when its target is gone: then it is the target that has something to say."""


def run(server: Embedded) -> None:
    """Read the sample shop into the embedded catalog; raises SongbookError if either side fails."""
    tap_config: dict[str, str | int] = {
        "host": str(server.socket_folder),
        "port": embedded.PORT,
        "user": embedded.USER,
        "database": sample.DATABASE,
        "namespace": embedded.NAMESPACE,
    }
    target_config: dict[str, str | int] = {"database_url": server.url(), "connector": CONNECTOR}
    with tempfile.TemporaryDirectory(prefix="songbook-demo-") as folder:
        tap = _command("tap-postgres", tap_config, Path(folder))
        target = _command("target-catalog", target_config, Path(folder))
        pipe(tap, target)


def _command(program: str, config: Mapping[str, str | int], folder: Path) -> list[str]:
    path = folder / f"{program}.json"
    path.write_text(json.dumps(config))
    return [str(plugins.find(program)), "--config", str(path)]


def pipe(tap: list[str], target: list[str]) -> None:
    """Run `tap | target`; raises SongbookError with the words of the one to blame."""
    with (
        tempfile.TemporaryFile("w+") as tap_words,
        tempfile.TemporaryFile("w+") as target_words,
        subprocess.Popen(tap, stdout=subprocess.PIPE, stderr=tap_words) as reader,  # noqa: S603
        subprocess.Popen(  # noqa: S603  # both commands are our own
            target, stdin=reader.stdout, stdout=subprocess.DEVNULL, stderr=target_words
        ) as loader,
    ):
        if reader.stdout:
            reader.stdout.close()  # so that the tap notices when the target is gone
        loader.wait()
        reader.wait()
        if reader.returncode != PIPE_CLOSED:
            _check(reader, "tap-postgres", tap_words)
        _check(loader, "target-catalog", target_words)


def _check(process: subprocess.Popen[bytes], program: str, words: IO[str]) -> None:
    """Pass on what a failed program said; raises SongbookError."""
    if process.returncode == OK:
        return
    words.seek(0)
    lines = words.read().splitlines() or ["it gave no reason."]
    said = dict(line.partition(": ")[::2] for line in lines)
    reason = said.get("error", lines[-1])
    raise SongbookError(
        f"{program} ended with exit code {process.returncode}: {reason}", hint=said.get("hint")
    )
