"""Amazon Redshift metadata: what the catalogs of clusters and of Serverless workgroups know."""

from __future__ import annotations

from songbook import Connector
from songbook.identifiers import REDSHIFT
from tap_redshift.checks import CHECKS
from tap_redshift.client import connect, databases
from tap_redshift.config import Config
from tap_redshift.grants import grants
from tap_redshift.streams import STREAMS

__all__ = ["connector", "main"]

connector = Connector(
    name="redshift",
    title="Amazon Redshift",
    config=Config,
    connect=connect,
    parts=databases,
    streams=STREAMS,
    checks=CHECKS,
    grants=grants,
    identifiers=REDSHIFT,
)


def main() -> None:
    """The command `tap-redshift`."""
    from songbook.cli import run_tap

    run_tap(connector)
