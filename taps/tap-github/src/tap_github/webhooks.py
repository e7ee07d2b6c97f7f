"""Webhooks: whether a delivery is GitHub's, and which scopes have to be read again because of it.

Answer a delivery with 2xx at once, and run the tap with its scopes afterwards: GitHub gives up
after ten seconds (https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from songbook import urn

ALGORITHM = "sha256="
REPOSITORY_EVENTS = frozenset(
    {"branch_protection_rule", "create", "delete", "pull_request", "pull_request_review", "push",
     "repository", "repository_ruleset"}
)  # fmt: skip
"""Events after which a repository may look different to the catalog."""
INSTALLATION_EVENTS = frozenset({"installation", "installation_repositories"})
"""Events after which an App reaches other repositories."""
LEFT_BEHIND = frozenset({"renamed", "transferred"})
"""Actions of a repository after which its old name is no more."""


def is_genuine(secret: str, body: bytes, signature: str | None) -> bool:
    """Whether `X-Hub-Signature-256` proves that GitHub sent these very bytes.

    Hand over the body as it came: JSON that was read and written again has another signature.
    """
    if not secret or not signature or not signature.startswith(ALGORITHM):
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    # As bytes: a signature with other than ASCII letters is wrong, not an error.
    return hmac.compare_digest((ALGORITHM + expected).encode(), signature.encode())


def scopes(event: str, payload: Mapping[str, Any], namespace: str) -> list[str]:
    """The URNs to read again after an event (`X-GitHub-Event`), for the setting `scopes`.

    A repository stands for itself; one that came, went or has another name is the matter of its
    account. Empty where nothing of the catalog can have changed, and for a payload of another form.
    """
    try:
        return sorted(_apart(set(_scopes(event, payload, namespace))))
    except (AttributeError, KeyError, TypeError):
        return []


def _scopes(event: str, payload: Mapping[str, Any], namespace: str) -> Iterator[str]:
    if event in INSTALLATION_EVENTS:
        yield urn.join(namespace, [payload["installation"]["account"]["login"]])
    elif event in REPOSITORY_EVENTS:
        repository = payload["repository"]
        owner, name = repository["owner"]["login"], repository["name"]
        is_about_account = event == "repository" and payload.get("action") != "edited"
        yield urn.join(namespace, [owner] if is_about_account else [owner, name])
        if payload.get("action") in LEFT_BEHIND:
            yield from (urn.join(namespace, [login]) for login in _former_owners(payload))


def _former_owners(payload: Mapping[str, Any]) -> Iterator[str]:
    """The account that a repository was taken from."""
    owner = (payload.get("changes") or {}).get("owner", {}).get("from", {})
    for kind in ("organization", "user"):
        if kind in owner:
            yield owner[kind]["login"]


def _apart(found: set[str]) -> set[str]:
    """The scopes that do not lie within another one."""
    return {
        one
        for one in found
        if not any(one != other and urn.is_within(one, other) for other in found)
    }


class Deliveries:
    """The ids (`X-GitHub-Delivery`) of the last deliveries, so that none is taken twice.

    A delivery that GitHub repeats on request keeps its id: it is a replay like any other. Who runs
    several processes keeps the ids in a table with a unique key instead.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, None] = OrderedDict()

    def is_new(self, delivery: str) -> bool:
        """Whether this id comes for the first time; from now on it does not."""
        if not delivery or delivery in self._seen:
            return False
        self._seen[delivery] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True
