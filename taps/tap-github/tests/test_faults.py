"""What goes wrong at GitHub, and what becomes of it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from github_runs import NAMESPACE, Run, read, settings
from github_server import TOKEN, Fault, GithubServer, graphql, rest
from github_world import World

from songbook.errors import ConnectionFailed
from tap_github import faults

PRIMARY = {"message": "API rate limit exceeded for user ID 1.", "documentation_url": ""}
SECONDARY = {
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try "
    "again.",
    "documentation_url": "",
}
SHOP = f"{NAMESPACE}/acme/shop"


@pytest.fixture
def full(server: GithubServer) -> Run:
    """What a run without faults reads."""
    run = read(settings(server))
    server.forget()
    return run


def same(one: Run, other: Run) -> bool:
    return all(one[stream] == other[stream] for stream in ("repositories", "files", "lineage"))


@pytest.mark.parametrize(
    "fault",
    [
        Fault(rest("/git/trees/"), 502, times=2),
        Fault(rest("/branches"), 503),
        Fault(rest("/git/trees/"), cut=True),
        Fault(graphql("Pulses"), 502),
        Fault(graphql("Pulses"), 200, {"errors": [{"message": "Something went wrong while "
              "executing your query. This may be the result of a timeout."}], "data": None}),
        Fault(rest("/git/trees/"), 403, SECONDARY, {"Retry-After": "1"}),
        Fault(rest("/git/trees/"), 429, SECONDARY, {"Retry-After": "1"}),
    ],
    ids=["502", "503", "cut off", "graphql 502", "graphql time-out", "secondary", "429"],
)  # fmt: skip
def test_what_passes_is_waited_for(server: GithubServer, full: Run, fault: Fault) -> None:
    server.faults.append(fault)
    run = read(settings(server))
    assert fault.times == 0
    assert run.is_complete
    assert same(run, full)


def test_a_primary_limit_is_waited_for_until_it_is_lifted(server: GithubServer, full: Run) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 2)}
    server.faults.append(Fault(rest("/branches"), 403, PRIMARY, headers))
    started = time.monotonic()
    assert same(read(settings(server)), full)
    assert time.monotonic() - started > 1


def test_graphql_has_the_same_limit_in_another_form(server: GithubServer, full: Run) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 1)}
    body = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    server.faults.append(Fault(graphql("Pulses"), 200, body, headers))
    assert same(read(settings(server)), full)


def test_waiting_has_a_budget(server: GithubServer, full: Run) -> None:
    """What would take longer is left, not asked for again, and not taken for gone."""
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 3600)}
    server.faults.append(Fault(rest("/acme/shop/branches"), 403, PRIMARY, headers, times=100))
    started = time.monotonic()
    run = read(settings(server, max_wait_seconds=5))
    assert time.monotonic() - started < 30
    assert server.requests[-1].status == 403
    branches = run.covered("branches")[SHOP]
    assert (branches["complete"], branches["failed"]) == (False, 1)
    note = run.one("diagnostics", stream="branches", severity="error", scope_urn=SHOP)
    assert "asks to wait 3" in note["title"]
    assert "max_wait_seconds" in note["remediation"]
    assert not run.covered("files")[SHOP]["complete"]
    later = read(settings(server, max_wait_seconds=5), run.state)
    assert f"{NAMESPACE}/acme/empty" in {one["urn"] for one in later["liveness"]}
    server.faults.clear()
    assert same(read(settings(server)), full)


def test_a_secondary_limit_without_a_time_is_waited_for_a_minute(
    server: GithubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "SECONDARY_WAIT", 0.5)
    server.faults.append(Fault(rest("/branches"), 403, SECONDARY, times=2))
    assert read(settings(server)).is_complete


def test_what_was_missed_is_read_by_the_next_run(server: GithubServer, full: Run) -> None:
    server.world.push("acme/shop", {"etl/load.sql": "SELECT 'new'"})
    server.faults.append(Fault(rest("/git/trees/"), 500, times=100))
    broken = read(settings(server, max_wait_seconds=0), full.state)
    assert not broken.covered("files")[SHOP]["complete"]
    server.faults.clear()
    later = read(settings(server), broken.state)
    assert [one["path"] for one in later["files"]] == ["etl/load.sql"]


def test_an_empty_repository_has_no_files_and_no_gap(server: GithubServer) -> None:
    run = read(settings(server, branches=["*"]))
    assert run.covered("files")[f"{NAMESPACE}/acme/empty"]["extracted"] == 0
    assert run.is_complete


def test_a_repository_that_turns_out_empty_has_no_gap(server: GithubServer) -> None:
    server.faults.append(
        Fault(rest("/acme/site/git/trees/"), 409, {"message": "Git Repository is empty."})
    )
    run = read(settings(server))
    assert run.covered("files")[f"{NAMESPACE}/acme/site"] == {
        **run.covered("files")[f"{NAMESPACE}/acme/site"], "complete": True, "extracted": 0,
    }  # fmt: skip


def test_a_renamed_repository_is_read_under_its_new_name(server: GithubServer, full: Run) -> None:
    world = server.world
    repo = world.repos["acme/store"] = world.repos.pop("acme/shop")
    repo.name = "store"
    world.renamed["acme/shop"] = "acme/store"
    run = read(settings(server, organizations=None, repositories=["acme/shop"]))
    assert run.one("repositories")["urn"] == f"{NAMESPACE}/acme/store"
    assert len(run["files"]) == len(full["files"])


def test_a_repository_that_is_renamed_meanwhile_is_followed(
    server: GithubServer, full: Run
) -> None:
    """PyGithub follows a redirect without the query: a tree then has no depth, which shows."""
    server.moving = "acme/shop"
    run = read(settings(server))
    assert run.is_complete
    assert run["files"] == full["files"]
    assert run["branches"] == full["branches"]


def test_a_blocked_repository_is_a_gap_and_nothing_else_suffers(
    server: GithubServer, full: Run
) -> None:
    server.world.repos["acme/site"].blocked = True
    run = read(settings(server))
    site = run.covered("files")[f"{NAMESPACE}/acme/site"]
    assert (site["complete"], site["denied"]) == (False, 1)
    assert "blocked" in site["reason"]
    assert run.covered("files")[SHOP]["complete"]
    assert run["files"] == full["files"]


@pytest.mark.parametrize("most", [1, 3, 8])
def test_a_tree_that_is_cut_is_walked(server: GithubServer, full: Run, most: int) -> None:
    server.most_entries = most
    assert read(settings(server))["files"] == full["files"]


@pytest.mark.parametrize("budget", [1, 2, 7])
def test_queries_that_take_too_long_ask_for_less(
    server: GithubServer, full: Run, budget: int
) -> None:
    server.graphql_budget = budget
    run = read(settings(server, max_wait_seconds=10_000))
    assert run.is_complete
    assert same(run, full)
    assert run["pull_requests"] == full["pull_requests"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Time-outs are retried after a second: here that second is left out."""
    if "budget" in request.fixturenames:
        monkeypatch.setattr("songbook.http.time.sleep", lambda _: None)
        monkeypatch.setattr("songbook.http.Patience.__init__.__defaults__", (lambda _: None,))


