"""The command of a tap, as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from songbook.testing import JsonApi

TAP = Path(__file__).with_name("fake_source.py")
SPENT = """
import resource, runpy, sys
del sys.argv[0]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    sdk = any(name.split(".")[0] == "singer_sdk" for name in sys.modules)
    print(sdk, used.ru_utime + used.ru_stime, file=sys.__stderr__)
"""
"""Runs a script and says whether singer_sdk was imported, and the seconds of CPU."""


@pytest.fixture
def file(tmp_path: Path, config: dict[str, Any]) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    return path


def tap(*arguments: object, **given: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TAP), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **given)


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--about"], ["--about", "--format=json"], ["--check"], ["--browse"],
     ["--explain-filter", "sales"], []],
    ids=" ".join,
)  # fmt: skip
def test_the_sdk_is_not_imported(arguments: list[str], file: Path) -> None:
    command = [sys.executable, "-c", SPENT, str(TAP), *arguments, "--config", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stderr.split()[0] == "False"


def test_the_start_costs_less_than_importing_the_sdk(tmp_path: Path) -> None:
    sdk = tmp_path / "sdk.py"
    sdk.write_text("import singer_sdk")
    assert _cpu(TAP, "--version") < _cpu(sdk)


def _cpu(*script: object) -> float:
    """The least CPU time of a few runs: the first one may have to compile."""
    command = [sys.executable, "-c", SPENT, *map(str, script)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(4)]
    return min(float(one.stderr.split()[1]) for one in runs)


def test_the_version_and_about() -> None:
    assert tap("--version").stdout.startswith("tap-boards, version ")
    info = json.loads(tap("--about", "--format=json").stdout)
    assert info["name"] == "tap-boards"
    assert info["settings"]["properties"]["token"]["secret"] is True
    assert info["settings"]["required"] == ["base_url", "token"]
    assert "| `base_url` | string | yes | Address of the site. |" in (
        tap("--about", "--format=markdown").stdout
    )


def test_a_sync_writes_schemas_records_and_a_state(file: Path) -> None:
    ended = tap("--config", file)
    assert (ended.returncode, ended.stderr) == (0, "")
    messages = [json.loads(line) for line in ended.stdout.splitlines()]
    kinds = [one["type"] for one in messages]
    assert kinds == sorted(kinds, key=["SCHEMA", "RECORD", "STATE"].index)
    assert kinds.count("STATE") == 1


def test_settings_from_the_environment(api: JsonApi) -> None:
    variables = {"TAP_BOARDS_BASE_URL": api.url, "TAP_BOARDS_TOKEN": "canary"}
    assert tap("--config=ENV", "--check", env=variables).returncode == 0


def test_the_steps_of_a_check(file: Path, api: JsonApi) -> None:
    steps = [json.loads(line) for line in tap("--config", file, "--check").stdout.splitlines()]
    assert [(one["step"], one["status"]) for one in steps] == [
        ("settings", "passed"),
        ("connection", "passed"),
        ("ping", "passed"),
    ]
    api.answers["/"] = 403
    ended = tap("--config", file, "--check")
    steps = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one["status"] for one in steps] == ["passed", "failed", "skipped"]
    assert steps[1]["remediation"] == "Grant it to Viewer."
    assert ended.returncode == 4


def test_what_could_not_be_read_ends_in_4(file: Path, api: JsonApi) -> None:
    api.answers["/folders?page=2"] = 500
    ended = tap("--config", file)
    assert ended.returncode == 4
    assert "error: Not everything could be read.\nhint: " in ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1])["type"] == "STATE"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--config", "/not/there"], 2, "Can't read the settings in /not/there"),
        (["--config", TAP], 2, "is not JSON"),
        ([], 2, "The setting 'base_url' is missing."),
        (["--nonsense"], 2, "No such option"),
        (["stray"], 2, "Unexpected argument 'stray'"),
        (["--explain-filter", "a..b"], 2, "Not a name or pattern"),
        (["--catalog", TAP], 2, ""),
    ],
)
def test_a_mistake_is_two_lines(arguments: list[Any], code: int, message: str) -> None:
    ended = tap(*arguments)
    assert ended.returncode == code
    first, second = ended.stderr.splitlines()
    assert first.startswith("error: ")
    assert message in first
    assert second.startswith("hint: ")
    assert ended.stdout == ""


def test_a_source_that_is_away_ends_in_3_and_announces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"base_url": "http://127.0.0.1:9", "token": "canary"}')
    ended = tap("--config", path)
    assert (ended.returncode, ended.stdout) == (3, "")


def test_explain_filter_needs_no_connection(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"exclude": ["sales.tmp*"]}')
    answer = json.loads(tap("--config", path, "--explain-filter", 'sales."tmp.1"').stdout)
    assert answer["read_as"] == {"folder": "sales", "dashboard": "tmp.1"}
    assert (answer["included"], answer["pattern"]) == (False, "sales.tmp*")


@pytest.mark.parametrize(
    ("name", "included"),
    [("sales", True), ("sales.board", True), ("sales.board.x", True), ("ops", False),
     ("sales.other", False)],
)  # fmt: skip
def test_explain_filter_knows_the_scopes(tmp_path: Path, name: str, included: bool) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"scopes": ["boards://any/sales/board"], "exclude": ["tmp"]}')
    answer = json.loads(tap("--config", path, "--explain-filter", name).stdout)
    assert answer["included"] is included
    assert ("scopes" in answer["reason"]) is not included


def test_output_is_utf_8_whatever_the_locale(file: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = tap("--config", file, "--explain-filter", "☃", env=environment)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["name"] == "☃"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_bug(file: Path, closed: str) -> None:
    command = f'exec "$0" "$@" {closed}'
    ended = subprocess.run(
        ["bash", "-c", command, sys.executable, TAP, "--config", file],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (ended.returncode, "rror" in ended.stderr) == (0, False), ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_says_so(file: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, TAP, "--config", file], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert ended.returncode == 3
    assert ended.stderr == (
        "error: Can't write the output: No space left on device.\n"
        "hint: Make room there, then run it again.\n"
    )


def test_a_state_of_null_is_none(file: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("null")
    ended = tap("--config", file, "--state", state)
    assert ended.returncode == 0
    assert '"dashboards"' in ended.stdout


def test_a_closed_pipe_is_no_error(file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, TAP, "--config", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_discovery_and_test_go_through_the_sdk(file: Path) -> None:
    catalog = json.loads(tap("--config", file, "--discover").stdout)
    assert "charts" in {one["stream"] for one in catalog["streams"]}
    ended = tap("--config", file, "--test")
    assert ended.returncode == 0


def test_stream_maps_go_through_the_sdk(file: Path, api: JsonApi) -> None:
    settings = json.loads(file.read_text())
    settings["stream_maps"] = {"charts": {"shout": "name.upper()"}}
    file.write_text(json.dumps(settings))
    api.answers["/folders?page=2"] = 500
    ended = tap("--config", file)
    assert '"shout":"BY DAY"' in ended.stdout
    assert ended.returncode == 4


def test_secrets_are_masked_in_all_that_people_see(file: Path) -> None:
    settings = json.loads(file.read_text())
    file.write_text(json.dumps(settings | {"namespace": "boards://canary-token"}))
    checked = tap("--config", file, "--check")
    assert "Connected to boards://***." in checked.stdout
    assert "canary" not in checked.stdout + checked.stderr


def test_browsing_and_grants(file: Path) -> None:
    found = tap("--config", file, "--browse").stdout.splitlines()
    assert [json.loads(line)["name"] for line in found] == ["sales", "ops"]
    assert tap("--config", file, "--grants").returncode == 0
