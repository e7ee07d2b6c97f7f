"""A made-up GitHub: accounts, repositories and their history, with hashes as git makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
"""When the made-up history begins: within the window that runs read."""

Files = Mapping[str, str | bytes | None]


@dataclass
class Commit:
    sha: str
    parents: list[str]
    files: dict[str, str]
    """Blob hashes by path."""
    changed: list[str]
    message: str
    author: str
    at: datetime


@dataclass
class Pull:
    number: int
    title: str
    head: str
    author: str
    updated_at: datetime
    state: str = "OPEN"
    merge_commit: str | None = None
    merged_at: datetime | None = None
    files: list[str] = field(default_factory=list)
    reviews: list[tuple[str, str]] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)


@dataclass
class Repo:
    owner: str
    name: str
    number: int
    private: bool = True
    description: str | None = None
    topics: list[str] = field(default_factory=list)
    languages: dict[str, int] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    default: str = "main"
    branches: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    pulls: list[Pull] = field(default_factory=list)
    collaborators: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    updated_at: datetime = NOW
    pushed_at: datetime | None = None
    blocked: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass
class Account:
    login: str
    kind: str = "Organization"
    number: int = 1
    hidden_private: int | None = None
    """What an organisation's owner is told of the number of private repositories."""
    members: list[str] = field(default_factory=list)
    teams: dict[str, list[str]] = field(default_factory=dict)


class World:
    """Everything there is; changes are methods."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.repos: dict[str, Repo] = {}
        self.renamed: dict[str, str] = {}
        self.commits: dict[str, Commit] = {}
        self.blobs: dict[str, bytes] = {}
        self.trees: dict[str, dict[str, str]] = {}
        """Blob hashes by path, by hash of commit or folder."""
        self._clock = NOW

    def tick(self) -> datetime:
        self._clock += timedelta(seconds=60)
        return self._clock

    def account(self, login: str, **fields: Any) -> Account:
        self.accounts[login] = Account(login, number=1000 + len(self.accounts), **fields)
        return self.accounts[login]

    def repo(self, full_name: str, files: Files | None = None, **fields: Any) -> Repo:
        owner, name = full_name.split("/")
        repo = Repo(owner, name, 100 + len(self.repos), **fields)
        self.repos[full_name] = repo
        if files:
            self.push(full_name, files, "Begin")
        return repo

    def push(
        self, full_name: str, files: Files, message: str = "Change", branch: str | None = None
    ) -> str:
        """A commit that writes some files, or removes those that are None."""
        repo = self.repos[full_name]
        branch = branch or repo.default
        before = repo.branches.get(branch) or repo.branches.get(repo.default)
        content = dict(self.commits[before].files) if before else {}
        for path, text in files.items():
            if text is None:
                del content[path]
            else:
                content[path] = self.blob(text)
        return self._commit(
            repo, branch, content, sorted(files), message, [before] if before else []
        )

    def rewrite(self, full_name: str, onto: str, files: Files) -> str:
        """A forced push: a new tip on an older commit."""
        repo = self.repos[full_name]
        repo.branches[repo.default] = onto
        return self.push(full_name, files, "Rewritten")

    def merge(self, full_name: str, pull: Pull) -> str:
        repo = self.repos[full_name]
        base, head = (self.commits[repo.branches[name]] for name in (repo.default, pull.head))
        content = {**base.files, **{path: head.files[path] for path in pull.files}}
        sha = self._commit(
            repo, repo.default, content, pull.files, f"Merge #{pull.number}", [base.sha, head.sha]
        )
        pull.state, pull.merge_commit = "MERGED", sha
        pull.merged_at = pull.updated_at = self.commits[sha].at
        return sha

    def pull(self, full_name: str, head: str, files: Files, title: str = "A change") -> Pull:
        repo = self.repos[full_name]
        self.push(full_name, files, title, branch=head)
        number = 1 + len(repo.pulls)
        pull = Pull(number, title, head, "ada", self.tick(), files=sorted(files))
        repo.pulls.append(pull)
        return pull

    def blob(self, text: str | bytes) -> str:
        content = text.encode() if isinstance(text, str) else text
        sha = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        self.blobs[sha] = content
        return sha

    def _commit(
        self,
        repo: Repo,
        branch: str,
        content: dict[str, str],
        changed: list[str],
        message: str,
        parents: list[str],
    ) -> str:
        at = self.tick()
        seed = repr((repo.full_name, sorted(content.items()), message, parents, at))
        sha = hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest()
        self.commits[sha] = Commit(sha, parents, content, changed, message, "ada", at)
        self.trees[sha] = content
        repo.branches[branch] = sha
        repo.pushed_at = repo.updated_at = at
        return sha

    def ancestry(self, sha: str) -> Iterator[Commit]:
        """A commit and all before it, newest first."""
        seen: set[str] = set()
        todo = [sha]
        found = []
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                found.append(self.commits[one])
                todo += self.commits[one].parents
        return iter(sorted(found, key=lambda commit: commit.at, reverse=True))

    def last_change(self, sha: str, path: str) -> Commit | None:
        """The commit that `git log -1 -- path` shows: a merge is passed over."""
        commits = (one for one in self.ancestry(sha) if path in one.changed)
        return next((one for one in commits if len(one.parents) < 2), None)

    def pull_of(self, repo: Repo, sha: str) -> Pull | None:
        """The merged pull request that brought a commit."""
        for pull in repo.pulls:
            if pull.merge_commit is None:
                continue
            base = {one.sha for one in self.ancestry(self.commits[pull.merge_commit].parents[0])}
            brought = {one.sha for one in self.ancestry(pull.merge_commit)} - base
            if sha in brought:
                return pull
        return None

    def listing(self, tree: str, *, recursive: bool) -> list[dict[str, Any]]:
        """The entries of a tree, folders before what is in them."""
        content = self.trees[tree]
        entries: dict[str, dict[str, Any]] = {}
        for path, sha in sorted(content.items()):
            folders = path.split("/")[:-1]
            for depth in range(len(folders)):
                folder = "/".join(folders[: depth + 1])
                if depth == 0 or recursive:
                    entries.setdefault(folder, self._folder(content, folder))
            if recursive or not folders:
                entries[path] = {
                    "path": path, "mode": "100644", "type": "blob", "sha": sha,
                    "size": len(self.blobs[sha]),
                }  # fmt: skip
        return list(entries.values())

    def _folder(self, content: Mapping[str, str], folder: str) -> dict[str, Any]:
        inside = {
            path.removeprefix(f"{folder}/"): sha
            for path, sha in content.items()
            if path.startswith(f"{folder}/")
        }
        seed = repr(sorted(inside.items()))
        sha = hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest()
        self.trees[sha] = inside
        return {"path": folder, "mode": "040000", "type": "tree", "sha": sha}
