"""The parts of a run: GitHub itself, its accounts, and each of their repositories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from songbook import Part, urn
from songbook.connector import Wanted
from songbook.errors import PermissionMissing, SongbookError
from songbook.records import (
    Branch,
    Commit,
    Container,
    File,
    Grant,
    Lineage,
    Principal,
    PullRequest,
    System,
)
from songbook.records import Repository as RepositoryRecord
from tap_github.access import in_batches
from tap_github.address import api_path
from tap_github.client import Client
from tap_github.faults import FAILURES, TimedOut, explained
from tap_github.graphql import pulses
from tap_github.reach import ORGANIZATION, Account, accounts
from tap_github.repository import Repository

PULSES = 50
"""Repositories that one GraphQL query asks about."""

OF_SYSTEM = frozenset({System.STREAM})
OF_ACCOUNT = frozenset({kind.STREAM for kind in (Container, Principal, Grant)})
OF_REPOSITORY = frozenset(
    {kind.STREAM for kind in (Branch, Commit, PullRequest, File, Lineage)}
)  # and `repositories`, which tells of an account as well: how many of them are hidden


@dataclass(frozen=True)
class AccountClient:
    """An account, and the GitHub that it is on."""

    client: Client
    account: Account

    @property
    def urn(self) -> str:
        """The URN of the account."""
        return urn.join(self.client.namespace, (self.account.login,))

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What GitHub tells of the account itself."""
        level = "orgs" if self.account.kind == ORGANIZATION else "users"
        try:
            found: dict[str, Any] = self.account.access.get(api_path(level, self.account.login))
        except FAILURES as error:
            raise explained(error, self.account.login) from None
        return found


@dataclass(frozen=True, slots=True)
class Pulse:
    """What was answered about one repository."""

    name: str
    data: dict[str, Any] | None
    error: SongbookError | None = None


def parts(client: Client, wanted: Wanted) -> Iterator[Part]:
    """The parts that filter and scopes leave; what one request can't show has its error."""
    repositories = frozenset({RepositoryRecord.STREAM})
    yield Part(
        client.namespace,
        client=client,
        skip=OF_ACCOUNT | OF_REPOSITORY | repositories,
    )
    for account in accounts(client, wanted):
        place = urn.join(client.namespace, (account.login,))
        if account.error is not None:
            yield Part(place, error=account.error, skip=OF_SYSTEM)
            continue
        skip = OF_SYSTEM | OF_REPOSITORY | (frozenset() if account.is_whole else repositories)
        yield Part(place, client=AccountClient(client, account), skip=skip)
        yield from _repositories(client, account, place)


def _repositories(client: Client, account: Account, place: str) -> Iterator[Part]:
    scopes = {RepositoryRecord.STREAM: place} if account.is_whole else {}
    skip = OF_SYSTEM | OF_ACCOUNT
    names = list(account.repositories)
    for start in range(0, len(names), PULSES):
        for pulse in _pulses(account, names[start : start + PULSES]):
            at = urn.join(client.namespace, (account.login, pulse.name))
            if pulse.data is None:
                yield Part(at, error=pulse.error, scopes=scopes, skip=skip)
                continue
            try:
                properties = account.repositories[pulse.name]
                one = Repository(client, account.access, pulse.data, properties)
            except FAILURES as error:
                found = explained(error, f"{account.login}/{pulse.name}")
                yield Part(at, error=found, scopes=scopes, skip=skip)
                continue
            yield Part(one.urn, client=one, scopes=scopes, skip=skip, mark=one.mark)


def _pulses(account: Account, names: Sequence[str]) -> list[Pulse]:
    """How some repositories look now; where nothing is answered, all of them have the error."""

    def ask(some: Sequence[str]) -> Iterator[Pulse]:
        query, values = pulses([(account.login, name) for name in some])
        data, errors = account.access.graphql(query, values)
        said = {
            error["path"][0]: str(error.get("message")) for error in errors if error.get("path")
        }
        for number, name in enumerate(some):
            key = f"r{number}"
            pulse = data.get(key)
            yield Pulse(name, pulse, None if pulse else _unseen(account, name, said.get(key)))

    def hopeless(name: str) -> Pulse:
        return Pulse(name, None, explained(TimedOut(), f"{account.login}/{name}"))

    try:
        return list(in_batches(ask, names, hopeless))
    except FAILURES as error:
        found = explained(error, f"the repositories of {account.login}")
        return [Pulse(name, None, found) for name in names]


def _unseen(account: Account, name: str, said: str | None) -> PermissionMissing:
    return PermissionMissing(
        f"{account.login}/{name} can't be seen: {said or 'no reason is given'}",
        hint="Check its name, and that token or App may read it; for single sign-on the token has "
        "to be authorised.",
    )
