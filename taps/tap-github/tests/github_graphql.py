"""The GraphQL answers of the local GitHub: true queries, run against GitHub's own schema."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from github_world import Commit, Pull, Repo
from graphql import DocumentNode, ExecutionResult, GraphQLError, execute_sync, parse, validate
from octokit import graphql_schema

if TYPE_CHECKING:
    from github_server import GithubServer

TIMEOUT = "Something went wrong while executing your query. This may be the result of a timeout."
LONGEST_TEXT = 512 * 1024
Sees = Callable[[str], bool]


class NotFound(Exception):
    """Told as GitHub tells it."""


def execute(
    server: GithubServer, query: str, variables: dict[str, Any], sees: Sees
) -> dict[str, Any]:
    """The answer to a query, with errors in GitHub's form."""
    weight = sum(name[0] in "np" and name[1:].isdigit() for name in variables)
    if weight > server.graphql_budget or variables.get("first", 0) > server.graphql_budget:
        return {"errors": [{"message": TIMEOUT}]}
    root = {"repository": lambda _, **asked: _repository(server, sees, **asked)}
    document, wrong = _checked(query)
    if wrong:
        server.problems += [error.message for error in wrong]
        return {"errors": [{"message": error.message} for error in wrong]}
    found = execute_sync(graphql_schema(), document, root, variable_values=variables)
    if found.data is None:
        server.problems += [error.message for error in found.errors or ()]
    return {"data": found.data, **_errors(found)}


