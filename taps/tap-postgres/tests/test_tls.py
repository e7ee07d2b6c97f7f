"""Encrypted links, with authorities and certificates of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from songbook import extract
from songbook.checks import check
from songbook.errors import ConnectionFailed
from songbook.records import Diagnostic
from tap_postgres import connector


@pytest.fixture(scope="module")
def server(servers: Any, papers: Path) -> Iterator[Any]:
    """The Debian server with TLS on; the role `certified` may come in by certificate alone."""
    server = servers[15]
    data = server.cluster.data
    for source, name in (
        ("localhost.crt", "server.crt"),
        ("localhost.key", "server.key"),
        ("authority.crt", "root.crt"),
    ):
        shutil.copy(papers / source, data / name)
        (data / name).chmod(0o600)
        shutil.chown(data / name, *_owner(data))
    rules = (data / "pg_hba.conf").read_text()
    (data / "pg_hba.conf").write_text("hostssl all certified all cert\n" + rules)
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE certified LOGIN")
        admin.execute("ALTER SYSTEM SET ssl_ca_file = 'root.crt'")
        admin.execute("ALTER SYSTEM SET ssl = on")
        admin.execute("SELECT pg_reload_conf()")
    yield server
    (data / "pg_hba.conf").write_text(rules)
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM RESET ALL")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("DROP ROLE certified")


def _owner(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_uid, status.st_gid


@pytest.fixture
def settings(server: Any) -> dict[str, Any]:
    return {
        "host": "localhost",
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "database": "postgres",
    }


def steps(settings: dict[str, Any]) -> dict[str, str]:
    return {step.step: step.status for step in check(connector, settings)}


def told(settings: dict[str, Any]) -> set[str]:
    records = extract(connector, settings, ["systems"])
    return {one.code for one in records if isinstance(one, Diagnostic)}


def refused(settings: dict[str, Any]) -> str:
    with pytest.raises(ConnectionFailed) as raised:
        list(extract(connector, settings, ["systems"]))
    return raised.value.hint


def test_the_default_encrypts_where_it_can(settings: dict[str, Any]) -> None:
    assert steps(settings)["encryption"] == "passed"
    assert told(settings) == set()


def test_a_plain_link_is_said(settings: dict[str, Any]) -> None:
    plain = settings | {"sslmode": "disable"}
    assert steps(plain)["encryption"] == "warning"
    assert told(plain) == {"POSTGRES_LINK_NOT_ENCRYPTED"}
    assert told(settings | {"ssl": False}) == {"POSTGRES_LINK_NOT_ENCRYPTED"}


def test_the_authority_is_checked(settings: dict[str, Any], papers: Path) -> None:
    trusting = settings | {"sslmode": "verify-full", "sslrootcert": str(papers / "authority.crt")}
    assert told(trusting) == set()
    assert "`sslrootcert`" in refused(trusting | {"sslrootcert": str(papers / "stranger.crt")})
    assert "`sslrootcert`" in refused(trusting | {"sslrootcert": str(papers / "none.crt")})
    assert "`host`" in refused(trusting | {"host": "127.0.0.1"})


def test_a_client_certificate_is_enough(settings: dict[str, Any], papers: Path) -> None:
    certified = {name: value for name, value in settings.items() if name != "password"} | {
        "user": "certified",
        "sslmode": "require",
        "sslcert": str(papers / "certified.crt"),
        "sslkey": str(papers / "certified.key"),
    }
    assert told(certified) == set()
    without = {
        name: value for name, value in certified.items() if name not in ("sslcert", "sslkey")
    }
    assert "`sslcert`" in refused(without)
