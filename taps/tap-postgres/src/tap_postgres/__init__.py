"""PostgreSQL metadata: all that its system catalogs know, and lineage from the server's own rule
trees."""

from __future__ import annotations

from songbook import Connector, sql_streams
from songbook.identifiers import POSTGRES
from tap_postgres.checks import CHECKS
from tap_postgres.client import connect, databases
from tap_postgres.config import Config
from tap_postgres.grants import grants
from tap_postgres.reads import READS

__all__ = ["connector", "main"]

connector = Connector(
    name="postgres",
    title="PostgreSQL",
    config=Config,
    connect=connect,
    parts=databases,
    streams=sql_streams("tap_postgres", reads=READS),
    checks=CHECKS,
    grants=grants,
    identifiers=POSTGRES,
    aliases=("postgresql", "pg"),
)


def main() -> None:
    """The command `tap-postgres`."""
    from songbook.cli import run_tap

    run_tap(connector)
