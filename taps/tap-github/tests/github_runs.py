"""Runs of the tap: within the test, and as a program in a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from github_server import TOKEN, GithubServer

from songbook import extract
from tap_github import connector

BIN = Path(sys.executable).parent
NAMESPACE = "github://github.test"
EVERYTHING = [kind.STREAM for kind in connector.yields]


@dataclass
class Run:
    """What one run wrote."""

    streams: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    state: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, stream: str) -> list[dict[str, Any]]:
        return self.streams[stream]

    def one(self, name: str, /, **facts: Any) -> dict[str, Any]:
        """The only record with these facts."""
        (found,) = [one for one in self[name] if facts.items() <= one.items()]
        return found

    def covered(self, stream: str) -> dict[str, dict[str, Any]]:
        return {one["scope_urn"]: one for one in self["coverage"] if one["stream"] == stream}

    @property
    def is_complete(self) -> bool:
        return all(one["complete"] for one in self["coverage"])


def settings(server: GithubServer, **more: Any) -> dict[str, Any]:
    usual = {
        "base_url": server.url,
        "token": TOKEN,
        "organizations": ["acme"],
        "namespace": NAMESPACE,
    }
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


def read(
    config: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
    streams: list[str] | None = None,
) -> Run:
    """A run in this process."""
    run = Run()
    records = extract(connector, config, streams, state=state)
    while True:
        try:
            record = next(records)
        except StopIteration as end:
            run.state = end.value
            return run
        run.streams[record.STREAM].append(msgspec.to_builtins(record))


def load(
    catalog: str,
    config: Mapping[str, Any],
    folder: Path,
    state: Mapping[str, Any] | None = None,
    tap: str = "tap-github",
) -> dict[str, Any]:
    """`tap | target-catalog`, as two processes; gives the state that the target confirms."""
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "state.json").write_text(json.dumps(state or {}))
    command = (
        f"'{BIN}/{tap}' --config '{folder}/config.json' --state '{folder}/state.json'"
        f" | '{BIN}/target-catalog'"
    )
    done = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env={**os.environ, "TARGET_CATALOG_DATABASE_URL": catalog},
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def ask(catalog: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(catalog) as connection:
        return connection.execute(statement.encode()).fetchall()
