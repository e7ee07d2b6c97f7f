"""The conformance suite on a small file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tap_minimal import connector

from songbook.testing import Conformance


class TestConformance(Conformance):
    connector = connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
        path = tmp_path_factory.mktemp("files") / "a shop.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute('CREATE TABLE orders (id integer PRIMARY KEY, "per.cent" real)')
            connection.execute("CREATE VIEW big AS SELECT id FROM orders")
        return {"path": path}