def test_what_is_hopeless_is_a_gap(server: GithubServer, full: Run) -> None:
    def hopeless(asked: Any) -> bool:
        return "etl/load.sql" in asked.body.get("variables", {}).values()

    timeout = {"errors": [{"message": "Something went wrong while executing your query."}]}
    server.faults.append(Fault(hopeless, 200, timeout, times=1000))
    run = read(settings(server, max_wait_seconds=1000))
    files = run.covered("files")[SHOP]
    assert (files["complete"], files["failed"]) == (False, 1)
    assert len(run["files"]) == len(full["files"]) - 1


def test_a_token_of_another_organization_sees_no_private_repository(server: GithubServer) -> None:
    """GitHub lists the public ones: an owner is told how many are missing, others are not."""
    server.tokens[TOKEN] = lambda _: False
    server.world.accounts["acme"].hidden_private = 2
    run = read(settings(server))
    assert [one["name"] for one in run["repositories"]] == ["site"]
    repositories = run.covered("repositories")[f"{NAMESPACE}/acme"]
    assert (repositories["complete"], repositories["denied"]) == (False, 2)
    assert run.one("diagnostics", code="GITHUB_REPOSITORIES_HIDDEN")["count"] == 2


def test_a_repository_that_is_not_shown_is_denied_not_gone(server: GithubServer) -> None:
    server.tokens[TOKEN] = lambda name: name != "acme/shop"
    named = settings(server, organizations=None, repositories=["acme/shop", "acme/site"])
    run = read(named)
    assert [one["name"] for one in run["repositories"]] == ["site"]
    assert run.covered("files")[SHOP]["denied"] == 1
    assert "can't be seen" in run.one("diagnostics", stream="files", severity="error")["title"]


