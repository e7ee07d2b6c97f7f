"""Encrypted links, with authorities and certificates of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dressed import Dressed

from songbook import extract
from songbook.errors import ConnectionFailed
from songbook.records import Diagnostic
from tap_redshift import connector


@pytest.fixture(scope="module")
def settings(servers: Any, papers: Path) -> Iterator[dict[str, Any]]:
    """Settings for a server that can encrypt, by the name in its certificate."""
    dressed = Dressed(servers[15], papers=papers)
    yield dressed.settings(dressed.create_database(), host="localhost")
    dressed.close()


def told(settings: dict[str, Any]) -> set[str]:
    records = extract(connector, settings, ["systems"])
    return {one.code for one in records if isinstance(one, Diagnostic)} - {"NOTHING_FOUND"}


def refused(settings: dict[str, Any]) -> str:
    with pytest.raises(ConnectionFailed) as raised:
        list(extract(connector, settings, ["systems"]))
    return raised.value.hint


def test_the_default_encrypts_where_it_can(settings: dict[str, Any]) -> None:
    assert told(settings) == set()
    assert told(settings | {"sslmode": "require"}) == set()
    assert told(settings | {"ssl": True}) == set()


def test_a_plain_link_is_said(settings: dict[str, Any]) -> None:
    for plain in ({"sslmode": "disable"}, {"ssl": False}, {"sslmode": "allow"}):
        assert told(settings | plain) == {"REDSHIFT_LINK_NOT_ENCRYPTED"}


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_the_authority_is_checked(settings: dict[str, Any], papers: Path, mode: str) -> None:
    trusting = settings | {"sslmode": mode, "sslrootcert": str(papers / "authority.crt")}
    assert told(trusting) == set()
    assert "`sslrootcert`" in refused(trusting | {"sslrootcert": str(papers / "stranger.crt")})


def test_the_name_is_checked(settings: dict[str, Any], papers: Path) -> None:
    wrong = settings | {"host": "127.0.0.1", "sslrootcert": str(papers / "authority.crt")}
    assert "`sslmode`" in refused(wrong | {"sslmode": "verify-full"})
    assert told(wrong | {"sslmode": "verify-ca"}) == set()


def test_a_server_without_encryption_is_refused(redshift: Dressed) -> None:
    plain = redshift.settings(redshift.create_database())
    assert "`sslmode`" in refused(plain | {"sslmode": "require"})
