"""The files of a branch that matter, from the tree of its commit.

A tree never changes, so it may be kept under its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from github import GithubException

from tap_github.faults import EMPTY
from tap_github.kinds import IN_PROJECTS, KINDS, kind_of

if TYPE_CHECKING:
    from tap_github.repository import Repository

FILE_MODES = frozenset({"100644", "100755"})
"""Modes of files; a link's content is a path, and a submodule has none."""

_RULES = sha256(repr(KINDS).encode()).hexdigest()
"""What a kept list was made by: other rules, other lists."""


class Entry(NamedTuple):
    """A file in a tree."""

    path: str
    sha: str
    size: int
    kind: str


def entries(repository: Repository, commit: str) -> list[Entry]:
    """The files that matter in a commit, by path."""
    key = f"tree {repository.urn} {commit} {_RULES}"
    kept = repository.cache.read(key)
    if kept is not None:
        return [Entry(*one) for one in kept]
    found = sorted(_of_projects(list(_matter(repository, commit))))
    repository.cache.write(key, found)
    return found


def _matter(repository: Repository, commit: str) -> Iterator[Entry]:
    for path, one in _files(repository, commit, ""):
        kind = kind_of(path)
        if kind is not None:
            yield Entry(path, one["sha"], one.get("size", 0), kind)


def _of_projects(found: list[Entry]) -> Iterator[Entry]:
    """The files without those that would mean something in a dbt project only, and are in none."""
    roots = tuple(
        one.path.rpartition("dbt_project.")[0] for one in found if one.kind == "dbt_project"
    )
    for one in found:
        if one.kind not in IN_PROJECTS or one.path.startswith(roots):
            yield one


def _files(repository: Repository, tree: str, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All files below a tree; one that is too large for an answer is walked folder by folder."""
    try:
        whole = repository.get("git", "trees", tree, recursive=1)
    except GithubException as error:
        if error.status == EMPTY:
            return
        raise
    if not _is_cut(whole):
        yield from ((folder + one["path"], one) for one in whole["tree"] if _is_file(one))
        return
    for one in repository.get("git", "trees", tree)["tree"]:
        path = folder + one["path"]
        if one["type"] == "tree":
            yield from _files(repository, one["sha"], f"{path}/")
        elif _is_file(one):
            yield path, one


def _is_cut(tree: dict[str, Any]) -> bool:
    """Whether something is missing: GitHub says so, or a folder is listed without its files, as
    when a redirect forgets to ask for them."""
    if tree["truncated"]:
        return True
    folders = {one["path"] for one in tree["tree"] if one["type"] == "tree"}
    return bool(folders - {one["path"].rpartition("/")[0] for one in tree["tree"]})


def _is_file(one: dict[str, Any]) -> bool:
    return one["type"] == "blob" and one["mode"] in FILE_MODES
