"""The command `songbook`, run as a process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from target_catalog import embedded, programs

SONGBOOK = Path(sys.executable).with_name("songbook")


def songbook(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SONGBOOK, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def stdout_of(*arguments: str) -> str:
    done = songbook(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_starts_without_what_only_some_commands_need():
    code = "import sys, songbook_control.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert not {"psycopg", "pydantic", "singer_sdk", "yaml"} & set(loaded.split())
    assert stdout_of("--version").startswith("songbook, version ")


def test_no_command_shows_all_commands():
    done = songbook()
    assert done.returncode == 2
    assert "Commands:" in done.stderr


def test_an_unknown_command_is_two_lines_and_an_exit_code():
    done = songbook("db", "explode")
    assert done.returncode == 2
    assert done.stderr.startswith("error: No such command 'explode'")
    assert "\nhint: " in done.stderr


def test_url_is_one_that_psql_accepts_until_the_server_is_stopped(songbook_home):
    assert "not made yet" in stdout_of("db", "status")
    url = stdout_of("db", "url").strip()
    psql = programs.find().path("psql")
    answer = subprocess.run(
        [psql, url, "--no-align", "--tuples-only", "--command", "SELECT current_database()"],
        capture_output=True,
        text=True,
    )
    assert answer.stdout == "catalog\n", answer.stderr
    status = stdout_of("db", "status")
    assert str(songbook_home) in status
    assert "until `songbook db stop`" in status
    assert "users   none" in status
    assert stdout_of("db", "stop") == "The server has stopped.\n"
    assert stdout_of("db", "stop") == "The server was not running.\n"
    assert "stopped (PostgreSQL" in stdout_of("db", "status")


@pytest.mark.usefixtures("songbook_home")
def test_stop_says_who_uses_the_server():
    with embedded.connect_url():
        assert f"process {os.getpid()}" in stdout_of("db", "status")
        refused = songbook("db", "stop")
        assert refused.returncode == 2
        assert f"in use by process {os.getpid()}" in refused.stderr
        assert "--force" in refused.stderr
        assert stdout_of("db", "stop", "--force") == "The server has stopped.\n"


def test_a_terminated_command_stops_the_server_it_started(songbook_home):
    server = embedded.at(songbook_home)
    with subprocess.Popen([SONGBOOK, "demo"], stderr=subprocess.DEVNULL) as demo:
        while not embedded.status(server).running:
            assert demo.poll() is None
            time.sleep(0.05)
        demo.send_signal(signal.SIGTERM)
    assert demo.returncode == 128 + signal.SIGTERM
    assert not embedded.status(server).running


def test_connectors_lists_what_is_installed_and_what_is_broken(tmp_path):
    info = tmp_path / "tap_broken-9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tap-broken\nVersion: 9\n")
    (info / "entry_points.txt").write_text("[songbook.connectors]\nbroken = nowhere:connector\n")
    lines = songbook("connectors", PYTHONPATH=str(tmp_path)).stdout.splitlines()
    (broken,) = (line for line in lines if line.startswith("broken "))
    (postgres,) = (line for line in lines if line.startswith("postgres "))
    assert "broken: there is no module nowhere" in broken
    assert "tap-broken 9" in broken
    assert "PostgreSQL" in postgres
    assert "songbook-tap-postgres 0.1.0" in postgres


def test_connectors_runs_no_code_of_theirs(tmp_path):
    info = tmp_path / "tap_theirs-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tap-theirs\nVersion: 1\nSummary: Reads theirs.\n"
    )
    (info / "entry_points.txt").write_text("[songbook.connectors]\ntheirs = theirs:connector\n")
    (tmp_path / "theirs.py").write_text("raise SystemExit('I was imported')")
    listed = songbook("connectors", PYTHONPATH=str(tmp_path))
    assert "imported" not in listed.stdout + listed.stderr
    (line,) = (line for line in listed.stdout.splitlines() if line.startswith("theirs "))
    assert "Reads theirs." in line and line.endswith("tap-theirs 1")


def test_meltano_definition_says_what_the_tap_says_about_itself():
    (plugin,) = yaml.safe_load(stdout_of("meltano", "tap-postgres"))["plugins"]["extractors"]
    tap = Path(sys.executable).with_name("tap-postgres")
    about = json.loads(subprocess.check_output([tap, "--about", "--format=json"]))
    settings = {setting["name"]: setting for setting in plugin["settings"]}
    assert list(settings) == list(about["settings"]["properties"])
    assert [name for name, setting in settings.items() if setting.get("sensitive")] == ["password"]
    assert settings["port"]["kind"] == "integer"
    assert settings["include"]["kind"] == "array"
    assert {"label": "require", "value": "require"} in settings["sslmode"]["options"]
    off = [stream["name"] for stream in about["streams"] if not stream["selected_by_default"]]
    assert off
    assert plugin["select"] == ["*.*", *(f"!{name}.*" for name in off)]
    assert plugin["use_cached_catalog"] is False
    assert (plugin["namespace"], plugin["executable"]) == ("tap_postgres", "tap-postgres")
    assert plugin["capabilities"] == about["capabilities"]


def test_meltano_definition_of_a_target_is_a_loaders():
    (plugin,) = yaml.safe_load(stdout_of("meltano", "target-catalog"))["plugins"]["loaders"]
    assert "select" not in plugin
    settings = {setting["name"]: setting for setting in plugin["settings"]}
    assert settings["database_url"]["sensitive"]


def test_a_plugin_that_is_not_there_is_an_error_with_a_way_out():
    done = songbook("meltano", "tap-nowhere")
    assert done.returncode == 2
    assert "error: There is no program 'tap-nowhere'." in done.stderr
    assert "songbook-tap-nowhere" in done.stderr


@pytest.mark.skipif(shutil.which("true") is None, reason="needs a program that says nothing")
def test_a_program_that_is_no_plugin_is_an_error_with_a_way_out():
    done = songbook("meltano", "true")
    assert done.returncode == 4
    assert "gave no JSON" in done.stderr