def test_an_unknown_organization_is_denied(server: GithubServer) -> None:
    run = read(settings(server, organizations=["acme", "nobody"]))
    assert run.covered("repositories")[f"{NAMESPACE}/nobody"]["denied"] == 1
    assert run.covered("repositories")[f"{NAMESPACE}/acme"]["complete"]


def test_wrong_credentials_are_told_at_once(server: GithubServer) -> None:
    with pytest.raises(
        ConnectionFailed, match="refused the credentials: Bad credentials"
    ) as caught:
        read(settings(server, token="ghp_wrong0wrong0wrong"))
    assert "token" in caught.value.hint
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_is_told_soon(server: GithubServer) -> None:
    started = time.monotonic()
    with pytest.raises(ConnectionFailed, match="No answer from GitHub"):
        read(settings(server, base_url="http://127.0.0.1:9"))
    assert time.monotonic() - started < 10


def test_a_missing_permission_is_named(server: GithubServer) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "contents=read"}
    body = {"message": "Resource not accessible by personal access token"}
    server.faults.append(Fault(rest("/git/trees/"), 403, body, headers, times=100))
    run = read(settings(server))
    note = run.one("diagnostics", stream="files", scope_urn=SHOP, severity="error")
    assert "contents=read" in note["remediation"]
    assert run.covered("files")[SHOP]["denied"] == 1


def test_single_sign_on_is_named(server: GithubServer) -> None:
    headers = {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso?authorization=1"}
    body = {"message": "Resource protected by organization SAML enforcement."}
    server.faults.append(Fault(rest("/orgs/acme/repos"), 403, body, headers))
    run = read(settings(server))
    notes = [one["remediation"] for one in run["diagnostics"] if one["severity"] == "error"]
    assert all("single sign-on" in note for note in notes)


def test_binary_and_huge_files_are_listed_without_content(server: GithubServer) -> None:
    huge = "SELECT 1 -- " + "x" * 2_000_000
    large = "SELECT 2 -- " + "y" * 700_000
    server.world.push(
        "acme/shop",
        {"big/huge.sql": huge, "big/large.sql": large, "big/latin.sql": b"SELECT 'caf\xe9'"},
    )
    run = read(settings(server))
    assert run.one("files", path="big/large.sql")["definition"] == large
    left_out = {
        one["path"]: one["extra"]["content_left_out"]
        for one in run["files"]
        if "content_left_out" in one["extra"]
    }
    assert left_out == {
        "big/huge.sql": "too large",
        "bi/Shop.pbix": "packed",
        "bi/broken.sql": "binary",
    }
    assert run.is_complete
    assert (
        read(settings(server, max_file_kb=4096)).one("files", path="big/huge.sql")["definition"]
        == huge
    )


def test_a_history_that_was_rewritten_is_read_again(server: GithubServer, full: Run) -> None:
    world: World = server.world
    first = list(world.ancestry(world.repos["acme/shop"].branches["main"]))[-1].sha
    world.rewrite("acme/shop", first, {"etl/load.sql": "SELECT 'rewritten'"})
    later = read(settings(server), full.state)
    fresh = read(settings(server))
    assert later["files"] == fresh["files"]
    assert "etl/more.sql" not in {one["path"] for one in later["files"]}
