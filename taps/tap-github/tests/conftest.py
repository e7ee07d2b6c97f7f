"""A local GitHub for the tests of this tap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from github_server import GithubServer
from octokit import have_descriptions
from shop_code import shop


@pytest.fixture
def server() -> Iterator[GithubServer]:
    """github.com with the organisation acme; all that is asked there must be right."""
    have_descriptions()
    with GithubServer(shop()) as running:
        yield running
    assert running.problems == []
