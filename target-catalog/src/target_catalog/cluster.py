"""One PostgreSQL cluster on this machine: made, started and stopped.

The embedded server and the servers of the tests go through here alike.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from songbook.errors import ConfigError, ConnectionFailed
from target_catalog import programs
from target_catalog.programs import Owner, Programs

START_SECONDS = 60
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Cluster:
    """A folder that belongs to the server's owner, with the data and the log in it."""

    folder: Path
    owner: Owner | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "server.log"

    def make_folder(self) -> None:
        """Make the folder, open to its owner alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.owner:
            self._check_reach(self.owner)
            os.chown(self.folder, self.owner.uid, self.owner.gid)

    def _check_reach(self, owner: Owner) -> None:
        barrier = owner.blocked_at(self.folder.parent)
        if barrier:
            raise ConfigError(
                f"PostgreSQL does not run as root, and the user {owner.name} that runs it "
                f"may not pass {barrier}.",
                hint=f"Run `chmod o+x {barrier}`, or set SONGBOOK_HOME to another folder.",
            )

    def major(self) -> int | None:
        """The major version that made the data; None where there is none."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def pid(self) -> int | None:
        """The process id that the server left in its data folder; it may be dead."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def last_words(self, lines: int = 5) -> str:
        """The end of the log."""
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


def create(
    cluster: Cluster,
    by: Programs,
    *,
    superuser: str,
    password: str | None = None,
    keep: Iterable[int] = (),
) -> None:
    """Make an empty cluster; one that a crash left half made is made anew."""
    cluster.make_folder()
    unfinished = cluster.folder / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    command: list[str | Path] = [by.path("initdb"), "--pgdata", unfinished, "--username", superuser]
    command += ["--encoding=UTF8", "--no-sync", "--no-instructions", *_locale(by.major)]
    password_file = cluster.folder / "password"
    if password:
        _write_private(password_file, password, cluster.owner)
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    else:
        command += ["--auth=trust"]
    try:
        programs.run(command, cluster.owner, keep)
    except subprocess.CalledProcessError as failure:
        raise ConfigError(
            f"initdb failed: {_reason(failure.output)}",
            hint=f"Check space and permissions of {cluster.folder}.",
        ) from None
    finally:
        password_file.unlink(missing_ok=True)
    unfinished.rename(cluster.data)


def start(
    cluster: Cluster, by: Programs, settings: Mapping[str, str], keep: Iterable[int] = ()
) -> None:
    """Start the server and wait until it takes connections."""
    _forget_the_dead(cluster)
    options = " ".join(shlex.quote(f"--{name}={value}") for name, value in settings.items())
    command: list[str | Path] = [
        by.path("pg_ctl"),
        "start",
        "--pgdata",
        cluster.data,
        "--log",
        cluster.log,
    ]
    command += ["--wait", "--timeout", str(START_SECONDS), "--silent", "--options", options]
    try:
        programs.run(command, cluster.owner, keep)
    except subprocess.CalledProcessError:
        raise ConnectionFailed(
            f"PostgreSQL did not start. Its log ends:\n{cluster.last_words()}",
            hint=f"Read {cluster.log}.",
        ) from None


def stop(cluster: Cluster) -> None:
    """End the server's sessions and stop it; does nothing when it is not running."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        pid = cluster.pid()
        if pid is None or not _is_postgres(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if cluster.pid() is None or not _is_postgres(pid):
                return
            time.sleep(0.02)
    raise ConnectionFailed(
        "PostgreSQL does not stop.", hint=f"Read {cluster.log}; its process id is {cluster.pid()}."
    )


def _reason(output: str) -> str:
    """The lines of initdb in which something is wrong, or all it said."""
    lines = output.strip().splitlines()
    wrong = [line for line in lines if re.search("FATAL|PANIC|error|No space|denied", line)]
    return "\n".join(wrong or lines)


def _locale(major: int) -> list[str]:
    """Sorting that is the same on every machine: the built-in one where there is one."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C"]


def _write_private(path: Path, text: str, owner: Owner | None) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if owner:
        os.chown(path, owner.uid, owner.gid)


def _forget_the_dead(cluster: Cluster) -> None:
    """Remove the process id of a server that died, which by now may be another program's."""
    pid = cluster.pid()
    if pid is not None and not _is_postgres(pid):
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    """Whether a process is PostgreSQL and not a zombie; the command line of a zombie is empty."""
    try:
        return "postgres" in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return False
    asked = subprocess.run(  # noqa: S603  # a fixed list, without a shell
        ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607  # ps has no fixed place
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "postgres" in asked.stdout
