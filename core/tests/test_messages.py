"""The fast way writes what singer-sdk writes, byte for byte."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_source import connector

from songbook.messages import FLUSH_BYTES, Writer
from songbook.records import Chart, Coverage, Dashboard
from songbook.singer import tap_class
from songbook.testing import JsonApi

TAP = Path(__file__).with_name("fake_source.py")
VARIABLE = re.compile(rb'"(time_extracted":"[^"]*"|duration_ms":[0-9.e-]+)')


def fast(folder: Path, config: Mapping[str, Any], *arguments: str) -> bytes:
    """What the command writes when nothing asks for the SDK."""
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    command = [sys.executable, str(TAP), "--config", str(path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def lines(output: bytes) -> list[bytes]:
    """The messages, without times; the SDK rewrites schemas, so of these only what is identity."""
    return [_announcement(one) or one for one in VARIABLE.sub(b"", output).splitlines()]


def _announcement(line: bytes) -> bytes | None:
    if not line.startswith(b'{"type":"SCHEMA"'):
        return None
    message = json.loads(line)
    schema = message["schema"]
    facts = (schema["$id"], list(schema["properties"]), schema["required"])
    return repr((message["stream"], message["key_properties"], *facts)).encode()


def test_the_bytes_are_the_sdks(
    tmp_path: Path, config: dict[str, Any], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    tap_class(connector)(config=config).sync_all()
    assert lines(fast(tmp_path, config)) == lines(capsysbinary.readouterr().out)


def test_with_a_catalog_too(
    tmp_path: Path, config: dict[str, Any], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    catalog = json.loads(json.dumps(tap_class(connector)(config=config).catalog_dict))
    for entry in catalog["streams"]:
        root = next(one for one in entry["metadata"] if not one["breadcrumb"])
        root["metadata"]["selected"] = entry["stream"] == "charts"
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(catalog))
    tap_class(connector)(config=config, catalog=catalog).sync_all()
    expected = lines(capsysbinary.readouterr().out)
    found = lines(fast(tmp_path, config, "--catalog", str(path)))
    assert found == expected
    assert len(expected) == 4 + 3 + 1 + 1, "schemas, charts, coverage and the state"


def test_with_a_state_too(
    tmp_path: Path, config: dict[str, Any], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    mark = {"replication_key": "altered_at", "replication_key_value": "2026-01-02T00:00:00+00:00"}
    state = {"bookmarks": {"dashboards": mark}}
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state))
    tap_class(connector)(config=config, state=state).sync_all()
    expected = lines(capsysbinary.readouterr().out)
    assert sum(b'"stream":"liveness","record"' in line for line in expected) == 2
    assert lines(fast(tmp_path, config, "--state", str(path))) == expected


def test_an_incomplete_run_looks_the_same(
    tmp_path: Path, api: JsonApi, config: dict[str, Any], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    api.answers["/dashboards?page=2"] = 500
    tap_class(connector)(config=config).sync_all()
    expected = lines(capsysbinary.readouterr().out)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        fast(tmp_path, config)
    assert caught.value.returncode == 4
    assert lines(caught.value.stdout) == expected


def test_records_are_gathered_and_all_else_is_written_at_once() -> None:
    out = io.BytesIO()
    writer = Writer(out)
    writer.schemas([Chart, Dashboard, Coverage])
    assert out.getvalue().count(b"\n") == 3
    chart = Chart(urn="boards://h/a", name="a")
    writer.record(chart)
    assert out.getvalue().count(b"\n") == 3
    writer.state({})
    assert out.getvalue().count(b"\n") == 5
    big = Chart(urn="boards://h/b", name="b", query="x" * FLUSH_BYTES)
    writer.record(big)
    assert out.getvalue().count(b"\n") == 6
