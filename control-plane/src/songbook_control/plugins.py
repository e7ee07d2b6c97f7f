"""The programs of taps and targets, which run as processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from songbook.errors import ConfigError, SourceError


def find(name: str) -> Path:
    """Where a program is: beside this Python, else on the PATH; raises ConfigError."""
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    found = beside or shutil.which(name)
    if found is None:
        raise ConfigError(
            f"There is no program {name!r}.",
            hint=f"Install its distribution; ours are called songbook-{name}.",
        )
    return Path(found)


def about(name: str) -> dict[str, Any]:
    """What a tap or target says about itself; raises ConfigError and SourceError."""
    asked = subprocess.run(  # noqa: S603  # a program that a person named
        [find(name), "--about", "--format=json"], capture_output=True, text=True, check=False
    )
    try:
        answer = json.loads(asked.stdout)
    except ValueError:
        answer = None
    if asked.returncode != 0 or not isinstance(answer, dict):
        raise SourceError(
            f"{name} --about --format=json gave no JSON (exit code {asked.returncode}).",
            hint="Run that command by hand to see why; only plugins of the Singer SDK know it.",
        )
    return answer
