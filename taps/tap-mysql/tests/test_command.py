"""The installed command: what people see when something is wrong, and what it says of itself."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mysql_runs
import pytest
from mysql_runs import Ran
from mysql_servers import OwnServer, Server

CANARY = "k4n4ry-Pa$$w0rd/+%ü"

Tap = Callable[..., Ran]


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[str]:
    name = server.create_database("command_shop")
    server.run(
        f"CREATE TABLE {name}.`T 1` (a integer, `b.c` text)",
        f"CREATE TABLE {name}.other (id integer)",
        "CREATE USER shut_out@'%' IDENTIFIED BY 'pw'",
        f"CREATE USER canary@'%' IDENTIFIED BY '{CANARY}'",
        "GRANT ALL ON *.* TO canary@'%'",
    )
    yield name
    server.run("DROP DATABASE command_shop", "DROP USER shut_out@'%', canary@'%'")


@pytest.fixture
def tap(tmp_path: Path, server: Server, database: str) -> Tap:
    """Runs `tap-mysql` with settings for a server of our own, changed as the test says."""

    def run(*arguments: str, env: dict[str, str] | None = None, **changes: Any) -> Ran:
        given = server.settings(database=database) | changes
        settings = {name: value for name, value in given.items() if value is not None}
        return mysql_runs.run(settings, tmp_path, *arguments, **(env or {}))

    return run


AMBIENT = {"SONGBOOK_AMBIENT": "1"}


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


def test_wrong_socket(tap: Tap, tmp_path: Path) -> None:
    says(tap(host=str(tmp_path / "none.sock")), 3, "no such file", "`host`")


def test_wrong_password(tap: Tap) -> None:
    ran = tap(password=CANARY)
    says(ran, 3, "access denied", "`password`")
    assert CANARY not in ran.err + ran.out


def test_unknown_user(tap: Tap) -> None:
    says(tap(user="nobody-here"), 3, "`user`")


def test_no_such_database(tap: Tap) -> None:
    says(tap(database="no_such_db"), 3, "no_such_db", "`database`")


def test_no_permission(tap: Tap) -> None:
    says(tap(user="shut_out", password="pw"), 3, "command_shop", "--grants")


def test_encryption_refused(tap: Tap, own_server: OwnServer) -> None:
    says(tap(**own_server.settings(), sslmode="require"), 3, "ssl", "`sslmode`")


def test_unknown_setting(tap: Tap) -> None:
    says(tap(hots="x"), 2, "'hots'", "'host'")


def test_wrong_type(tap: Tap) -> None:
    says(tap(port="many"), 2, "'port'")


def test_certificates_that_are_none(tap: Tap, tmp_path: Path) -> None:
    says(tap(sslmode="verify-ca", sslrootcert=str(tmp_path / "none.crt")), 2, "`sslrootcert`")


def test_the_server_goes_away_while_it_is_read(tmp_path: Path) -> None:
    """A server that dies right after the greeting is a failed connection."""
    with socket.socket() as ears:
        ears.bind(("127.0.0.1", 0))
        ears.listen()
        settings = {"host": "127.0.0.1", "port": ears.getsockname()[1], "user": "u"}
        with subprocess.Popen(
            [str(mysql_runs.COMMAND), "--config", str(_written(tmp_path, settings))],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            ears.accept()[0].close()
            out, err = process.communicate(timeout=60)
    says(Ran(process.returncode, out, err), 3, "can't connect")


def _written(folder: Path, settings: dict[str, Any]) -> Path:
    file = folder / "config.json"
    file.write_text(json.dumps(settings))
    return file


def test_settings_that_the_environment_may_not_give(tap: Tap) -> None:
    says(tap(host=None), 2, "'host'", "SONGBOOK_AMBIENT")
    says(tap(user=None), 2, "'user'", "SONGBOOK_AMBIENT")


def test_the_clients_environment_is_a_default(tap: Tap, server: Server) -> None:
    place = {
        "MYSQL_HOST": server.host,
        "MYSQL_TCP_PORT": str(server.port),
        "MYSQL_PWD": server.password,
    }
    settings = {"host": None, "port": None, "password": None}
    assert tap("--check", "--quick", env=place | AMBIENT, **settings).code == 0
    says(tap(env=place, password=None), 3, "`password`")
    elsewhere = place | {"MYSQL_HOST": "no-such-host.invalid", "MYSQL_TCP_PORT": "1"}
    assert tap("--check", "--quick", env=elsewhere | AMBIENT, password=None).code == 0


def test_the_option_file_is_a_default(tap: Tap, own_server: OwnServer, tmp_path: Path) -> None:
    file = tmp_path / ".my.cnf"
    file.write_text(
        f"[client]\nsocket = {own_server.socket}\npassword = '{own_server.password}'\n[mysql]\n"
    )
    settings = {"host": None, "port": None, "password": None}
    settings |= {"user": own_server.user, "database": "*"}
    assert tap("--check", "--quick", env=AMBIENT, **settings).code == 0
    says(tap(password=None), 3, "`password`")
    file.write_text("this is [no option file")
    assert tap("--check", "--quick", env=AMBIENT).code == 0


def test_a_socket_is_private_and_local(tap: Tap, own_server: OwnServer) -> None:
    account = {"user": own_server.user, "password": own_server.password}
    ran = tap(host=str(own_server.socket), port=None, database="*", **account)
    assert ran.code == 0, ran.err
    (system,) = mysql_runs.parsed(ran.out)["systems"]
    assert system["namespace"] == "mysql://localhost:3306"
    assert "not encrypted" not in ran.err


def test_the_password_appears_nowhere(tap: Tap) -> None:
    for arguments in ((), ("--check",), ("--grants",), ("--browse",), ("--discover",)):
        ran = tap(*arguments, user="canary", password=CANARY)
        assert ran.code == 0, ran.err
        assert CANARY not in ran.out + ran.err


def test_check_names_each_step(tap: Tap, server: Server) -> None:
    ran = tap("--check")
    is_plain = isinstance(server, OwnServer)  # which has no certificate
    encryption = "warning" if is_plain else "passed"
    assert ran.code == 0
    assert [(one["step"], one["status"]) for one in ran.messages()] == [
        ("settings", "passed"), ("connection", "passed"), ("version", "passed"),
        ("encryption", encryption), ("databases", "passed"), ("privileges", "passed"),
        ("tables", "passed"),
    ]  # fmt: skip
    assert len(tap("--check", "--quick").messages()) == 4


def test_check_fails_with_the_way_out(tap: Tap) -> None:
    ran = tap("--check", port=free_port())
    steps = {one["step"]: one for one in ran.messages()}
    assert ran.code == 3
    assert steps["connection"]["status"] == "failed"
    assert "`port`" in steps["connection"]["remediation"]
    assert steps["version"]["status"] == "skipped"
    assert tap("--check", database="no_such_db").code == 2


def test_explain_filter_needs_no_connection(tap: Tap) -> None:
    arguments = ("--explain-filter", 'app."x.y"')
    (told,) = tap(*arguments, port=free_port(), exclude=["*.x*"]).messages()
    assert (told["included"], told["pattern"]) == (False, "*.x*")
    assert told["read_as"] == {"database": "app", "table": "x.y"}


def test_browse(tap: Tap, database: str) -> None:
    assert [one["name"] for one in tap("--browse").messages()] == [database]
    tables = tap("--browse", database).messages()
    assert [one["name"] for one in tables] == ["T 1", "other"]
    columns = tap("--browse", database, "T 1").messages()
    assert [one["field_path"] for one in columns] == ["a", '"b.c"']


def test_a_closed_pipe_is_no_error(tap: Tap, tmp_path: Path) -> None:
    tap()  # writes the settings
    done = subprocess.run(
        f"{mysql_runs.COMMAND} --config {tmp_path / 'config.json'} | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert '"SCHEMA"' in done.stdout
    assert "error" not in done.stderr
