"""The installed command: what people see when something is wrong, and what it says of itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

CANARY = "k4n4ry-Pa$$w0rd/+%"
PROGRAM = Path(sys.executable).with_name("tap-postgres")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [
            one["record"]
            for one in self.messages()
            if one.get("stream") == stream and "record" in one
        ]


Tap = Callable[..., Ran]


@pytest.fixture
def tap(tmp_path: Path, postgres) -> Tap:
    """Runs `tap-postgres` with settings for a server of our own, changed as the test says."""

    def run(
        *args: str, text: str | None = None, env: dict[str, str] | None = None, **changes: Any
    ) -> Ran:
        settings = {
            "host": postgres.host,
            "port": postgres.port,
            "user": postgres.user,
            "password": postgres.password,
            "database": "postgres",
        } | changes
        given = {name: value for name, value in settings.items() if value is not None}
        file = tmp_path / "config.json"
        file.write_text(json.dumps(given) if text is None else text)
        done = subprocess.run(
            [PROGRAM, "--config", file, *args],
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


def says(ran: Ran, code: int, *words: str) -> None:
    """The two lines that every error has, the words in them, and nothing on stdout."""
    assert ran.code == code, ran.err
    lines = ran.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error", "hint"], ran.err
    assert ran.out == ""
    for word in words:
        assert word.lower() in ran.err.lower()
    assert "Traceback" not in ran.err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_wrong_host(tap: Tap) -> None:
    says(tap(host="no-such-host.invalid"), 3, "`host`")


def test_wrong_port(tap: Tap) -> None:
    says(tap(port=free_port()), 3, "refused", "`port`")


def test_wrong_password(tap: Tap) -> None:
    ran = tap(password=CANARY)
    says(ran, 3, "password authentication failed", "`password`")
    assert CANARY not in ran.err + ran.out


def test_unknown_user(tap: Tap) -> None:
    says(tap(user="nobody-here"), 3, "`user`")


def test_no_such_database(tap: Tap) -> None:
    says(tap(database="no_such_db"), 3, "no_such_db", "`database`")


def test_encryption_refused(tap: Tap) -> None:
    says(tap(sslmode="require"), 3, "ssl", "`sslmode`")


def test_no_permission(tap: Tap, postgres) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS shut_out")
        admin.execute("CREATE ROLE shut_out LOGIN PASSWORD 'pw'")
        admin.execute(
            sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
        )
    says(tap(database=database, user="shut_out", password="pw"), 3, "permission denied", "--grants")


def test_unknown_setting(tap: Tap) -> None:
    says(tap(hots="x"), 2, "'hots'", "'host'")


def test_wrong_type(tap: Tap) -> None:
    says(tap(port="many"), 2, "'port'")


def test_broken_json(tap: Tap) -> None:
    says(tap(text='{"host": '), 2, "not JSON")


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--catalog", '{"streams": 3}'),
        ("--catalog", '{"streams": [{"tap_stream_id": "tables", "metadata": [{}]}]}'),
        ("--state", '{"bookmarks": {"tables": 3}}'),
        ("--state", "[]"),
    ],
)
def test_a_malformed_catalog_or_state(tap: Tap, tmp_path: Path, option: str, text: str) -> None:
    file = tmp_path / "given.json"
    file.write_text(text)
    says(tap(option, str(file)), 2, option.strip("-"))


def test_a_stream_map_that_makes_no_sense(tap: Tap) -> None:
    ran = tap(stream_maps={"tables": {"name": "name +"}})
    assert ran.code == 2
    assert "error: " in ran.err
    assert "hint: Check stream_maps" in ran.err


def test_other_names_of_settings_work_with_the_sdk_too(tap: Tap, postgres) -> None:
    other = {"user": None, "username": postgres.user, "ssl": False, "flattening_enabled": True}
    ran = tap(**other, flattening_max_depth=1)
    assert ran.code == 0, ran.err
    assert ran.records("tables") == []
    assert ran.records("containers")


def test_missing_file(tap: Tap) -> None:
    says(tap("--config", "/nowhere/c.json"), 2, "/nowhere/c.json")


def test_unset_reference(tap: Tap) -> None:
    says(tap(password="${env:NOT_SET_ANYWHERE}"), 2, "NOT_SET_ANYWHERE")


def test_references_are_resolved(tap: Tap, postgres, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(postgres.password + "\n")
    assert tap("--check", "--quick", password=f"${{file:{secret}}}").code == 0
    ran = tap(
        "--check", "--quick", password="${env:PG_SECRET}", env={"PG_SECRET": postgres.password}
    )
    assert ran.code == 0


def test_ambient_credentials_are_off(tap: Tap, postgres, tmp_path: Path) -> None:
    passfile = tmp_path / "pgpass"
    passfile.write_text(f"*:*:*:*:{postgres.password}\n")
    passfile.chmod(0o600)
    ways_in = {"PGPASSWORD": postgres.password}, {"PGPASSFILE": str(passfile)}
    for ambient in ways_in:
        assert tap("--check", "--quick", password=None, env=ambient).code == 0
        says(tap(password=None, env={**ambient, "SONGBOOK_AMBIENT": "0"}), 3, "password")
    says(tap(password="${env:HOME}", env={"SONGBOOK_AMBIENT": "0"}), 2, "SONGBOOK_AMBIENT")


def test_the_password_appears_nowhere(tap: Tap, postgres) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS canary")
        admin.execute(sql.SQL("CREATE ROLE canary LOGIN PASSWORD {}").format(sql.Literal(CANARY)))
    for args in ((), ("--check",), ("--grants",), ("--browse",), ("--discover",)):
        ran = tap(*args, user="canary", password=CANARY)
        assert ran.code == 0, ran.err
        assert CANARY not in ran.out + ran.err


def test_check_names_each_step(tap: Tap) -> None:
    ran = tap("--check")
    steps = ran.messages()
    assert ran.code == 0
    assert [one["step"] for one in steps] == [
        "settings", "connection", "version", "encryption", "databases", "tables",
    ]  # fmt: skip
    assert all(
        set(one) == {"step", "status", "summary", "command", "remediation", "duration_ms"}
        for one in steps
    )
    assert len(tap("--check", "--quick").messages()) < len(steps)


def test_check_fails_with_the_way_out(tap: Tap) -> None:
    ran = tap("--check", port=free_port())
    steps = {one["step"]: one for one in ran.messages()}
    assert ran.code == 3
    assert steps["connection"]["status"] == "failed"
    assert "`port`" in steps["connection"]["remediation"]
    assert steps["version"]["status"] == "skipped"


def test_explain_filter_needs_no_connection(tap: Tap) -> None:
    ran = tap(
        "--explain-filter",
        'app."x.y".tmp_1',
        port=free_port(),
        include=["app"],
        exclude=["*.*.tmp_*"],
    )
    (told,) = ran.messages()
    assert (told["included"], told["pattern"]) == (False, "*.*.tmp_*")
    assert told["read_as"] == {"database": "app", "schema": "x.y", "table": "tmp_1"}


def test_browse(tap: Tap, postgres) -> None:
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute('CREATE SCHEMA "My.Shop" CREATE TABLE "T 1" (a integer, "b.c" text)')
    names = [one["name"] for one in tap("--browse", database=database).messages()]
    assert names == [database, "My.Shop", "public"]
    tables = tap("--browse", "My.Shop", database=database).messages()
    assert [one["name"] for one in tables] == ["T 1"]
    columns = tap("--browse", "My.Shop", "T 1", database=database).messages()
    assert [one["field_path"] for one in columns] == ["a", '"b.c"']


def test_grants_are_enough(tap: Tap, postgres) -> None:
    """What the script says, once run, lets a new role read."""
    database = postgres.create_database()
    script = tap("--grants", database=database, user="granted").out.replace("'...'", "'pw'")
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS granted")
        admin.execute(
            sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
        )
        admin.execute(script)
        try:
            assert tap(database=database, user="granted", password="pw").code == 0
        finally:
            admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))
            admin.execute("DROP ROLE granted")


def test_a_closed_pipe_is_no_error(tap: Tap, tmp_path: Path) -> None:
    tap()  # writes the settings
    done = subprocess.run(
        f"{PROGRAM} --config {tmp_path / 'config.json'} | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert '"SCHEMA"' in done.stdout
    assert "error" not in done.stderr


def test_output_can_be_piped_to_any_reader(tap: Tap) -> None:
    kinds = {one["type"] for one in tap().messages()}
    assert kinds == {"SCHEMA", "RECORD", "STATE"}
