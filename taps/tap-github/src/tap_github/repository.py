"""One repository of a run: its pulse, its chosen branches, and what is asked about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import msgspec
from github import GithubException

from songbook import urn
from songbook.errors import PermissionMissing
from songbook.http import Cache
from tap_github.access import Access, GraphqlAnswer
from tap_github.address import api_path
from tap_github.client import Client
from tap_github.faults import EMPTY, FAILURES, NOT_FOUND, explained
from tap_github.graphql import REFS

READING = ("branches", "max_file_kb", "history_days", "warehouses")
"""Settings that decide what is made of a repository: when they change, it is read again."""


class Repository:
    """A repository as it looks at the time of this run."""

    def __init__(
        self, client: Client, access: Access, pulse: dict[str, Any], properties: dict[str, Any]
    ) -> None:
        self.config = client.config
        self.access = access
        self.cache = Cache(client.config.cache_dir)
        self.pulse = pulse
        self.properties = properties
        self.owner, self.name = pulse["nameWithOwner"].split("/")
        self.namespace = client.namespace
        self.urn = urn.join(client.namespace, (self.owner, self.name))
        self.heads = dict(sorted(self._chosen()))
        """The commits at the tips of the chosen branches."""
        self._comparisons: dict[tuple[str, str], dict[str, Any] | None] = {}

    @property
    def default_branch(self) -> str | None:
        """The branch that counts; None for an empty repository."""
        ref = self.pulse["defaultBranchRef"]
        return ref["name"] if ref else None

    def below(self, *path: str, kind: str | None = None) -> str:
        """The URN of something in this repository."""
        return urn.join(self.namespace, (self.owner, self.name, *path), kind)

    def _chosen(self) -> Iterator[tuple[str, str]]:
        default = self.pulse["defaultBranchRef"]
        if default and not self.config.branches:
            yield default["name"], default["target"]["oid"]
        elif self.config.branches:
            for ref in self._refs():
                if any(fnmatchcase(ref["name"], one) for one in self.config.branches):
                    yield ref["name"], ref["target"]["oid"]

    def _refs(self) -> Iterator[dict[str, Any]]:
        """All branches: the pulse has the first hundred."""
        page = self.pulse["refs"]
        yield from page["nodes"]
        while page["pageInfo"]["hasNextPage"]:
            answer = self.graphql(REFS, after=page["pageInfo"]["endCursor"])
            page = answer.data["repository"]["refs"]
            yield from page["nodes"]

    @cached_property
    def mark(self) -> dict[str, Any]:
        """What tells whether anything changed: everything that the pulse shows, and the settings
        that decide what is made of it."""
        pulls = self.pulse["pullRequests"]["nodes"]
        settings = self.config.model_dump(include=set(READING), mode="json")
        return {
            "heads": self.heads,
            "pulls": pulls[0]["updatedAt"] if pulls else None,
            "looks": _digest([self.pulse, self.properties]),
            "settings": _digest(settings),
        }

    def head_before(self, branch: str, mark: Mapping[str, Any] | None) -> str | None:
        """The tip of a branch when the repository was last read in the same way."""
        if mark is None or mark.get("settings") != self.mark["settings"]:
            return None
        head = mark.get("heads", {}).get(branch)
        return str(head) if head else None

    def get(self, *segments: str | int, **parameters: Any) -> Any:
        """A REST answer about this repository."""
        return self.access.get(self._path(*segments), **parameters)

    def pages(self, *segments: str | int, **parameters: Any) -> Iterator[Any]:
        """A REST list of this repository."""
        return self.access.pages(self._path(*segments), **parameters)

    def graphql(self, query: str, **variables: Any) -> GraphqlAnswer:
        """A GraphQL answer about this repository; raises PermissionMissing when it is gone."""
        answer = self.access.graphql(query, {"owner": self.owner, "name": self.name, **variables})
        if answer.data.get("repository") is None:
            raise PermissionMissing(
                f"{self.owner}/{self.name} can't be seen any more.", hint="Run it again."
            )
        return answer

    def _path(self, *segments: str | int) -> str:
        return api_path("repos", self.owner, self.name, *segments)

    def comparison(self, base: str, head: str) -> dict[str, Any] | None:
        """How two commits differ, with all commits between; None when the older one is no more."""
        key = (base, head)
        if key not in self._comparisons:  # two streams need it
            self._comparisons[key] = self._compared(f"{base}...{head}")
        return self._comparisons[key]

    def _compared(self, basehead: str) -> dict[str, Any] | None:
        try:
            whole: dict[str, Any] = self.get("compare", basehead, per_page=100, page=1)
            page = 1
            while len(whole["commits"]) < whole["total_commits"]:
                page += 1
                more = self.get("compare", basehead, per_page=100, page=page)["commits"]
                if not more:
                    return None
                whole["commits"] += more
        except GithubException as error:
            if error.status in (NOT_FOUND, EMPTY):
                return None
            raise
        return whole


@contextmanager
def reading(repository: Repository, what: str) -> Iterator[None]:
    """Make Songbook's errors of what GitHub and PyGithub raise while something is read."""
    try:
        yield
    except FAILURES as error:
        raise explained(error, f"{what} of {repository.owner}/{repository.name}") from None


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:16]
