"""The steps of a connection test."""

from __future__ import annotations

from songbook import Check, Evidence
from songbook.errors import PermissionMissing
from tap_github.client import Client
from tap_github.faults import FAILURES, explained
from tap_github.graphql import pulses
from tap_github.reach import accounts


def _server(client: Client) -> Evidence:
    release = client.version
    name = f"GitHub Enterprise Server {release}" if release else "GitHub"
    way = f"{len(client.installations)} installations" if client.installations else "a token"
    return Evidence(f"{name}, with {way}.", f"GET {client.address.api}/")


def _repositories(client: Client) -> Evidence:
    found = accounts(client, lambda _: True)
    for account in found:
        if account.error is not None:
            raise account.error
    total = sum(len(account.repositories) for account in found)
    private = sum(account.private for account in found)
    names = ", ".join(account.login for account in found)
    if total:
        return Evidence(f"{total} repositories of {names}, {private} of them not public.")
    hint = "Check `organizations`, `users`, `repositories`, and what token or App may reach."
    return Evidence("There is no repository to be read.", None, "warning", hint)


def _contents(client: Client) -> Evidence:
    """Whether the first repository is shown to GraphQL, which reads everything else."""
    for account in accounts(client, lambda _: True):
        for name in account.repositories:
            query, values = pulses([(account.login, name)])
            try:
                pulse = account.access.graphql(query, values).data["r0"]
            except FAILURES as error:
                raise explained(error, f"{account.login}/{name}") from None
            if pulse is None:
                raise PermissionMissing(
                    f"{account.login}/{name} can't be read.",
                    hint="Give the token or App read access to contents, metadata and pull "
                    "requests.",
                )
            return Evidence(f"{account.login}/{name} can be read.", query)
    return Evidence("There is nothing to try it with.", status="warning")


CHECKS = (
    Check("server", _server, quick=True),
    Check("repositories", _repositories),
    Check("contents", _contents),
)
