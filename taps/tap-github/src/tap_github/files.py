"""Files of the kinds that matter, with their content, and the lineage that stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from songbook import Request
from songbook.connector import Item
from songbook.records import File, Lineage, Liveness
from tap_github import codeowners, lineage
from tap_github.changes import touched
from tap_github.codeowners import PLACES, Rule
from tap_github.contents import Content, contents, text_of
from tap_github.gaps import gap
from tap_github.repository import Repository, reading
from tap_github.trees import Entry, entries


def files(repository: Repository, request: Request) -> Iterator[Item]:
    """The files of the chosen branches: those that changed, and signs of life of the others."""
    with reading(repository, "the files"):
        for branch, head in repository.heads.items():
            before = repository.head_before(branch, request.mark)
            yield from _of_branch(repository, branch, head, before)


def _of_branch(
    repository: Repository, branch: str, head: str, before: str | None
) -> Iterator[Item]:
    tree = entries(repository, head)
    paths = touched(repository, before, head, len(tree)) if before else None
    if paths is not None and not paths.isdisjoint(PLACES):
        paths = None  # any file may have other owners now
    rules = _rules(repository, tree) if paths != frozenset() else []
    for group in lineage.groups(tree):
        changed = group.changed(paths)
        for entry in group.entries:
            if entry not in changed:
                yield Liveness(
                    stream=File.STREAM, urn=repository.below(branch, *entry.path.split("/"))
                )
        if changed:
            yield from _of_group(repository, branch, head, group, changed, rules)


def _of_group(
    repository: Repository,
    branch: str,
    head: str,
    group: lineage.Group,
    changed: Sequence[Entry],
    rules: Sequence[Rule],
) -> Iterator[Item]:
    """The changed files of a group, and the lineage that they tell together."""
    reader = group.reader(repository, branch)
    for content in contents(repository, head, changed):
        if content.error is not None:
            for stream in (File.STREAM, Lineage.STREAM):
                yield gap(content.error, stream, repository.urn)
            continue
        yield _file(repository, branch, content, rules)
        yield from reader.read(content)
    yield from reader.finish()


def _rules(repository: Repository, tree: Sequence[Entry]) -> list[Rule]:
    """The rules of the branch's CODEOWNERS."""
    places = {entry.path: entry for entry in tree if entry.path in PLACES}
    entry = next((places[place] for place in PLACES if place in places), None)
    return codeowners.rules(text_of(repository, entry) or "") if entry else []


def _file(repository: Repository, branch: str, content: Content, rules: Sequence[Rule]) -> File:
    entry, commit = content.entry, content.commit or {}
    pulls = (commit.get("associatedPullRequests") or {}).get("nodes") or []
    segments = entry.path.split("/")
    return File(
        urn=repository.below(branch, *segments),
        name=segments[-1],
        url=f"{repository.pulse['url']}/blob/{quote(f'{branch}/{entry.path}')}",
        owners=codeowners.owners(entry.path, rules),
        altered_at=datetime.fromisoformat(commit["committedDate"]) if commit else None,
        repository_urn=repository.urn,
        path=entry.path,
        blob_sha=entry.sha,
        size_bytes=entry.size,
        kind=entry.kind,
        definition=content.text,
        last_commit_sha=commit.get("oid"),
        last_pull_request=pulls[0]["number"] if pulls else None,
        extra={"branch": branch}
        | ({"content_left_out": content.left_out} if content.left_out else {}),
    )
