"""What there is to read: accounts, and the names of their repositories."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from songbook import urn
from songbook.connector import Wanted
from songbook.errors import SongbookError
from tap_github.access import Access
from tap_github.address import api_path
from tap_github.client import Client, Installation
from tap_github.faults import FAILURES, explained

ORGANIZATION, USER = "Organization", "User"
REACHABLE = "owner,collaborator,organization_member"
"""The affiliations by which a token reaches repositories."""


@dataclass(slots=True)
class Account:
    """An organisation or user, and those of its repositories that are to be read."""

    login: str
    access: Access
    is_whole: bool
    """Whether all repositories that the credentials reach are meant, so that a missing one is
    gone."""
    kind: str | None = None
    """Organization or User, where that is known before it is asked."""
    repositories: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Custom properties, by name of repository."""
    private: int = 0
    """How many of them are not public."""
    error: SongbookError | None = None
    """Why they can't be listed."""


def accounts(client: Client, wanted: Wanted) -> list[Account]:
    """The accounts that settings, scopes and filter leave, by name."""
    found = _of_scopes(client) or _of_settings(client)
    chosen: list[Account] = []
    for account in sorted(found, key=lambda one: one.login):
        place = urn.join(client.namespace, (account.login,))
        if not wanted(place):
            continue
        account.repositories = {
            name: properties
            for name, properties in sorted(account.repositories.items())
            if wanted(urn.join(client.namespace, (account.login, name)))
        }
        chosen.append(account)
    return chosen


def _of_scopes(client: Client) -> list[Account]:
    """When only single repositories are asked for, nothing has to be listed."""
    paths = [urn.parse(scope).path for scope in client.config.scopes]
    if not paths or any(len(path) < len(("owner", "repository")) for path in paths):
        return []
    return _named(client, [f"{path[0]}/{path[1]}" for path in paths])


def _of_settings(client: Client) -> list[Account]:
    config = client.config
    if client.installations:
        listed = _of_installations(client)
    else:
        listed = [_of_organization(client, login) for login in config.organizations]
        listed += [_of_user(client, login) for login in config.users]
        if not (config.organizations or config.users or config.repositories):
            listed = _of_token(client)
    whole = {account.login.lower() for account in listed}
    single = [one for one in config.repositories if one.split("/")[0].lower() not in whole]
    return listed + _named(client, single)


def _named(client: Client, names: list[str]) -> list[Account]:
    accounts: dict[str, Account] = {}
    for name in names:
        owner, repository = name.split("/")
        new = Account(owner, client.access_to(owner), is_whole=False)
        accounts.setdefault(owner, new).repositories[repository] = {}
    return list(accounts.values())


def _of_installations(client: Client) -> list[Account]:
    """Each installation shows its own repositories; the settings may leave some of them."""
    config = client.config
    logins = {one.lower() for one in (*config.organizations, *config.users)}
    names_all = not (logins or config.repositories)
    chosen = [one for one in client.installations if names_all or one.account.lower() in logins]
    return [_of_installation(one) for one in chosen]


def _of_installation(one: Installation) -> Account:
    account = Account(one.account, one.access, is_whole=True, kind=one.kind)
    return _listed(account, "/installation/repositories", inside="repositories")


def _of_organization(client: Client, login: str) -> Account:
    account = Account(login, client.access_to(login), is_whole=True, kind=ORGANIZATION)
    return _listed(account, api_path("orgs", login, "repos"), type="all", sort="full_name")


def _of_user(client: Client, login: str) -> Account:
    """A user's repositories; the private ones are shown only to the user's own token."""
    account = Account(login, client.access_to(login), is_whole=True, kind=USER)
    try:
        me = account.access.get("/user").get("login", "")
    except FAILURES:  # the token of an App is nobody's
        me = ""
    if me.lower() == login.lower():
        return _listed(account, "/user/repos", affiliation="owner", sort="full_name")
    return _listed(account, api_path("users", login, "repos"), type="owner", sort="full_name")


def _of_token(client: Client) -> list[Account]:
    access = client.accesses[0]
    found: dict[str, Account] = {}
    try:
        for one in access.pages("/user/repos", affiliation=REACHABLE, sort="full_name"):
            login = one["owner"]["login"]
            new = Account(login, access, is_whole=True, kind=one["owner"]["type"])
            account = found.setdefault(login, new)
            _add(account, one)
    except FAILURES as error:
        raise explained(error, "the token's repositories") from None
    return list(found.values())


def _listed(account: Account, path: str, **asked: Any) -> Account:
    """The account with its repositories, or with the reason why they can't be listed."""
    try:
        for one in account.access.pages(path, **asked):
            account.login = one["owner"]["login"]  # as GitHub spells it
            _add(account, one)
    except FAILURES as error:
        account.error = explained(error, f"the repositories of {account.login}")
    return account


def _add(account: Account, listed: dict[str, Any]) -> None:
    account.repositories[listed["name"]] = listed.get("custom_properties") or {}
    account.private += bool(listed["private"])
