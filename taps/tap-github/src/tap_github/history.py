"""Branches, their commits, and pull requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from songbook import Request
from songbook.connector import Gap, Item
from songbook.records import Branch, Commit, Diagnostic, PullRequest, Tag
from tap_github.faults import TimedOut
from tap_github.graphql import HISTORY, PULL_REQUESTS
from tap_github.repository import Repository, reading

PULLS = 50
"""Pull requests that one query asks about, unless that takes the server too long."""
FILES = 100
"""Files of a pull request that come with it; more are asked for."""
MOST_FILES = 3000
"""Files of a pull request that GitHub lists at all
(https://docs.github.com/rest/pulls/pulls#list-pull-requests-files)."""


def branches(repository: Repository, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """All branches, each with its tip and whether rules guard it."""
    with reading(repository, "the branches"):
        for one in repository.pages("branches"):
            yield Branch(
                urn=repository.below(one["name"]),
                name=one["name"],
                repository_urn=repository.urn,
                head_sha=one["commit"]["sha"],
                protected=one["protected"],
                url=f"{repository.pulse['url']}/tree/{quote(one['name'])}",
                extra={
                    "is_default": one["name"] == repository.default_branch,
                    "is_read": one["name"] in repository.heads,
                },
            )


def commits(repository: Repository, request: Request) -> Iterator[Item]:
    """The commits of the chosen branches: those since the last run, or all of the window."""
    seen: set[str] = set()
    if repository.heads:
        yield _files_unread(repository)
    with reading(repository, "the commits"):
        for branch, head in repository.heads.items():
            before = repository.head_before(branch, request.mark)
            if before == head:
                continue
            for commit in _commits(repository, before, head):
                if commit.sha not in seen:
                    seen.add(commit.sha)
                    yield commit


def _commits(repository: Repository, before: str | None, head: str) -> Iterator[Commit]:
    comparison = repository.comparison(before, head) if before else None
    if comparison is None:
        yield from _history(repository, head)
        return
    start = window(repository)
    for one in comparison["commits"]:
        committed_at = datetime.fromisoformat(one["commit"]["committer"]["date"])
        if committed_at >= start:
            yield _commit(
                repository,
                sha=one["sha"],
                url=one["html_url"],
                message=one["commit"]["message"],
                author=(one["author"] or {}).get("login") or one["commit"]["author"]["name"],
                committed_at=committed_at,
                parents=[parent["sha"] for parent in one["parents"]],
            )


def _history(repository: Repository, head: str) -> Iterator[Commit]:
    """The commits of the window, newest first."""
    since, after = window(repository).isoformat(), None
    while True:
        answer = repository.graphql(HISTORY, head=head, since=since, after=after)
        page = (answer.data["repository"]["object"] or {}).get("history")
        if page is None:
            return
        for one in page["nodes"]:
            author = one["author"] or {}
            yield _commit(
                repository,
                sha=one["oid"],
                url=one["url"],
                message=one["message"],
                author=(author.get("user") or {}).get("login") or author.get("name"),
                committed_at=datetime.fromisoformat(one["committedDate"]),
                parents=[parent["oid"] for parent in one["parents"]["nodes"]],
            )
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _commit(repository: Repository, *, sha: str, url: str, message: str, **fields: Any) -> Commit:
    return Commit(
        urn=repository.below(sha, kind="commit"),
        name=sha,
        repository_urn=repository.urn,
        sha=sha,
        message=message,
        extra={"url": url},
        **fields,
    )


def _files_unread(repository: Repository) -> Gap:
    """To ask which files a commit touched takes one request a commit: it is not asked."""
    return Gap(
        outcome=None,
        diagnostic=Diagnostic(
            code="GITHUB_COMMIT_FILES_UNREAD",
            stream=Commit.STREAM,
            scope_urn=repository.namespace,
            severity="info",
            title="Which files a commit touched is not read; files name their last commit.",
            count=1,
        ),
        unread_fields=("files",),
    )


def pull_requests(repository: Repository, request: Request) -> Iterator[Item]:
    """The pull requests that were updated since the last run, or within the window."""
    start = window(repository)
    before = _last_update(repository, request)
    if before is not None and before == repository.mark["pulls"]:
        return
    since = max(start, datetime.fromisoformat(before)) if before else start
    with reading(repository, "the pull requests"):
        for one in _pulls(repository):
            if datetime.fromisoformat(one["updatedAt"]) < since:
                return
            yield from _pull(repository, one)


def _last_update(repository: Repository, request: Request) -> str | None:
    """The last update of a pull request that a run saw which read in the same way."""
    mark = request.mark
    if mark is None or mark.get("settings") != repository.mark["settings"]:
        return None
    at = mark.get("pulls")
    return str(at) if at else None


def _pulls(repository: Repository) -> Iterator[dict[str, Any]]:
    """All pull requests, last updated first; pages get smaller where the server is too slow."""
    first, after = PULLS, None
    while True:
        try:
            answer = repository.graphql(PULL_REQUESTS, first=first, after=after)
        except TimedOut:
            if first == 1:
                raise
            first = first // 2
            continue
        page = answer.data["repository"]["pullRequests"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _pull(repository: Repository, one: dict[str, Any]) -> Iterator[Item]:
    number = one["number"]
    if one["files"] and one["files"]["totalCount"] > MOST_FILES:
        yield _too_many_files(repository)
    yield PullRequest(
        urn=repository.below(str(number), kind="pull_request"),
        name=one["title"],
        description=one["body"] or None,
        repository_urn=repository.urn,
        number=number,
        state="merged" if one["mergedAt"] else one["state"].lower(),
        author=_login(one["author"]),
        reviews=[
            {
                "author": _login(review["author"]),
                "state": review["state"].lower(),
                "submitted_at": review["submittedAt"],
            }
            for review in _nodes(one["reviews"])
        ],
        base=one["baseRefName"],
        head=one["headRefName"],
        merged_at=one["mergedAt"] and datetime.fromisoformat(one["mergedAt"]),
        files=sorted(_paths(repository, one)),
        tags=[Tag(key=label["name"], source="github") for label in _nodes(one["labels"])],
        extra={
            "url": one["url"],
            "is_draft": one["isDraft"],
            "created_at": one["createdAt"],
            "updated_at": one["updatedAt"],
            "closed_at": one["closedAt"],
            "merged_by": _login(one["mergedBy"]),
            "merge_commit": (one["mergeCommit"] or {}).get("oid"),
            "head_sha": one["headRefOid"],
            "reviewers": sorted(_reviewers(one)),
        },
    )


def _paths(repository: Repository, one: dict[str, Any]) -> Iterator[str]:
    if one["files"] is None or one["files"]["totalCount"] <= FILES:
        yield from (node["path"] for node in _nodes(one["files"]))
        return
    for file in repository.pages("pulls", one["number"], "files"):
        yield file["filename"]


def _reviewers(one: dict[str, Any]) -> Iterator[str]:
    """Who was asked to review: users, and teams with their organisation."""
    for request in _nodes(one["reviewRequests"]):
        reviewer = request["requestedReviewer"] or {}
        name = reviewer.get("login") or reviewer.get("combinedSlug")
        if name:
            yield name


def _too_many_files(repository: Repository) -> Gap:
    return Gap(
        outcome=None,
        diagnostic=Diagnostic(
            code="GITHUB_PULL_REQUEST_FILES_CUT",
            stream=PullRequest.STREAM,
            scope_urn=repository.urn,
            severity="warning",
            title=f"GitHub lists {MOST_FILES} files of a pull request at most; one has more.",
            count=1,
        ),
    )


def _nodes(connection: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What a connection holds; GitHub gives none where it counts for nothing."""
    return [node for node in (connection or {}).get("nodes") or [] if node]


def _login(actor: dict[str, Any] | None) -> str | None:
    """Who did it; an account that is gone has no name any more."""
    return actor["login"] if actor else None


def window(repository: Repository) -> datetime:
    """The beginning of the time that history is read for: midnight, so that runs of a day agree."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=repository.config.history_days)
