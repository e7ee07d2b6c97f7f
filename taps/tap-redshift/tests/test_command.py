"""The installed command: what people see when something is wrong, and what it says of itself."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from dressed import Dressed
from redshift_reading import run
from redshift_shop import Shop

CANARY = "k4n4ry-Pa$$w0rd/+%"


def says(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The two lines that every error has, the words in them, and nothing on stdout."""
    assert done.returncode == code, done.stderr
    lines = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error", "hint"], done.stderr
    assert done.stdout == ""
    for word in words:
        assert word.lower() in done.stderr.lower()
    assert CANARY not in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"host": "no-such-host.invalid"}, 3, ["`host`"]),
        ({"port": free_port()}, 3, ["refused", "5439"]),
        ({"password": CANARY}, 3, ["password authentication failed", "`password`"]),
        ({"user": "nobody-here"}, 3, ["`user`"]),
        ({"database": "no_such_db"}, 3, ["no_such_db", "`database`"]),
        ({"sslmode": "require"}, 3, ["ssl", "`sslmode`"]),
        ({"hots": "x"}, 2, ["'hots'", "'host'"]),
        ({"port": "many"}, 2, ["'port'"]),
        ({"host": None}, 2, ["`host`", "`auth`"]),
        ({"history_days": -1}, 2, ["'history_days'"]),
        ({"auth": {"region": "eu-west-1"}}, 2, ["`cluster_identifier` or `workgroup`"]),
        ({"auth": {"workgroup": "w"}}, 2, ["access_key_id", "SONGBOOK_AMBIENT"]),
        ({"password": "${env:NOT_SET}"}, 2, ["SONGBOOK_AMBIENT"]),
    ],
)
def test_errors(
    shop: Shop, tmp_path: Path, changes: dict[str, Any], code: int, words: list[str]
) -> None:
    settings = {**shop.settings, **changes}
    given = {name: value for name, value in settings.items() if value is not None}
    says(run(given, tmp_path), code, *words)


def test_not_allowed_in(redshift: Dressed, shop: Shop, tmp_path: Path) -> None:
    closed = redshift.create_database()
    with redshift.admin(closed) as admin:
        admin.execute("CREATE USER \"rs shut out\" PASSWORD 'pw'")
        admin.execute(f'REVOKE CONNECT ON DATABASE "{closed}" FROM PUBLIC'.encode())
    try:
        settings = redshift.settings(closed, user="rs shut out", password="pw")
        says(run(settings, tmp_path), 3, "permission denied", "--grants")
    finally:
        with redshift.admin(closed) as admin:
            admin.execute('DROP USER "rs shut out"')


def _steps(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {one["step"]: one for one in map(json.loads, done.stdout.splitlines())}


def test_check(shop: Shop, tmp_path: Path) -> None:
    done = run({**shop.settings, "history_days": 1}, tmp_path, "--check")
    assert done.returncode == 0
    steps = _steps(done)
    assert "Redshift 1.0.77467" in steps["version"]["summary"]
    assert steps["encryption"]["status"] == "warning"
    assert steps["tables"]["summary"] == "7 tables and views."
    assert steps["sizes"]["summary"] == "Rows and sizes of 1 tables."
    assert steps["query log"]["status"] == "passed"


def test_check_fails_with_the_way_out(shop: Shop, tmp_path: Path) -> None:
    done = run({**shop.settings, "port": free_port()}, tmp_path, "--check")
    steps = _steps(done)
    assert done.returncode == 3
    assert steps["connection"]["status"] == "failed"
    assert steps["version"]["status"] == "skipped"


def test_browse(shop: Shop, tmp_path: Path) -> None:
    def names(*words: str) -> list[str]:
        done = run(shop.settings, tmp_path, "--browse", *words)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["name"] for line in done.stdout.splitlines()]

    assert names() == [shop.database, "My.Shop", "lake", "public", "to partners"]
    assert names("lake") == ["events", "lines"]
    assert names("My.Shop", "late") == ["id", "what.it is", "doc"]
    assert names("My.Shop", "Order/Items") == ["b", "a", "customer", "note"]
    assert names("it's") == []


def test_filters_are_applied(shop: Shop, tmp_path: Path) -> None:
    """Names compare without case, as they do in Redshift."""
    done = run({**shop.settings, "include": ["*.LAKE.ev*"]}, tmp_path)
    tables = [
        json.loads(line)["record"]["name"]
        for line in done.stdout.splitlines()
        if line.startswith('{"type":"RECORD","stream":"tables"')
    ]
    assert tables == ["events"]


def test_queries_are_told(shop: Shop, tmp_path: Path) -> None:
    told = run(shop.settings, tmp_path, "--queries").stdout
    assert "FROM pg_catalog.svv_table_info" in told
    assert "pg_get_late_binding_view_cols()" in told


def test_a_namespace_of_ones_own(shop: Shop, tmp_path: Path) -> None:
    settings = {**shop.settings, "namespace": "redshift://shop.eu-west-1:5439"}
    first = run(settings, tmp_path).stdout.splitlines()
    system = next(json.loads(line)["record"] for line in first if '"RECORD"' in line)
    assert system["namespace"] == "redshift://shop.eu-west-1:5439"
    assert system["namespace_aliases"] == [shop.system]
