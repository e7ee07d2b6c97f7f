"""The page on the connector says all that there is to say about settings, streams and `extra`."""

from __future__ import annotations

import re
from pathlib import Path

from redshift_shop import Shop

from tap_redshift import connector
from tap_redshift.config import Iam

PAGE = Path(__file__).parents[3] / "docs" / "connectors" / "redshift.md"


def _table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, as texts of their cells."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def _words(cell: str) -> list[str]:
    return re.findall(r"`([\w*]+)`", cell)


def test_every_setting_is_described() -> None:
    rows = _table("Settings")
    assert sorted(name for row in rows for name in _words(row[0])) == sorted(
        connector.config.model_fields
    )
    (auth,) = (row[2] for row in rows if row[0] == "`auth`")
    assert set(Iam.model_fields) <= set(_words(auth))


def test_every_stream_is_described() -> None:
    described = {_words(row[0])[0]: "off by default" in row[0] for row in _table("What is read")}
    assert described == {kind.STREAM: not kind.DEFAULT for kind in connector.yields}


def test_every_key_of_extra_is_described(shop: Shop) -> None:
    described: dict[str, set[str]] = {}
    stream = ""
    for row in _table("`extra`"):
        stream = (_words(row[0]) or [stream])[0]
        described.setdefault(stream, set()).update(_words(row[1]))
    undescribed = {
        (stream, key)
        for stream, records in shop.reading.streams.items()
        for record in records
        for key in record.get("extra", ())
        if key not in described.get(stream, ())
    }
    assert not undescribed
