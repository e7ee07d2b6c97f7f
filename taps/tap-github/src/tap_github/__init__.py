"""GitHub: repositories, what is in them, who changed it, and the lineage that stands in code."""

from __future__ import annotations

from songbook import Connector
from songbook.identifiers import Identifiers
from tap_github.checks import CHECKS
from tap_github.client import connect
from tap_github.config import Config
from tap_github.parts import parts
from tap_github.permissions import grants
from tap_github.streams import STREAMS

__all__ = ["connector", "main"]

GITHUB = Identifiers("keep", "keep", "insensitive", "sensitive")
"""Names of owners and repositories compare without case."""

connector = Connector(
    name="github",
    title="GitHub",
    config=Config,
    connect=connect,
    parts=parts,
    streams=STREAMS,
    checks=CHECKS,
    grants=grants,
    identifiers=GITHUB,
    levels=("owner", "repository", "branch", "path"),
    aliases=("github_enterprise", "ghes"),
)


def main() -> None:
    """The command `tap-github`."""
    from songbook.cli import run_tap

    run_tap(connector)
