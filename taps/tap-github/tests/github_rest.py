"""The REST answers of the local GitHub."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from github_world import Account, Commit, Repo

if TYPE_CHECKING:
    from github_server import Asked, GithubServer

Sees = Callable[[str], bool]


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Missing(Exception):
    """There is no such thing, or it may not be known."""


def answer(server: GithubServer, path: str, asked: Asked, sees: Sees) -> Answer:
    """The answer to a GET of a path without prefix; raises Missing."""
    parts = [part for part in path.split("/") if part]
    match parts:
        case []:
            return Answer(200, server.description.example("root"))
        case ["user"]:
            return Answer(200, _user(server, server.viewer))
        case ["user", "repos"]:
            repos = _repos(server, sees, None)
            if asked.query.get("affiliation") == "owner":
                repos = [one for one in repos if one.owner == server.viewer]
            return _page(server, asked, [_repository(server, one) for one in repos])
        case ["installation", "repositories"]:
            own = [one for one in _repos(server, sees, None) if sees(one.full_name)]
            full = [_repository(server, one) for one in own]
            return _page(server, asked, full, inside="repositories")
        case ["orgs" | "users", login, *rest]:
            return _of_account(server, parts[0], login, rest, asked, sees)
        case ["repositories", number, *rest]:
            repo = next(one for one in server.world.repos.values() if one.number == int(number))
            return _of_repository(server, repo, rest, asked)
        case ["repos", owner, name, *rest]:
            return _named(server, f"{owner}/{name}", rest, asked, sees)
    raise Missing


def _named(
    server: GithubServer, full_name: str, rest: list[str], asked: Asked, sees: Sees
) -> Answer:
    world = server.world
    if full_name in world.renamed or full_name == server.moving:
        number = world.repos[world.renamed.get(full_name, full_name)].number
        place = f"{server.url}{server.prefix}/{'/'.join(['repositories', str(number), *rest])}"
        return Answer(301, {"message": "Moved Permanently"}, {"Location": place})
    repo = world.repos.get(full_name)
    if repo is None or (repo.private and not sees(full_name)):
        raise Missing
    if repo.blocked:
        return Answer(451, {"message": "Repository access blocked", "block": {"reason": "dmca"}})
    return _of_repository(server, repo, rest, asked)


def _of_account(
    server: GithubServer, level: str, login: str, rest: list[str], asked: Asked, sees: Sees
) -> Answer:
    account = server.world.accounts.get(login)
    if account is None or (level == "orgs" and account.kind != "Organization"):
        raise Missing
    match rest:
        case []:
            whole = _organization(server, account) if level == "orgs" else _user(server, login)
            return Answer(200, whole)
        case ["repos"]:
            # A stranger's token is shown the public repositories, and not told of the others.
            repos = _repos(server, sees, login)
            return _page(server, asked, [_minimal(server, one) for one in repos])
        case ["members"]:
            return _page(server, asked, [_simple_user(server, one) for one in account.members])
        case ["teams"]:
            return _page(server, asked, [_team(server, one) for one in account.teams])
        case ["teams", slug, "members"]:
            members = account.teams[slug]
            return _page(server, asked, [_simple_user(server, one) for one in members])
    raise Missing


def _of_repository(server: GithubServer, repo: Repo, rest: list[str], asked: Asked) -> Answer:
    world = server.world
    match rest:
        case ["branches"]:
            return _page(server, asked, [_branch(server, repo, one) for one in repo.branches])
        case ["git", "trees", sha]:
            return _tree(server, repo, sha, recursive="recursive" in asked.query)
        case ["git", "blobs", sha]:
            return Answer(200, _blob(server, sha))
        case ["compare", basehead]:
            return _compare(server, basehead, asked)
        case ["commits", sha]:
            return Answer(200, _commit(server, world.commits[sha], with_files=True))
        case ["pulls", number, "files"]:
            pull = repo.pulls[int(number) - 1]
            return _page(server, asked, [_diff(server, path) for path in pull.files])
        case ["collaborators"]:
            people = repo.collaborators.items()
            return _page(server, asked, [_collaborator(server, *one) for one in people])
        case ["teams"]:
            if server.world.accounts[repo.owner].kind != "Organization":
                raise Missing
            teams = [_team(server, slug) | {"permission": p} for slug, p in repo.teams.items()]
            return _page(server, asked, teams)
    raise Missing


def _repos(server: GithubServer, sees: Sees, login: str | None) -> list[Repo]:
    return [
        one
        for name, one in sorted(server.world.repos.items())
        if (login is None or one.owner == login) and (not one.private or sees(name))
    ]


def _page(
    server: GithubServer, asked: Asked, items: list[Any], inside: str | None = None
) -> Answer:
    size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
    start = (page - 1) * size
    headers = {}
    if start + size < len(items):
        asking = {**asked.query, "page": str(page + 1)}
        query = "&".join(f"{name}={value}" for name, value in asking.items())
        headers["Link"] = f'<{server.url}{asked.path}?{query}>; rel="next"'
    shown: Any = items[start : start + size]
    body = {"total_count": len(items), inside: shown} if inside else shown
    return Answer(200, body, headers)


def _minimal(server: GithubServer, repo: Repo) -> dict[str, Any]:
    return _repository(server, repo, "minimal-repository-items")


def _repository(
    server: GithubServer, repo: Repo, example: str = "repository-items-default-response"
) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example(example)[0]
    one |= {
        "id": repo.number,
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
        "custom_properties": repo.properties,
    }
    account = server.world.accounts[repo.owner]
    one["owner"] |= {"login": repo.owner, "type": account.kind}
    return one


def _organization(server: GithubServer, account: Account) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("organization-full")
    one |= {"login": account.login, "id": account.number, "name": account.login.title()}
    one |= {"html_url": f"{server.url}/{account.login}", "description": "Things of all kinds"}
    one["archived_at"] = None  # the example lacks what the schema demands
    one.pop("total_private_repos", None)
    if account.hidden_private is not None:
        one["total_private_repos"] = account.hidden_private
    return one


def _user(server: GithubServer, login: str) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("public-user-default-response")
    account = server.world.accounts.get(login)
    kind = account.kind if account else "User"
    return one | {"login": login, "type": kind, "html_url": f"{server.url}/{login}"}


def _simple_user(server: GithubServer, login: str) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("simple-user-items")[0]
    return one | {"login": login}


def _team(server: GithubServer, slug: str) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("team-items")[0]
    type_ = "organization"  # the example lacks what the schema demands
    return one | {"slug": slug, "name": slug.title(), "parent": None, "type": type_}


def _collaborator(server: GithubServer, login: str, role: str) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("collaborator-items")[0]
    return one | {"login": login, "role_name": role}


def _branch(server: GithubServer, repo: Repo, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "commit": {"sha": repo.branches[name], "url": f"{server.url}/commit"},
        "protected": name in repo.protected,
    }


def _tree(server: GithubServer, repo: Repo, sha: str, *, recursive: bool) -> Answer:
    if not repo.branches:
        return Answer(409, {"message": "Git Repository is empty."})
    if sha not in server.world.trees:
        raise Missing
    entries = server.world.listing(sha, recursive=recursive)
    cut = recursive and len(entries) > server.most_entries
    shown = entries[: server.most_entries] if cut else entries
    return Answer(200, {"sha": sha, "truncated": cut, "tree": shown})


def _blob(server: GithubServer, sha: str) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("blob")
    content = server.world.blobs[sha]
    encoded = base64.encodebytes(content).decode()
    return one | {"sha": sha, "size": len(content), "content": encoded, "encoding": "base64"}


def _commit(server: GithubServer, commit: Commit, *, with_files: bool = False) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("commit")
    one |= {"sha": commit.sha, "html_url": f"{server.url}/commit/{commit.sha}"}
    one["commit"]["message"] = commit.message
    one["commit"]["committer"]["date"] = commit.at.isoformat().replace("+00:00", "Z")
    one["author"]["login"] = commit.author
    parent = one["parents"][0]
    one["parents"] = [{**parent, "sha": sha} for sha in commit.parents]
    one["files"] = [_diff(server, path) for path in commit.changed]
    if not with_files:
        del one["files"]
    return one


def _diff(server: GithubServer, path: str) -> dict[str, Any]:
    one: dict[str, Any] = server.description.example("diff-entry-items")[0]
    return one | {"filename": path}


def _compare(server: GithubServer, basehead: str, asked: Asked) -> Answer:
    world = server.world
    base, _, head = basehead.partition("...")
    if base not in world.commits or head not in world.commits:
        raise Missing
    old = {one.sha for one in world.ancestry(base)}
    new = {one.sha for one in world.ancestry(head)}
    between = [one for one in world.ancestry(head) if one.sha not in old][::-1]
    behind = len(old - new)
    size, page = int(asked.query.get("per_page", 250)), int(asked.query.get("page", 1))
    one: dict[str, Any] = server.description.example("commit-comparison")
    one |= {
        "status": "diverged" if behind else "ahead" if between else "identical",
        "ahead_by": len(between),
        "behind_by": behind,
        "total_commits": len(between),
        "commits": [_commit(server, c) for c in between[(page - 1) * size : page * size]],
    }
    return Answer(200, one)
