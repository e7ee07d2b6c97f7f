"""Which files changed between two commits of a branch."""

from __future__ import annotations

from tap_github.repository import Repository

FEW_COMMITS = 5
"""So many commits are always looked at one by one."""
FILES_AS_COSTLY = 50
"""Reading so many files again costs as much as looking at one commit."""
FILES_ON_A_PAGE = 300
"""A commit that touched more files is not listed whole."""


def touched(repository: Repository, before: str, head: str, files: int) -> frozenset[str] | None:
    """The paths that the commits after `before` touched; None when all files are better read again.

    Each commit is asked, since a file that was changed and changed back has a new last commit. A
    history that was rewritten tells nothing about what it left behind.
    """
    if before == head:
        return frozenset()
    comparison = repository.comparison(before, head)
    if comparison is None or comparison["status"] != "ahead":
        return None
    commits = comparison["commits"]
    if len(commits) > max(FEW_COMMITS, files // FILES_AS_COSTLY):
        return None
    paths: set[str] = set()
    for commit in commits:
        listed = repository.get("commits", commit["sha"]).get("files") or []
        if len(listed) >= FILES_ON_A_PAGE:
            return None
        paths.update(one["filename"] for one in listed)
        paths.update(one["previous_filename"] for one in listed if one.get("previous_filename"))
    return frozenset(paths)
