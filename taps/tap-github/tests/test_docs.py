"""The page on the connector says all that there is to say about settings, streams and `extra`."""

from __future__ import annotations

import re
from pathlib import Path

from github_runs import EVERYTHING, read, settings
from github_server import GithubServer

from tap_github import connector
from tap_github.kinds import KINDS

PAGE = Path(__file__).parents[3] / "docs" / "connectors" / "github.md"


def _table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, as texts of their cells."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def _words(cell: str) -> list[str]:
    return re.findall(r"`([\w*]+)`", cell)


def test_every_setting_is_described() -> None:
    described = [name for row in _table("Settings") for name in _words(row[0])]
    assert sorted(described) == sorted(connector.config.model_fields)


def test_every_stream_is_described() -> None:
    names = {kind.STREAM for kind in connector.yields}
    rows = {_words(row[0])[0]: row[0] for row in _table("What is read") if _words(row[0])}
    described = {name: "off by default" in cell for name, cell in rows.items() if name in names}
    assert described == {kind.STREAM: not kind.DEFAULT for kind in connector.yields}


def test_every_kind_of_file_is_described() -> None:
    described = {word for row in _table("What is read") for word in _words(row[0])}
    assert {kind for kind, _ in KINDS} <= described


def test_every_key_of_extra_is_described(server: GithubServer) -> None:
    described = {_words(row[0])[0]: set(_words(row[1])) for row in _table("`extra`")}
    found = {
        (stream, key)
        for stream, records in read(settings(server), streams=EVERYTHING).streams.items()
        for record in records
        for key in record.get("extra", ())
    }
    assert {(stream, key) for stream, key in found if key not in described.get(stream, ())} == set()
    assert {stream for stream, _ in found} == set(described)
