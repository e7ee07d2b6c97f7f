"""Encrypted links, with authorities and certificates of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mysql_runs
import mysql_servers
import pytest

from songbook import extract
from songbook.checks import check
from songbook.errors import ConnectionFailed, SongbookError
from songbook.records import Diagnostic
from tap_mysql import connector

AUTHORITY = (
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.crt"
)
REQUEST = "req -newkey rsa:2048 -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr"
SIGN = (
    "x509 -req -days 2 -in {name}.csr -CA authority.crt -CAkey authority.key -CAcreateserial"
    " -extfile names.txt -out {name}.crt"
)


def openssl(folder: Path, command: str, name: str) -> None:
    words = ["openssl", *command.format(name=name).split()]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def papers() -> Iterator[Path]:
    """An authority, a stranger's authority, and what the first one signed; the server, which runs
    as another user, can read them."""
    folder = Path(tempfile.mkdtemp(prefix="songbook-papers-"))
    folder.chmod(0o755)
    (folder / "names.txt").write_text("subjectAltName = DNS:localhost\n")
    for name in ("authority", "stranger"):
        openssl(folder, AUTHORITY, name)
    for name in ("localhost", "certified"):
        openssl(folder, REQUEST, name)
        openssl(folder, SIGN, name)
    if os.geteuid() == 0:
        shutil.chown(folder / "localhost.key", "nobody")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(papers: Path) -> Iterator[mysql_servers.OwnServer]:
    """A server with encryption; some of its accounts demand it, or a certificate."""
    server = mysql_servers.start(
        f"--ssl-ca={papers / 'authority.crt'}",
        f"--ssl-cert={papers / 'localhost.crt'}",
        f"--ssl-key={papers / 'localhost.key'}",
    )
    server.run(
        "CREATE USER certified@'%' REQUIRE X509",
        "CREATE USER careful@'%' IDENTIFIED BY 'pw' REQUIRE SSL",
    )
    yield server
    server.stop()


@pytest.fixture
def settings(server: mysql_servers.OwnServer) -> dict[str, Any]:
    return server.settings(host="localhost")


def steps(settings: dict[str, Any]) -> dict[str, str]:
    return {step.step: step.status for step in check(connector, settings)}


def told(settings: dict[str, Any]) -> set[str]:
    records = extract(connector, settings, ["systems"])
    return {one.code for one in records if isinstance(one, Diagnostic)} - {"NOTHING_FOUND"}


def refused(settings: dict[str, Any], kind: type[SongbookError] = ConnectionFailed) -> str:
    with pytest.raises(kind) as raised:
        list(extract(connector, settings, ["systems"]))
    return raised.value.hint


def test_the_default_encrypts_where_it_can(settings: dict[str, Any]) -> None:
    assert steps(settings)["encryption"] == "passed"
    assert told(settings) == set()
    assert told(settings | {"sslmode": "require"}) == set()


def test_a_plain_link_is_said(settings: dict[str, Any]) -> None:
    plain = settings | {"sslmode": "disable"}
    assert steps(plain)["encryption"] == "warning"
    assert told(plain) == {"MYSQL_LINK_NOT_ENCRYPTED"}
    assert told(settings | {"ssl": False}) == {"MYSQL_LINK_NOT_ENCRYPTED"}
    careful = plain | {"user": "careful", "password": "pw"}
    assert "`sslmode`" in refused(careful)
    assert told(careful | {"sslmode": "prefer"}) == set()


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_the_authority_is_checked(settings: dict[str, Any], papers: Path, mode: str) -> None:
    trusting = settings | {"sslmode": mode, "sslrootcert": str(papers / "authority.crt")}
    assert told(trusting) == set()
    assert "`sslrootcert`" in refused(trusting | {"sslrootcert": str(papers / "stranger.crt")})
    assert "`sslrootcert`" in refused(settings | {"sslmode": mode}), "the machine trusts it not"


def test_the_name_is_checked(settings: dict[str, Any], papers: Path) -> None:
    wrong = settings | {"host": "127.0.0.1", "sslrootcert": str(papers / "authority.crt")}
    assert "`host`" in refused(wrong | {"sslmode": "verify-full"})
    assert told(wrong | {"sslmode": "verify-ca"}) == set()


@pytest.mark.parametrize("mode", ["prefer", "require"])
def test_a_client_certificate_is_enough(settings: dict[str, Any], papers: Path, mode: str) -> None:
    certified = settings | {
        "user": "certified",
        "password": "",
        "sslmode": mode,
        "sslcert": str(papers / "certified.crt"),
        "sslkey": str(papers / "certified.key"),
    }
    assert told(certified) == set()
    without = {name: it for name, it in certified.items() if name not in ("sslcert", "sslkey")}
    assert "`sslcert`" in refused(without)


def test_mysqlclient_encrypts_where_it_can(
    settings: dict[str, Any], fast_command: Path, tmp_path: Path
) -> None:
    """By itself, MariaDB's library would not."""
    for mode, status in (("prefer", "passed"), ("require", "passed"), ("disable", "warning")):
        ran = mysql_runs.run(
            settings | {"sslmode": mode}, tmp_path, "--check", command=fast_command
        )
        assert ran.code == 0, ran.err
        steps = {it["step"]: it["status"] for it in ran.messages()}
        assert steps["encryption"] == status
