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
from typing import Any

COMMAND = Path(sys.executable).with_name("tap-mysql")

Json = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """What a run wrote, and how it ended."""

    code: int
    out: str
    err: str

    def messages(self) -> list[Json]:
        """Each line of stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Reading:
    """The records of one run, by stream."""

    streams: Mapping[str, list[Json]]

    def __getitem__(self, stream: str) -> list[Json]:
        return self.streams.get(stream, [])

    @cached_property
    def by_urn(self) -> dict[str, Json]:
        """All assets."""
        return {it["urn"]: it for some in self.streams.values() for it in some if "urn" in it}


def run(
    settings: Json | str,
    folder: Path,
    *arguments: str,
    command: Path = COMMAND,
    **environment: str,
) -> Ran:
    """Run the command with settings from a file, in an environment with nothing of ours in it."""
    file = folder / "config.json"
    text = settings if isinstance(settings, str) else json.dumps(settings)
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [str(command), "--config", str(file), *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "SONGBOOK_AMBIENT": "0", "HOME": str(folder)}
        | environment,
        check=False,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def read(settings: Json, folder: Path) -> Reading:
    """All streams, those included that are off by default."""
    catalog = folder / "catalog.json"
    discovered = json.loads(run(settings, folder, "--discover").out)
    for stream in discovered["streams"]:
        for entry in stream["metadata"]:
            entry["metadata"].pop("selected", None)
            entry["metadata"]["selected-by-default"] = True
    catalog.write_text(json.dumps(discovered), encoding="utf-8")
    done = run(settings, folder, "--catalog", str(catalog))
    assert done.code == 0, done.err
    return parsed(done.out)


def parsed(output: str) -> Reading:
    """The records among Singer messages."""
    streams: dict[str, list[Json]] = defaultdict(list)
    for line in output.splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            streams[message["stream"]].append(message["record"])
    return Reading(streams)
