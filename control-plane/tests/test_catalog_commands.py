"""`songbook catalog`: the target's questions under the command that has everything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SONGBOOK = Path(sys.executable).parent / "songbook"


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TARGET_CATALOG_DATABASE_URL": url}
    command = [SONGBOOK, "catalog", "--config", "ENV", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_questions_reach_the_catalog(postgres: Any) -> None:
    url = postgres.url(postgres.create_database())
    asked = run(url, "aliases", "list")
    assert (asked.returncode, "no organisation 'default'" in asked.stderr) == (2, True)
    asked = run(url, "aliases", "add", "one")
    assert (asked.returncode, "Missing argument 'NAMESPACE'" in asked.stderr) == (2, True)


def test_the_password_is_not_told(postgres: Any) -> None:
    url = postgres.url("no_such_database")
    asked = run(url, "impact", "postgres://db:5432/app")
    assert asked.returncode == 3
    assert postgres.password not in asked.stderr
