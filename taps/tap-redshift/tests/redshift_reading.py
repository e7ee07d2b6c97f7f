"""Run the installed command as a process, and look at what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("tap-redshift")

Json = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """The records of one run, by stream."""

    streams: Mapping[str, list[Json]]

    def __getitem__(self, stream: str) -> list[Json]:
        return self.streams.get(stream, [])

    @cached_property
    def by_urn(self) -> dict[str, Json]:
        """All assets."""
        records = (record for records in self.streams.values() for record in records)
        return {record["urn"]: record for record in records if "urn" in record}

    def diagnostic(self, code: str) -> Json:
        """The only diagnostic with a code."""
        (found,) = (one for one in self["diagnostics"] if one["code"] == code)
        return found

    def coverage(self, stream: str) -> Json:
        """The only coverage of a stream."""
        (found,) = (one for one in self["coverage"] if one["stream"] == stream)
        return found


def run(
    settings: Json, folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command with settings from a file."""
    file = folder / "config.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    return subprocess.run(
        [str(COMMAND), "--config", str(file), *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "SONGBOOK_AMBIENT": "0", **environment},
        check=False,
        timeout=120,
    )


def read(settings: Json, folder: Path, code: int = 0) -> Reading:
    """All streams, those included that are off by default."""
    catalog = folder / "catalog.json"
    catalog.write_text(_everything(), encoding="utf-8")
    done = run(settings, folder, "--catalog", str(catalog))
    assert done.returncode == code, done.stderr
    return parsed(done.stdout)


@cache
def _everything() -> str:
    """A Singer catalog that selects all streams; to know them takes no connection."""
    done = subprocess.run([str(COMMAND), "--discover"], capture_output=True, check=True)
    discovered = json.loads(done.stdout)
    for stream in discovered["streams"]:
        for entry in stream["metadata"]:
            entry["metadata"].pop("selected", None)
            entry["metadata"]["selected-by-default"] = True
    return json.dumps(discovered)


def parsed(output: str) -> Reading:
    """The records among Singer messages."""
    streams: dict[str, list[Json]] = defaultdict(list)
    for line in output.splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            streams[message["stream"]].append(message["record"])
    return Reading(streams)
