"""What the README tells people to type works, and says what the Makefile does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def commands(heading: str) -> list[str]:
    """The shell lines below a heading, without their comments."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", README, re.M | re.S)
    blocks = re.findall(r"```sh\n(.*?)```", section, re.S)
    lines = (line.partition("  #")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


@pytest.fixture
def shell(songbook_home: Path, postgres: Any, tmp_path: Path) -> Any:
    """Runs a line as a person would, beside a `my.json` for a database called app."""
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute("CREATE TABLE orders (id integer PRIMARY KEY)")
    settings = {
        "host": postgres.host,
        "port": postgres.port,
        "user": postgres.user,
        "password": "${env:APP_PASSWORD}",
        "database": database,
    }
    (tmp_path / "my.json").write_text(json.dumps(settings))
    env = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env["PATH"] = f"{BIN}:{postgres.tool('psql').parent}:{env['PATH']}"
    env["APP_PASSWORD"] = postgres.password

    def run(line: str) -> subprocess.CompletedProcess[str]:
        script = f"set -o pipefail; {line}"
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        return done

    return run


def test_every_command_works(shell: Any) -> None:
    lines = commands("Read your own database") + commands("What the catalog holds")
    assert len(lines) == 13
    said = {line: shell(line) for line in lines}
    assert "orders" in next(done.stdout for line, done in said.items() if "catalog.tables" in line)


def test_a_second_load_changes_nothing(shell: Any) -> None:
    first, second = (line for line in commands("Read your own database") if "| target" in line)
    shell(first)
    assert "added 0, changed 0, removed 0" in shell(second).stderr


def test_the_plain_lines_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    plain = [line.removeprefix(".venv/bin/uv run ") for line in commands("Try it")]
    assert {"make demo", "make test", "songbook demo", "pytest"} <= set(plain)
    assert "$(RUN) songbook demo" in makefile
    assert "$(RUN) pytest\n" in makefile


def test_continuous_integration_calls_the_same_commands() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in script
    assert "make demo" in script
