"""Parts that tell by a mark whether they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from songbook import Connector, Gap, Part, Request, Settings, extract, stream, urn
from songbook.connector import Item, Wanted
from songbook.errors import ConfigError
from songbook.identifiers import POSTGRES
from songbook.records import (
    NOTHING_CHANGED,
    Container,
    Coverage,
    Diagnostic,
    Liveness,
    Record,
    Table,
)
from songbook.state import Marks

NAMESPACE = "boards://x"
SITE = f"{NAMESPACE}/site"


@dataclass
class Source:
    """Folders with a version; `broken` ones can't be read, `asked` is what each was asked."""

    folders: dict[str, int] = field(default_factory=lambda: {"a": 1, "b": 1})
    broken: set[str] = field(default_factory=set)
    asked: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)


@dataclass
class Folder:
    source: Source
    name: str

    @property
    def urn(self) -> str:
        return f"{SITE}/{self.name}"


@stream(Container, changed_at="altered_at")
def folders(folder: Folder, request: Request) -> Iterator[Item]:
    yield Container(urn=folder.urn, name=folder.name, container_type="folder")


@stream(Table)
def tables(folder: Folder, request: Request) -> Iterator[Item]:
    folder.source.asked[folder.name] = request.mark
    if folder.name in folder.source.broken:
        note = Diagnostic(
            code="X", stream="tables", scope_urn=folder.urn, severity="error", title="X"
        )
        yield Gap("failed", note)
        return
    path = f"{folder.urn}/t"
    yield Table(urn=path, name="t", container_urn=folder.urn, table_type="table")


def tap(source: Source) -> Connector:
    class Site:
        namespace = NAMESPACE

    @contextmanager
    def connect(config: Settings) -> Iterator[Site]:
        yield Site()

    def parts(client: Site, wanted: Wanted) -> Iterator[Part]:
        for name, version in source.folders.items():
            place = urn.join(NAMESPACE, ("site", name))
            if wanted(place):
                client_ = Folder(source, name)
                yield Part(place, client_, scopes={"containers": SITE}, mark={"version": version})

    return Connector(
        name="marks", title="Marks", config=Settings, connect=connect, parts=parts,
        streams=(folders, tables), identifiers=POSTGRES, levels=("site", "folder", "table"),
    )  # fmt: skip


def run(
    source: Source, state: Mapping[str, Any] | None = None, **given: Any
) -> tuple[list[Record], dict[str, Any]]:
    source.asked.clear()
    names = given.pop("streams", None)
    records, found = extract(tap(source), given, names, state=state), []
    while True:
        try:
            found.append(next(records))
        except StopIteration as end:
            return found, end.value


def of(records: list[Record], kind: type[Record]) -> list[Any]:
    return [one for one in records if isinstance(one, kind)]


def test_a_part_that_looks_the_same_is_alive_and_not_read() -> None:
    source = Source()
    _, state = run(source)
    source.folders["b"] = 2
    records, later = run(source, state)
    assert source.asked == {"b": {"version": 1}}
    assert [one.urn for one in of(records, Liveness)] == [f"{SITE}/a"]
    covered = {(one.stream, one.scope_urn): one.extracted for one in of(records, Coverage)}
    assert covered == {("containers", SITE): 2, ("tables", f"{SITE}/b"): 1}
    note = next(one for one in of(records, Diagnostic) if one.code == NOTHING_CHANGED)
    assert (note.stream, note.count, note.severity) == ("tables", 1, "info")
    assert run(source, later)[1] == later
    assert source.asked == {}


def test_what_was_missed_is_asked_again_from_the_last_complete_reading() -> None:
    source = Source()
    _, state = run(source)
    source.folders["b"] = 2
    source.broken = {"b"}
    _, broken = run(source, state)
    assert broken == state
    source.folders["b"], source.broken = 3, set()
    run(source, broken)
    assert source.asked == {"b": {"version": 1}}


def test_another_choice_of_streams_or_filter_reads_everything() -> None:
    source = Source()
    _, state = run(source)
    run(source, state, streams=["tables"])
    assert source.asked == {"a": None, "b": None}
    run(source, state, exclude=["site.b.x"])
    assert source.asked == {"a": None, "b": None}


def test_a_scope_leaves_the_marks_of_others_and_reads_inside_a_part_without_one() -> None:
    source = Source()
    _, state = run(source)
    source.folders["a"] = source.folders["b"] = 2
    _, scoped = run(source, state, scopes=[f"{SITE}/a"])
    assert source.asked == {"a": {"version": 1}}
    run(source, scoped)
    assert source.asked == {"b": {"version": 1}}
    _, inside = run(source, scoped, scopes=[f"{SITE}/b/t"])
    assert source.asked == {"b": None}
    run(source, inside)
    assert source.asked == {"b": {"version": 1}}


def test_a_part_that_was_gone_is_read_whole_when_it_is_back() -> None:
    source = Source()
    _, state = run(source)
    del source.folders["b"]
    _, without = run(source, state)
    source.folders["b"] = 1
    run(source, without)
    assert source.asked == {"b": None}


@pytest.mark.parametrize("marks", [None, 5, {SITE: 5}, {f"{SITE}/a": {"basis": 1, "mark": 2}}])
def test_damaged_marks_are_none(marks: object) -> None:
    source = Source()
    run(source, {"bookmarks": {"coverage": {"marks": marks}}})
    assert source.asked == {"a": None, "b": None}


def test_bookmarks_that_are_none_are_a_config_error() -> None:
    with pytest.raises(ConfigError):
        Marks({"bookmarks": {"coverage": 5}}, "basis")
