"""The command: what it prints, and what it never shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from github_runs import BIN, read, settings
from github_server import TOKEN, Fault, GithubServer, rest
from github_world import World

from songbook.settings import validate
from tap_github import connector
from tap_github.config import Config

MOST_GROWTH = 40 << 20
"""Bytes that a run may need more for ten times as many repositories."""


def run(*args: str, config: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "config.json"
    file.write_text(json.dumps(config))
    command = [str(BIN / "tap-github"), "--config", str(file), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_secrets_stand_in_no_output_state_or_cache(server: GithubServer, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    config = settings(server, cache_dir=str(cache))
    (tmp_path / "state.json").write_text("{}")
    server.faults.append(Fault(rest("/branches"), 403, {"message": f"No, {TOKEN}"}, times=1))
    done = run("--state", str(tmp_path / "state.json"), config=config, folder=tmp_path)
    assert done.returncode == 4
    kept = b"".join(one.read_bytes() for one in cache.rglob("*") if one.is_file())
    assert len(kept) > 1000
    for shown in (done.stdout, done.stderr, kept.decode("utf-8", "replace")):
        assert TOKEN not in shown
        assert "Authorization" not in shown
    assert '"STATE"' in done.stdout


def test_a_refusal_is_two_lines(server: GithubServer, tmp_path: Path) -> None:
    config = settings(server, token="ghp_wrongwrongwrong")
    done = run(config=config, folder=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: GitHub refused the credentials")
    assert hint.startswith("hint: ")


def test_grants_are_what_the_streams_need(server: GithubServer, tmp_path: Path) -> None:
    done = run("--grants", config=settings(server), folder=tmp_path)
    assert "Repository: Contents (read)" in done.stdout
    assert "Members" not in done.stdout


def test_the_queries_can_be_read_beforehand(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(BIN / "tap-github"), "--queries"], capture_output=True, text=True, check=True
    )
    assert "fragment Pulse on Repository" in done.stdout
    assert "query PullRequests(" in done.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "give either `token`, or `app_id` and `private_key`"),
        ({"token": "t", "app_id": "1", "private_key": "k"}, "give either"),
        ({"app_id": "1"}, "needs both"),
        ({"token": "t", "repositories": ["shop"]}, "written owner/name"),
        ({"token": "t", "base_url": "ftp://x"}, "begins with https://"),
        ({"token": "t", "warehouses": {"platform": "postgres", "namespace": "x"}}, "namespace"),
    ],
)
def test_settings_that_make_no_sense_are_explained(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said.replace("(", r"\(")):
        validate(Config, given, ambient=False)


def test_settings_have_other_names_and_need_no_lists() -> None:
    given = {"access_token": "t", "org": "acme", "branch": "main", "api_url": "github.example.com"}
    found = validate(Config, given, ambient=False)
    assert found.organizations == ["acme"]
    assert found.branches == ["main"]
    assert found.base_url == "https://github.example.com"


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_memory_does_not_grow_with_the_number_of_repositories() -> None:
    assert peak(100) - peak(10) < MOST_GROWTH


def peak(repositories: int) -> int:
    """The most memory that a run needs, in bytes, for repositories of a megabyte each."""
    world = World()
    world.account("acme")
    for number in range(repositories):
        files = {f"f{n}.sql": f"SELECT {number} -- {'x' * 50_000}" for n in range(20)}
        world.repo(f"acme/r{number}", files)
    with GithubServer(world) as server:
        environment = {**os.environ, "TAP_GITHUB_BASE_URL": server.url, "TAP_GITHUB_TOKEN": TOKEN,
                       "TAP_GITHUB_ORGANIZATIONS": '["acme"]'}  # fmt: skip
        with subprocess.Popen(
            [str(BIN / "tap-github"), "--config", "ENV"],
            stdout=subprocess.DEVNULL,
            env=environment,
        ) as process:
            most = 0
            while process.poll() is None:
                try:
                    most = max(most, psutil.Process(process.pid).memory_info().rss)
                except psutil.Error:
                    break
                try:
                    process.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
        assert process.returncode == 0
    return most


def test_the_output_is_the_same_each_time(server: GithubServer) -> None:
    one, other = read(settings(server)), read(settings(server))
    for stream in one.streams:
        if stream != "coverage":
            assert one[stream] == other[stream]
    assert sys.getsizeof(json.dumps(one.state)) < 4000


def test_what_the_shop_holds(server: GithubServer) -> None:
    """The facts of the issue, each in its place."""
    run_ = read(settings(server), streams=[kind.STREAM for kind in connector.yields])
    shop = run_.one("repositories", name="shop")
    assert shop["topics"] == ["dbt", "sql"]
    assert shop["languages"] == {"SQL": 4000, "Python": 10}
    assert [(tag["key"], tag["value"]) for tag in shop["tags"]] == [
        ("areas", "sales"), ("areas", "web"), ("tier", "gold"),
    ]  # fmt: skip
    assert shop["visibility"] == "private"
    assert run_.one("branches", name="more-sql")["protected"] is False
    assert run_.one("branches", head_sha=shop["head_sha"])["protected"] is True
    pull = run_.one("pull_requests", number=1)
    assert (pull["state"], pull["author"], pull["files"]) == ("merged", "ada", ["etl/more.sql"])
    assert pull["reviews"][0]["author"] == "grace"
    assert pull["extra"]["reviewers"] == ["acme/data", "grace"]
    assert pull["extra"]["merge_commit"] == shop["head_sha"]
    more = run_.one("files", path="etl/more.sql")
    assert more["last_pull_request"] == 1
    assert more["last_commit_sha"] in server.world.commits
    assert [one["principal"] for one in more["owners"]] == ["ada"]
    assert "secret" not in run_.one("files", kind="notebook")["definition"]
    assert {one["kind"] for one in run_["files"]} == {
        "codeowners", "dbt_project", "dbt_schema", "lookml", "notebook", "pbip", "pbix", "sql",
    }  # fmt: skip
    assert {one["privilege"] for one in run_["grants"]} == {"admin", "write", "push"}
    assert run_.covered("commits")["github://github.test/acme/shop"]["unread_fields"] == ["files"]
