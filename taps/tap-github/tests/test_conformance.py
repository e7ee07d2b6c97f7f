"""What every tap must do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from github_runs import settings
from github_server import GithubServer
from octokit import have_descriptions
from shop_code import shop

from songbook.testing import Conformance
from tap_github import connector


class TestConformance(Conformance):
    connector = connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls) -> Iterator[dict[str, Any]]:
        have_descriptions()
        warehouse = {"platform": "postgres", "namespace": "postgres://w:5432", "database": "app",
                     "schema": "public"}  # fmt: skip
        with GithubServer(shop()) as server:
            yield settings(server, warehouses=[warehouse])
        assert server.problems == []
