"""Teams, their members, and who may do what with which repository: off by default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from github import GithubException

from songbook import Request, urn
from songbook.connector import Item
from songbook.records import Grant, Principal
from tap_github.address import api_path
from tap_github.faults import FAILURES, NOT_FOUND, explained
from tap_github.gaps import gap
from tap_github.parts import AccountClient
from tap_github.reach import ORGANIZATION

PRIVILEGES = ("admin", "maintain", "push", "triage", "pull")
"""What GitHub's flags of a permission are called, the strongest first."""


def principals(at: AccountClient, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """The members and teams of an organisation; a user stands for itself."""
    try:
        if at.account.kind != ORGANIZATION:
            yield _user(at, at.account.login, [])
            return
        teams = list(_pages(at, "orgs", at.account.login, "teams"))
        belongs = _belonging(at, teams)
        for team in teams:
            yield _team(at, team)
        for login in sorted(belongs):
            yield _user(at, login, sorted(belongs[login]))
    except FAILURES as error:
        raise explained(error, f"the teams and members of {at.account.login}") from None


def _belonging(at: AccountClient, teams: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The members of the organisation, each with its teams."""
    login = at.account.login
    members = {one["login"]: set[str]() for one in _pages(at, "orgs", login, "members")}
    for team in teams:
        for one in _pages(at, "orgs", login, "teams", team["slug"], "members"):
            members.setdefault(one["login"], set()).add(_team_urn(at, team["slug"]))
    return members


def grants(at: AccountClient, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """What collaborators and teams may do with each repository."""
    for name in at.account.repositories:
        place = urn.join(at.client.namespace, (at.account.login, name))
        try:
            for one in _pages(at, "repos", at.account.login, name, "collaborators"):
                yield _grant(_user_urn(at, one["login"]), place, one, "collaborator")
            for one in _teams_of(at, name):
                yield _grant(_team_urn(at, one["slug"]), place, one, "team")
        except FAILURES as error:
            found = explained(error, f"the collaborators of {at.account.login}/{name}")
            yield gap(found, Grant.STREAM, place)


def _teams_of(at: AccountClient, name: str) -> Iterator[dict[str, Any]]:
    """The teams of a repository; those of a user have none, and GitHub says so with 404."""
    try:
        yield from _pages(at, "repos", at.account.login, name, "teams")
    except GithubException as error:
        if error.status != NOT_FOUND:
            raise


def _grant(grantee: str, place: str, one: dict[str, Any], way: str) -> Grant:
    flags = one.get("permissions") or {}
    strongest = next((name for name in PRIVILEGES if flags.get(name)), None)
    role = one.get("role_name") or strongest or one.get("permission") or "pull"
    return Grant(grantee_urn=grantee, object_urn=place, privilege=role, extra={"through": way})


def _team(at: AccountClient, team: dict[str, Any]) -> Principal:
    parent = team.get("parent")
    return Principal(
        urn=_team_urn(at, team["slug"]),
        name=team["name"],
        description=team["description"] or None,
        principal_type="group",
        member_of=[_team_urn(at, parent["slug"])] if parent else [],
        url=team["html_url"],
        extra={"slug": team["slug"], "privacy": team.get("privacy")},
    )


def _user(at: AccountClient, login: str, member_of: list[str]) -> Principal:
    return Principal(
        urn=_user_urn(at, login), name=login, principal_type="user", member_of=member_of
    )


def _user_urn(at: AccountClient, login: str) -> str:
    return urn.join(at.client.namespace, (at.account.login, login), "principal")


def _team_urn(at: AccountClient, slug: str) -> str:
    """Teams are named as they are mentioned, which no user can be: with their organisation."""
    name = f"{at.account.login}/{slug}"
    return urn.join(at.client.namespace, (at.account.login, name), "principal")


def _pages(at: AccountClient, *path: str) -> Iterator[dict[str, Any]]:
    return at.account.access.pages(api_path(*path))
