"""Webhooks, against the vendor's example payloads."""

from __future__ import annotations

import json

import pytest
from octokit import have_descriptions, webhooks

from songbook import urn
from songbook.settings import Settings
from tap_github.webhooks import Deliveries, is_genuine, scopes

NAMESPACE = "github://github.com"
SECRET = "It's a Secret to Everybody"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
"""Of `Hello, World!`: the example of GitHub's own page on validating deliveries."""


def test_the_vendors_example_is_genuine() -> None:
    assert is_genuine(SECRET, b"Hello, World!", SIGNATURE)


@pytest.mark.parametrize(
    ("secret", "body", "signature"),
    [
        (SECRET, b"Hello, World", SIGNATURE),
        ("another", b"Hello, World!", SIGNATURE),
        ("", b"Hello, World!", SIGNATURE),
        (SECRET, b"Hello, World!", SIGNATURE.upper()),
        (SECRET, b"Hello, World!", SIGNATURE.removeprefix("sha256=")),
        (SECRET, b"Hello, World!", SIGNATURE[:-1]),
        (SECRET, b"Hello, World!", SIGNATURE + "0"),
        (SECRET, b"Hello, World!", "sha1=" + SIGNATURE[7:47]),
        (SECRET, b"Hello, World!", "sha256=ü"),
        (SECRET, b"Hello, World!", ""),
        (SECRET, b"Hello, World!", None),
    ],
)
def test_anything_else_is_not(secret: str, body: bytes, signature: str | None) -> None:
    assert not is_genuine(secret, body, signature)


def test_a_body_that_was_read_and_written_again_is_not_genuine() -> None:
    import hashlib
    import hmac

    body = b'{"a":  1}'
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert is_genuine(SECRET, body, signature)
    assert not is_genuine(SECRET, json.dumps(json.loads(body)).encode(), signature)


@pytest.mark.parametrize(
    "event", ["push", "pull_request", "pull_request_review", "create", "delete"]
)
def test_what_happens_in_a_repository_is_its_own_matter(event: str) -> None:
    have_descriptions()
    for payload in webhooks()[event]:
        owner, name = payload["repository"]["full_name"].split("/")
        assert scopes(event, payload, NAMESPACE) == [urn.join(NAMESPACE, [owner, name])]


def test_a_repository_that_comes_or_goes_is_a_matter_of_its_account() -> None:
    have_descriptions()
    found = {
        payload["action"]: scopes("repository", payload, NAMESPACE)
        for payload in webhooks()["repository"]
    }
    assert {"privatized", "transferred", "edited"} <= found.keys()
    edited = found.pop("edited")
    assert all(len(urn.parse(one).path) == 2 for one in edited)
    assert {len(urn.parse(one).path) for some in found.values() for one in some} == {1}


def test_a_transfer_concerns_both_accounts() -> None:
    payload = {
        "action": "transferred",
        "changes": {"owner": {"from": {"organization": {"login": "old"}}}},
        "repository": {"name": "shop", "owner": {"login": "new"}},
    }
    assert scopes("repository", payload, NAMESPACE) == [f"{NAMESPACE}/new", f"{NAMESPACE}/old"]


@pytest.mark.parametrize("event", ["installation", "installation_repositories"])
def test_an_installation_is_a_matter_of_its_account(event: str) -> None:
    have_descriptions()
    for payload in webhooks()[event]:
        login = payload["installation"]["account"]["login"]
        assert scopes(event, payload, NAMESPACE) == [urn.join(NAMESPACE, [login])]


def test_all_other_events_and_forms_are_of_no_concern() -> None:
    have_descriptions()
    concerned = {
        event for event, some in webhooks().items() for one in some if scopes(event, one, NAMESPACE)
    }
    assert concerned >= {"push", "pull_request", "repository", "installation"}
    assert concerned.isdisjoint({"ping", "star", "issues", "watch", "workflow_run"})
    for payload in ({}, {"repository": None}, {"repository": {"name": "x"}}):
        assert scopes("push", payload, NAMESPACE) == []


def test_scopes_are_as_the_setting_takes_them() -> None:
    have_descriptions()
    for event, payloads in webhooks().items():
        for payload in payloads:
            Settings(scopes=scopes(event, payload, NAMESPACE))


def test_a_delivery_is_taken_once() -> None:
    deliveries = Deliveries(most=2)
    assert [deliveries.is_new(one) for one in ("a", "a", "b", "", "c")] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert [deliveries.is_new(one) for one in ("c", "b")] == [False, False]
    assert deliveries.is_new("a")  # of so long ago that it is forgotten
