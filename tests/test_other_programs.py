"""Songbook beside other people's programs: Meltano, and a target from the index."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MELTANO = "meltano==4.4.1"
TARGET_JSONL = "target-jsonl==0.1.4"


def run(*command: str | Path, **options: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path, *packages: str) -> Path:
    """A fresh virtual environment with packages from the index; gives its programs' folder."""
    run(BIN / "uv", "venv", "--quiet", "--python", sys.executable, folder)
    # Not in the repository's folder, whose pins are not meant for others.
    run(BIN / "uv", "pip", "install", "-q", "--python", folder, *packages, cwd=folder)
    return folder / "bin"


@pytest.fixture
def shop(postgres: Any) -> dict[str, Any]:
    """Settings of a small database."""
    database = postgres.create_database()
    with psycopg.connect(postgres.url(database), autocommit=True) as admin:
        admin.execute("CREATE TABLE orders (id integer PRIMARY KEY, total numeric)")
        admin.execute("CREATE VIEW big AS SELECT id FROM orders WHERE total > 100")
    return {
        "host": postgres.host,
        "port": postgres.port,
        "user": postgres.user,
        "password": postgres.password,
        "database": database,
    }


def project(folder: Path) -> Path:
    """A copy of what the repository holds."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in listed.splitlines():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name, follow_symlinks=False)
    return folder


def test_meltano_runs_the_pipeline(shop: dict[str, Any], postgres: Any, tmp_path: Path) -> None:
    programs = environment(tmp_path / "venv", MELTANO)
    catalog = postgres.url(postgres.create_database())
    settings = {f"TAP_POSTGRES_{name.upper()}": str(value) for name, value in shop.items()}
    env = {
        **os.environ,
        **settings,
        "TARGET_CATALOG_DATABASE_URL": catalog,
        "MELTANO_SEND_ANONYMOUS_USAGE_STATS": "0",
        "NO_COLOR": "1",
    }
    here = {"cwd": project(tmp_path / "project"), "env": env}
    run(programs / "meltano", "install", **here)
    run(programs / "meltano", "run", "tap-postgres", "target-catalog", **here)
    with psycopg.connect(catalog) as connection:
        counts = dict(
            connection.execute(
                "SELECT 'tables', count(*) FROM catalog.tables"
                " UNION ALL SELECT 'lineage', count(*) FROM catalog.lineage"
                " UNION ALL SELECT 'principals', count(*) FROM catalog.principals"
            ).fetchall()
        )
    assert counts["tables"] == 2
    assert counts["lineage"] > 0
    assert counts["principals"] == 0, "streams that are off by default stay off"


def test_another_target_takes_the_records(shop: dict[str, Any], tmp_path: Path) -> None:
    programs = environment(tmp_path / "venv", TARGET_JSONL)
    (tmp_path / "tap.json").write_text(json.dumps(shop))
    (tmp_path / "target.json").write_text(json.dumps({"destination_path": str(tmp_path)}))
    lines = run(BIN / "tap-postgres", "--config", tmp_path / "tap.json")
    run(programs / "target-jsonl", "--config", tmp_path / "target.json", input=lines, cwd=tmp_path)
    (written,) = tmp_path.glob("tables-*.jsonl")
    names = [json.loads(line)["name"] for line in written.read_text().splitlines()]
    assert names == ["big", "orders"]
