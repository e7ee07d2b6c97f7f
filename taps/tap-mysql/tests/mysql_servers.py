"""Servers for the tests: MariaDB servers of their own, each in a temporary folder and gone when the
tests are, or one that the environment names, of any kind."""

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
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

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


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server, and an account that may do everything on it."""

    host: str = "127.0.0.1"
    port: int
    user: str = "admin"
    password: str = field(repr=False)

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

    @cached_property
    def is_mariadb(self) -> bool:
        """Whether it is MariaDB, not MySQL."""
        return "mariadb" in str(self.run("SELECT VERSION()")[0][0]).lower()

    @property
    def routine_grant(self) -> str:
        """The privilege that shows the source of routines."""
        return "SELECT ON mysql.proc" if self.is_mariadb else "SHOW_ROUTINE ON *.*"


@dataclass(frozen=True, kw_only=True)
class OwnServer(Server):
    """A MariaDB that a test started."""

    folder: Path
    guard: subprocess.Popen[bytes]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    @property
    def socket(self) -> Path:
        """The Unix socket it listens on."""
        return self.folder / "socket"

    def stop(self) -> None:
        """End it and remove what it left."""
        self.guard.communicate()
        for process in self.processes:
            process.wait()


def given() -> Server | None:
    """The server that the environment names: `mysql://user:password@host:port`. It should hold
    nothing else, since whole databases and accounts come and go."""
    url = urlsplit(os.environ.get("SONGBOOK_TEST_MYSQL_URL", ""))
    if not url.hostname:
        return None
    return Server(
        host=url.hostname,
        port=url.port or 3306,
        user=unquote(url.username or "root"),
        password=unquote(url.password or ""),
    )


def quoted(name: str) -> str:
    """An identifier in a statement."""
    return "`" + name.replace("`", "``") + "`"


def start(*options: str) -> OwnServer:
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
    server = OwnServer(
        folder=folder, port=_free_port(), guard=guard, password=secrets.token_urlsafe(16)
    )
    _create(server)
    _launch(server, options)
    return server


def _create(server: OwnServer) -> None:
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


def _launch(server: OwnServer, options: Sequence[str]) -> None:
    folder = server.folder
    arguments = [
        f"--datadir={folder / 'data'}",
        f"--socket={server.socket}",
        f"--port={server.port}",
        f"--bind-address={server.host}",
        f"--pid-file={folder / 'pid'}",
        f"--init-file={folder / 'first.sql'}",
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


def _wait(server: OwnServer) -> None:
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
