"""`songbook export`: what a tap writes, in the words of other programs."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

from songbook.messages import Writer
from songbook.records import Table

SONGBOOK = Path(sys.executable).parent / "songbook"


def run(given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([SONGBOOK, "export", "openlineage"], input=given, capture_output=True)


def test_openlineage() -> None:
    out = io.BytesIO()
    writer = Writer(out)
    writer.schemas([Table])
    urn = "postgres://db:5432/app/public/orders"
    writer.record(Table(urn=urn, name="orders", container_urn=urn[:-7], table_type="table"))
    writer.flush()
    ran = run(out.getvalue())
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["dataset"]["name"] == "app.public.orders"


def test_what_is_no_message() -> None:
    ran = run(b"{")
    assert (ran.returncode, b"hint: Pipe the output" in ran.stderr) == (4, True)
