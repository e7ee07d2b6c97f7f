"""Lineage from files: those of a dbt project tell it together, any other SQL file by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from songbook.connector import Item
from songbook.records import Diagnostic, Lineage
from tap_github import sql_lineage
from tap_github.contents import Content
from tap_github.dbt.reader import DbtReader
from tap_github.repository import Repository
from tap_github.tables import warehouse_of
from tap_github.trees import Entry


class Reader(Protocol):
    """Takes in the files of a group, and tells their lineage."""

    def read(self, content: Content) -> Iterator[Item]:
        """Take in a file; gives what is known by it alone."""

    def finish(self) -> Iterator[Item]:
        """What is known when all files were read."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files whose lineage depends on each other: a dbt project, or all files in none."""

    root: str | None
    """The folder of the project, with its slash."""
    entries: Sequence[Entry]

    def changed(self, paths: frozenset[str] | None) -> list[Entry]:
        """The files to read again after a change of some paths; None stands for all.

        A project is read again as a whole: a name in one file decides what others read.
        """
        if paths is None:
            return list(self.entries)
        if self.root is not None:
            is_touched = any(path.startswith(self.root) for path in paths)
            return list(self.entries) if is_touched else []
        return [entry for entry in self.entries if entry.path in paths]

    def reader(self, repository: Repository, branch: str) -> Reader:
        """What makes lineage of these files."""
        if self.root is None:
            return SqlReader(repository, branch)
        return DbtReader(repository, branch, self.root)


def groups(tree: Sequence[Entry]) -> list[Group]:
    """The dbt projects of a tree, and the group of all other files."""
    roots = [
        entry.path.rpartition("dbt_project.")[0] for entry in tree if entry.kind == "dbt_project"
    ]
    members: dict[str | None, list[Entry]] = {None: [], **{root: [] for root in sorted(roots)}}
    for entry in tree:
        around = [root for root in roots if entry.path.startswith(root)]
        members[max(around, key=len, default=None)].append(entry)
    return [Group(root, entries) for root, entries in members.items()]


class SqlReader:
    """SQL files outside of dbt projects."""

    def __init__(self, repository: Repository, branch: str) -> None:
        self._repository = repository
        self._branch = branch
        self._homeless = 0

    def read(self, content: Content) -> Iterator[Item]:
        """The lineage of a SQL file, when it is known where it runs."""
        path, text = content.entry.path, content.text
        if content.entry.kind != "sql" or text is None:
            return
        repository = self._repository
        name = f"{repository.owner}/{repository.name}"
        warehouse = warehouse_of(repository.config.warehouses, name, path)
        if warehouse is None:
            self._homeless += 1
            return
        file = repository.below(self._branch, *path.split("/"))
        found = sql_lineage.analysis(text, warehouse)
        ends = sql_lineage.ends_in(warehouse)
        yield from sql_lineage.tables(file, found, ends)
        yield from sql_lineage.columns(file, found, ends, file)

    def finish(self) -> Iterator[Item]:
        """A word about files whose dialect nobody told."""
        if self._homeless:
            yield Diagnostic(
                code="GITHUB_WAREHOUSE_UNKNOWN",
                stream=Lineage.STREAM,
                scope_urn=self._repository.urn,
                severity="info",
                title="It is not known where these SQL files run, so they have no lineage.",
                remediation="Name platform, namespace, database and schema in `warehouses`.",
                count=self._homeless,
            )
