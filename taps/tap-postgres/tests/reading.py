"""Run the installed command as a process, and look at what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from songbook import urn

COMMAND = Path(sys.executable).with_name("tap-postgres")

Json = dict[str, Any]


class Server(Protocol):
    """What the tests need to know of a server."""

    major: int
    host: str
    port: int
    user: str
    password: str


@dataclass(frozen=True)
class Reading:
    """The records of one run, by stream."""

    streams: Mapping[str, list[Json]]

    def __getitem__(self, stream: str) -> list[Json]:
        return self.streams.get(stream, [])

    @cached_property
    def by_urn(self) -> dict[str, Json]:
        """All assets."""
        return {
            record["urn"]: record
            for stream, records in self.streams.items()
            if stream not in ("liveness",)
            for record in records
            if "urn" in record
        }


def config(server: Server, database: str, **more: Any) -> Json:
    """Settings of the tap."""
    given = {
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "database": database,
    }
    return given | more


def run(settings: Json, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with settings from a file."""
    file = folder / "config.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    return subprocess.run(
        [str(COMMAND), "--config", str(file), *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "SONGBOOK_AMBIENT": "0"},
        check=False,
        timeout=300,
    )


def read(settings: Json, folder: Path) -> Reading:
    """All streams, those included that are off by default."""
    catalog = folder / "catalog.json"
    discovered = json.loads(run(settings, folder, "--discover").stdout)
    for stream in discovered["streams"]:
        for entry in stream["metadata"]:
            entry["metadata"].pop("selected", None)
            entry["metadata"]["selected-by-default"] = True
    catalog.write_text(json.dumps(discovered), encoding="utf-8")
    done = run(settings, folder, "--catalog", str(catalog))
    assert done.returncode == 0, done.stderr
    return parsed(done.stdout)


def parsed(output: str) -> Reading:
    """The records among Singer messages."""
    streams: dict[str, list[Json]] = defaultdict(list)
    for line in output.splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            streams[message["stream"]].append(message["record"])
    return Reading(streams)


def parts(text: str) -> list[str]:
    """The raw identifiers of a URN, outermost first."""
    parsed = urn.parse(text)
    return [*parsed.path, *filter(None, (parsed.name, parsed.field_path))]
