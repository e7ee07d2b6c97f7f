"""GitHub itself, its accounts, and its repositories as such."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from typing import Any

from songbook import Request
from songbook.connector import Gap, Item
from songbook.records import Container, Diagnostic, Liveness, Owner, System, Tag
from songbook.records import Repository as RepositoryRecord
from tap_github.client import Client
from tap_github.parts import AccountClient
from tap_github.reach import ORGANIZATION
from tap_github.repository import Repository


def systems(client: Client, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """The GitHub that is read."""
    yield System(
        namespace=client.namespace,
        platform="github",
        kind="code",
        version=client.version,
        namespace_aliases=[],
        tap="tap-github",
        tap_version=metadata.version("songbook-tap-github"),
    )


def containers(at: AccountClient, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """An organisation or user."""
    facts = at.facts
    yield Container(
        urn=at.urn,
        name=facts["login"],
        description=facts.get("description") or facts.get("bio") or None,
        container_type=facts["type"].lower(),
        url=facts["html_url"],
        created_at=datetime.fromisoformat(facts["created_at"]),
        extra={"title": facts["name"]} if facts.get("name") else {},
    )


def repositories(at: AccountClient | Repository, request: Request) -> Iterator[Item]:
    """A repository, or word of those of an account that the credentials are not shown."""
    if isinstance(at, AccountClient):
        yield from _hidden(at)
        return
    record = _record(at)
    since = request.since.get(RepositoryRecord.STREAM)
    if since is not None and record.altered_at is not None and record.altered_at <= since:
        yield Liveness(stream=RepositoryRecord.STREAM, urn=record.urn)
        return
    yield record


def _hidden(at: AccountClient) -> Iterator[Gap]:
    """GitHub tells an organisation's owners how many private repositories there are: a token that
    was made for some of them should not make the others seem gone."""
    if at.account.kind != ORGANIZATION:
        return
    count = (at.facts.get("total_private_repos") or 0) - at.account.private
    if count > 0:
        yield Gap(
            outcome="denied",
            diagnostic=Diagnostic(
                code="GITHUB_REPOSITORIES_HIDDEN",
                stream=RepositoryRecord.STREAM,
                scope_urn=at.urn,
                severity="error",
                title=f"{count} private repositories of {at.account.login} are not shown.",
                remediation="Let token or App reach all repositories, or name those to read in "
                "`repositories`.",
                count=count,
            ),
        )


def _record(at: Repository) -> RepositoryRecord:
    pulse = at.pulse
    default = pulse["defaultBranchRef"]
    times = [pulse[name] for name in ("updatedAt", "pushedAt") if pulse[name]]
    return RepositoryRecord(
        urn=at.urn,
        name=at.name,
        description=pulse["description"] or None,
        url=pulse["url"],
        owners=[_owner(pulse["owner"])],
        tags=list(_tags(at)),
        created_at=datetime.fromisoformat(pulse["createdAt"]),
        altered_at=max(map(datetime.fromisoformat, times)),
        default_branch=at.default_branch,
        visibility=pulse["visibility"].lower(),
        languages={edge["node"]["name"]: edge["size"] for edge in pulse["languages"]["edges"]},
        topics=[node["topic"]["name"] for node in pulse["repositoryTopics"]["nodes"]],
        archived=pulse["isArchived"],
        pushed_at=pulse["pushedAt"] and datetime.fromisoformat(pulse["pushedAt"]),
        head_sha=default and default["target"]["oid"],
        extra={
            "id": pulse["databaseId"],
            "heads": at.heads,
            "homepage": pulse["homepageUrl"] or None,
            "license": (pulse["licenseInfo"] or {}).get("spdxId"),
            "language": (pulse["primaryLanguage"] or {}).get("name"),
            "fork_of": (pulse["parent"] or {}).get("nameWithOwner"),
            "is_disabled": pulse["isDisabled"],
            "is_fork": pulse["isFork"],
            "is_template": pulse["isTemplate"],
        },
    )


def _owner(owner: dict[str, Any]) -> Owner:
    return Owner(
        principal=owner["login"],
        kind="group" if owner["__typename"] == ORGANIZATION else "user",
        source="account",
    )


def _tags(at: Repository) -> Iterator[Tag]:
    """The organisation's custom properties; one with several values is a tag for each."""
    for key, value in sorted(at.properties.items()):
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield Tag(key=key, value=str(one), source="custom property")
