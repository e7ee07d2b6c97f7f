"""How many requests a run takes, counted at the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from github_runs import EVERYTHING, NAMESPACE, read, settings
from github_server import Asked, GithubServer
from github_world import World
from octokit import have_descriptions

from songbook.settings import validate
from tap_github.client import connect
from tap_github.config import Config

REPOSITORIES = 200
MOST_WHEN_UNCHANGED = 10
MOST_FOR_A_PUSH = 10
SHOP = f"{NAMESPACE}/acme/r000"


@pytest.fixture
def organization() -> Iterator[GithubServer]:
    """200 repositories, each with a little SQL."""
    have_descriptions()
    world = World()
    world.account("acme")
    for number in range(REPOSITORIES):
        world.repo(f"acme/r{number:03}", {"a.sql": f"SELECT {number}", "b.sql": "SELECT 1"})
    with GithubServer(world) as running:
        yield running
    assert running.problems == []


def paths(asked: list[Asked]) -> list[str]:
    return [f"{one.method} {one.path}" for one in asked]


def test_an_unchanged_organization_takes_ten_requests_and_a_push_ten_more(
    organization: GithubServer,
) -> None:
    config = settings(organization)
    full = read(config)
    assert (full.is_complete, len(full["repositories"]), len(full["files"])) == (True, 200, 400)

    organization.forget()
    quiet = read(config, full.state)
    asked = len(organization.requests)
    assert asked <= MOST_WHEN_UNCHANGED, paths(organization.requests)
    assert len(quiet["liveness"]) == REPOSITORIES
    assert {one["stream"] for one in quiet["coverage"]} == {"systems", "containers", "repositories"}
    assert not quiet["files"]
    assert quiet.state == full.state

    organization.world.push("acme/r000", {"a.sql": "SELECT 'new'"})
    organization.forget()
    pushed = read(config, quiet.state)
    assert asked < len(organization.requests) <= asked + MOST_FOR_A_PUSH
    assert [one["path"] for one in pushed["files"]] == ["a.sql"]
    assert {one["urn"] for one in pushed["liveness"] if one["stream"] == "files"} == {
        f"{SHOP}/main/b.sql"
    }
    assert len([one for one in pushed["liveness"] if one["stream"] == "repositories"]) == 199
    assert pushed.covered("files")[SHOP]["extracted"] == 2
    assert pushed.is_complete

    organization.forget()
    assert read(config, pushed.state).state == pushed.state
    assert len(organization.requests) == asked


def test_a_comment_on_a_pull_request_reads_no_file_again(server: GithubServer) -> None:
    full = read(settings(server))
    pull = server.world.repos["acme/shop"].pulls[-1]
    pull.updated_at = server.world.tick()
    server.forget()
    later = read(settings(server), full.state)
    assert [one["number"] for one in later["pull_requests"]] == [pull.number]
    assert (later["files"], later["commits"], later["lineage"]) == ([], [], [])
    alive = {one["urn"] for one in later["liveness"] if one["stream"] == "files"}
    assert alive == {one["urn"] for one in full["files"]}
    assert later.is_complete


def test_pull_requests_are_not_read_past_the_last_run(server: GithubServer) -> None:
    world = server.world
    for number in range(120):
        world.pull("acme/shop", f"b{number}", {"x.md": str(number)})
    full = read(settings(server), streams=["pull_requests"])
    assert len(full["pull_requests"]) == 122
    world.repos["acme/shop"].pulls[7].updated_at = world.tick()
    server.forget()
    later = read(settings(server), full.state, streams=["pull_requests"])
    assert later["pull_requests"][0]["number"] == 8
    assert (
        sum("pullRequests(first: $first" in one.body.get("query", "") for one in server.requests)
        == 1
    )


def test_lists_are_confirmed_by_their_etags(server: GithubServer, tmp_path: Path) -> None:
    config = settings(server, cache_dir=str(tmp_path / "cache"))
    full = read(config)
    server.forget()
    again = read(config)
    listed = [one for one in server.requests if one.path.endswith(("/repos", "/branches"))]
    assert listed
    assert {one.status for one in listed} == {304}
    for stream in ("repositories", "branches", "files", "lineage", "commits", "pull_requests"):
        assert again[stream] == full[stream]


def test_trees_and_texts_are_fetched_once_and_a_lost_cache_is_only_slower(
    server: GithubServer, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    config = settings(server, cache_dir=str(cache))
    full = read(config)
    server.forget()
    read(config)
    assert not [one for one in server.requests if "/git/" in one.path]
    texts = [one.body["query"].count("...Text") for one in server.requests if one.is_graphql]
    assert sum(texts) == 1  # of the file that has none, which is not kept
    for kept in cache.rglob("*.json"):
        kept.write_bytes(b"{damaged")
    slower = read(config)
    for stream in full.streams:
        if stream != "coverage":
            assert slower[stream] == full[stream], stream


def test_a_cache_that_is_ahead_of_the_catalog_is_never_taken_for_it(
    server: GithubServer, tmp_path: Path
) -> None:
    """A run that was lost after its reading leaves its cache, and no state: all is sent again."""
    config = settings(server, cache_dir=str(tmp_path / "cache"))
    old = read(config)
    server.world.push("acme/shop", {"etl/load.sql": "SELECT 'new'"})
    read(config, old.state)  # its output, and so its state, never arrived
    again = read(config, old.state)
    assert [one["path"] for one in again["files"]] == ["etl/load.sql"]


def test_other_streams_another_filter_or_other_settings_read_everything(
    server: GithubServer,
) -> None:
    full = read(settings(server))
    assert read(settings(server), full.state)["files"] == []
    assert read(settings(server), full.state, streams=["files"])["files"] == full["files"]
    filtered = read(settings(server, exclude=["acme.site"]), full.state)
    assert filtered["files"] == full["files"]
    small = read(settings(server, max_file_kb=1), full.state)
    assert len(small["files"]) == len(full["files"])


def test_a_scope_is_read_without_listing_and_keeps_the_others_marks(server: GithubServer) -> None:
    full = read(settings(server))
    server.world.push("acme/shop", {"etl/load.sql": "SELECT 'new'"})
    server.forget()
    scoped = read(settings(server, scopes=[f"{NAMESPACE}/acme/shop"]), full.state)
    assert [one["path"] for one in scoped["files"]] == ["etl/load.sql"]
    assert not [one for one in server.requests if one.path.endswith("/orgs/acme/repos")]
    assert {one["scope_urn"] for one in scoped["coverage"]} == {NAMESPACE, f"{NAMESPACE}/acme/shop"}
    server.forget()
    assert read(settings(server), scoped.state)["files"] == []


def test_grants_are_read_in_every_run(server: GithubServer) -> None:
    full = read(settings(server), streams=EVERYTHING)
    server.world.repos["acme/shop"].collaborators["linus"] = "read"
    later = read(settings(server), full.state, streams=EVERYTHING)
    assert len(later["grants"]) == len(full["grants"]) + 1


def test_the_client_never_waits_by_itself(server: GithubServer) -> None:
    """PyGithub would pause a second after each GraphQL query, and an hour for a rate limit."""
    config = validate(Config, settings(server), ambient=False)
    with connect(config) as client:
        given = client.accesses[0]._github.requester.kwargs
    assert (given["seconds_between_requests"], given["seconds_between_writes"]) == (0, 0)
    assert given["retry"] is None
