"""A stranger's tap, installed beside the core in an environment of its own."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")

Run = Callable[..., str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a program of an environment that has core and the example."""
    place = tmp_path_factory.mktemp("stranger")
    shutil.copytree(ROOT / "examples" / "tap-minimal", place / "tap-minimal")
    environment = place / "venv"
    subprocess.run([UV, "venv", "--quiet", "-p", sys.executable, environment], check=True)
    install: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", environment]
    install += [ROOT / "core", "-e", place / "tap-minimal", "pytest"]
    subprocess.run(install, check=True, cwd=place)

    def run(program: str, *arguments: object) -> str:
        command = [str(environment / "bin" / program), *map(str, arguments)]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=place / "tap-minimal")
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    return run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute("CREATE TABLE orders (id integer PRIMARY KEY, total real)")
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"path": str(tmp_path / "shop.db")}))
    return path


def test_the_check_passes(run: Run, config: Path) -> None:
    steps = run("tap-minimal", "--config", config, "--check").splitlines()
    assert [json.loads(step)["status"] for step in steps] == ["passed"] * 3
    assert json.loads(steps[-1])["summary"] == "1 tables."


def test_the_sync_reads_tables_and_columns(run: Run, config: Path) -> None:
    messages = map(json.loads, run("tap-minimal", "--config", config).splitlines())
    records = [one for one in messages if one["type"] == "RECORD"]
    urns = [one["record"]["urn"] for one in records if "urn" in one["record"]]
    assert urns == [
        "sqlite://shop.db/orders",
        "sqlite://shop.db/orders#id",
        "sqlite://shop.db/orders#total",
    ]
    coverage = [one["record"] for one in records if one["stream"] == "coverage"]
    assert {one["stream"]: one["extracted"] for one in coverage} == {"tables": 1, "columns": 2}


def test_the_registry_knows_it(run: Run) -> None:
    code = (
        "from songbook.registry import installed; print([(o.name, o.version) for o in installed()])"
    )
    assert run("python", "-c", code).strip() == "[('minimal', '0.1.0')]"
    assert run("tap-minimal", "--version").strip() == "tap-minimal, version 0.1.0"


def test_its_own_tests_pass(run: Run) -> None:
    assert "passed" in run("python", "-m", "pytest", "-q", "-W", "error")