@lru_cache(maxsize=256)
def _checked(query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """A query, and what is wrong with it."""
    document = parse(query)
    return document, validate(graphql_schema(), document)


def _errors(found: ExecutionResult) -> dict[str, Any]:
    if not found.errors:
        return {}
    return {
        "errors": [
            {
                "type": "NOT_FOUND" if isinstance(error.original_error, NotFound) else "INTERNAL",
                "path": error.path,
                "message": error.message,
            }
            for error in found.errors
        ]
    }


def _repository(server: GithubServer, sees: Sees, **asked: Any) -> dict[str, Any]:
    full_name = f"{asked['owner']}/{asked['name']}"
    full_name = server.world.renamed.get(full_name, full_name)
    repo = server.world.repos.get(full_name)
    if repo is None or (repo.private and not sees(full_name)):
        raise NotFound(f"Could not resolve to a Repository with the name '{full_name}'.")
    return _pulse(server, repo)


def _pulse(server: GithubServer, repo: Repo) -> dict[str, Any]:
    return {
        "databaseId": repo.number,
        "nameWithOwner": repo.full_name,
        "description": repo.description,
        "url": f"{server.url}/{repo.full_name}",
        "createdAt": _time(datetime.fromisoformat("2024-01-01T00:00:00+00:00")),
        "updatedAt": _time(repo.updated_at),
        "pushedAt": repo.pushed_at and _time(repo.pushed_at),
        "visibility": "PRIVATE" if repo.private else "PUBLIC",
        "isArchived": False,
        "isDisabled": False,
        "isFork": False,
        "isTemplate": False,
        "languages": _languages(repo),
        "repositoryTopics": {"nodes": [{"topic": {"name": one}} for one in repo.topics]},
        "owner": {"__typename": server.world.accounts[repo.owner].kind, "login": repo.owner},
        "defaultBranchRef": _ref(server, repo, repo.default),
        "refs": lambda _, **asked: _refs(server, repo, **asked),
        "pullRequests": lambda _, **asked: _pulls(server, repo, **asked),
        "object": lambda _, **asked: _object(server, repo, asked["oid"]),
    }


def _languages(repo: Repo) -> dict[str, Any]:
    sizes = repo.languages.items()
    return {"edges": [{"size": size, "node": {"name": name}} for name, size in sizes]}


def _ref(server: GithubServer, repo: Repo, name: str) -> dict[str, Any] | None:
    if name not in repo.branches:
        return None
    rule = {"pattern": name} if name in repo.protected else None
    return {
        "name": name,
        "target": {"__typename": "Commit", "oid": repo.branches[name]},
        "rules": {"totalCount": 0},
        "branchProtectionRule": rule,
    }


def _refs(server: GithubServer, repo: Repo, **asked: Any) -> dict[str, Any]:
    refs = [_ref(server, repo, name) for name in sorted(repo.branches)]
    return _connection(refs, asked)


def _connection(items: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
    start = int(asked.get("after") or 0)
    end = start + asked["first"]
    return {
        "totalCount": len(items),
        "nodes": items[start:end],
        "pageInfo": {"hasNextPage": end < len(items), "endCursor": str(end)},
    }


def _pulls(server: GithubServer, repo: Repo, **asked: Any) -> dict[str, Any]:
    pulls = sorted(repo.pulls, key=lambda one: one.updated_at, reverse=True)
    return _connection([_pull(server, repo, one) for one in pulls], asked)


def _pull(server: GithubServer, repo: Repo, pull: Pull) -> dict[str, Any]:
    return {
        "number": pull.number,
        "url": f"{server.url}/{repo.full_name}/pull/{pull.number}",
        "title": pull.title,
        "body": "",
        "state": pull.state,
        "isDraft": False,
        "author": {"__typename": "User", "login": pull.author},
        "createdAt": _time(pull.updated_at),
        "updatedAt": _time(pull.updated_at),
        "mergedAt": pull.merged_at and _time(pull.merged_at),
        "mergedBy": {"__typename": "User", "login": "grace"} if pull.merged_at else None,
        "mergeCommit": {"oid": pull.merge_commit} if pull.merge_commit else None,
        "baseRefName": repo.default,
        "headRefName": pull.head,
        "headRefOid": repo.branches.get(pull.head, "0" * 40),
        "labels": {"nodes": [{"name": "data"}]},
        "reviewRequests": {
            "nodes": [{"requestedReviewer": _reviewer(one)} for one in pull.reviewers]
        },
        "reviews": {"nodes": [_review(pull, *one) for one in pull.reviews]},
        "files": lambda _, **asked: _connection([{"path": path} for path in pull.files], asked),
    }


def _reviewer(name: str) -> dict[str, Any]:
    if "/" in name:
        return {"__typename": "Team", "combinedSlug": name}
    return {"__typename": "User", "login": name}


def _review(pull: Pull, login: str, state: str) -> dict[str, Any]:
    return {
        "author": {"__typename": "User", "login": login},
        "state": state,
        "submittedAt": _time(pull.updated_at),
    }


def _object(server: GithubServer, repo: Repo, oid: str) -> dict[str, Any] | None:
    world = server.world
    if oid in world.commits:
        return {"__typename": "Commit", "history": _history_of(server, repo, oid)}
    if oid not in world.blobs:
        return None
    content = world.blobs[oid]
    is_binary = b"\0" in content[:8000]
    text = None if is_binary else content.decode("utf-8", "replace")[:LONGEST_TEXT]
    return {
        "__typename": "Blob",
        "text": text,
        "isBinary": is_binary,
        "isTruncated": len(content) > LONGEST_TEXT,
    }


def _history_of(server: GithubServer, repo: Repo, oid: str) -> Callable[..., dict[str, Any]]:
    world = server.world

    def history(_: Any, **asked: Any) -> dict[str, Any]:
        if "path" in asked:
            last = world.last_change(oid, asked["path"])
            return {"nodes": [_commit(server, repo, last)] if last else []}
        since = datetime.fromisoformat(str(asked["since"]).replace("Z", "+00:00"))
        recent = [one for one in world.ancestry(oid) if one.at >= since]
        page = _connection(recent, asked)
        return page | {"nodes": [_commit(server, repo, one) for one in page["nodes"]]}

    return history


def _commit(server: GithubServer, repo: Repo, commit: Commit) -> dict[str, Any]:
    def pulls(_: Any, **asked: Any) -> dict[str, Any]:
        found = server.world.pull_of(repo, commit.sha)
        return {"nodes": [{"number": found.number}] if found else []}

    return {
        "oid": commit.sha,
        "url": f"{server.url}/commit/{commit.sha}",
        "message": commit.message,
        "committedDate": _time(commit.at),
        "author": {"name": commit.author, "user": {"login": commit.author}},
        "parents": {"nodes": [{"oid": sha} for sha in commit.parents]},
        "associatedPullRequests": pulls,
    }


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
