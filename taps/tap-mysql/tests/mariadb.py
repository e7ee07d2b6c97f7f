"""MariaDB servers of the tests' own: each in a temporary folder, gone when the tests are."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pymysql
import pytest

SECONDS_TO_START = 60

GUARD = """
read -r _
pid=$(cat "$1/pid" 2>/dev/null) && kill -KILL "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && exit; sleep 0.5; done
"""
"""Waits for the end of a pipe that the session holds, which ends with it even by kill -9."""

FIRST_STATEMENTS = """
DELETE FROM mysql.global_priv WHERE user = 'root';
FLUSH PRIVILEGES;
CREATE USER '{user}'@'%' IDENTIFIED BY '{password}';
GRANT ALL ON *.* TO '{user}'@'%' WITH GRANT OPTION;
"""


@dataclass(frozen=True)
class MariaDb:
    """A running server."""

    folder: Path
    port: int
    guard: subprocess.Popen[bytes]
    password: str = field(repr=False)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)
    host: str = "127.0.0.1"
    user: str = "admin"

    @property
    def socket(self) -> Path:
        """The Unix socket it listens on."""
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        """What it was asked, where the log was switched on."""
        return self.folder / "general.log"

    def connect(self, **more: Any) -> pymysql.Connection[Any]:
        """A connection of the administrator."""
        given = {"user": self.user, "password": self.password, "charset": "utf8mb4"} | more
        return pymysql.connect(host=self.host, port=self.port, autocommit=True, **given)

    def run(self, *statements: str) -> list[Any]:
        """Run statements as the administrator; the rows of the last."""
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def create_database(self, name: str | None = None) -> str:
        """Create a fresh database and give its name."""
        name = name or f"test_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {quoted(name)}")
        return name

    def settings(self, **more: Any) -> dict[str, Any]:
        """Settings of the tap for the administrator."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
        } | more

    def stop(self) -> None:
        """End it and remove what it left."""
        self.guard.communicate()
        for process in self.processes:
            process.wait()


def quoted(name: str) -> str:
    """An identifier in a statement."""
    return "`" + name.replace("`", "``") + "`"


def start(*options: str) -> MariaDb:
    """Start a server; skips the test where MariaDB is not installed, and fails it in CI."""
    for program in ("mariadbd", "mariadb-install-db"):
        if shutil.which(program, path=_path()) is None:
            _unavailable(program)
    folder = Path(tempfile.mkdtemp(prefix="songbook-test-mariadb-"))
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = MariaDb(folder, _free_port(), guard, secrets.token_urlsafe(16))
    _create(server)
    _launch(server, options)
    return server


def _create(server: MariaDb) -> None:
    folder = server.folder
    script = FIRST_STATEMENTS.format(user=server.user, password=server.password)
    (folder / "first.sql").write_text(" ".join(script.split("\n")).replace("; ", ";\n"))
    (folder / "first.sql").chmod(0o600)
    for path in (folder, folder / "first.sql"):
        if os.geteuid() == 0:
            shutil.chown(path, _user())
    _program(
        "mariadb-install-db",
        f"--datadir={folder / 'data'}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ).check_returncode()


def _launch(server: MariaDb, options: Sequence[str]) -> None:
    folder = server.folder
    arguments = [
        f"--datadir={folder / 'data'}",
        # Where it is shared, a server that starts removes the temporary tables of the others.
        f"--tmpdir={folder}",
        f"--socket={server.socket}",
        f"--port={server.port}",
        f"--bind-address={server.host}",
        f"--pid-file={folder / 'pid'}",
        f"--init-file={folder / 'first.sql'}",
        f"--general-log-file={server.log}",
        "--skip-name-resolve",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=32M",
    ]
    with (folder / "errors.log").open("wb") as errors:
        process = subprocess.Popen(
            _command("mariadbd", *arguments, *options),
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
    server.processes.append(process)
    _wait(server)


def _wait(server: MariaDb) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            server.connect().close()
        except pymysql.MySQLError:
            if time.monotonic() > end:
                pytest.fail((server.folder / "errors.log").read_text(errors="replace"))
            time.sleep(0.1)
        else:
            return


def _command(program: str, *arguments: str) -> list[str]:
    found = shutil.which(program, path=_path())
    assert found is not None
    return [found, "--no-defaults", f"--user={_user()}", *arguments]


def _program(program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(_command(program, *arguments), capture_output=True, timeout=120)


def _user() -> str:
    """Who the server runs as: it refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _path() -> str:
    return f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unavailable(program: str) -> NoReturn:
    message = f"{program} is not installed; get it with: apt-get install mariadb-server"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
