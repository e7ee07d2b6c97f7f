"""MySQL and MariaDB metadata: all that information_schema knows."""

from __future__ import annotations

from songbook import Connector
from songbook.identifiers import MYSQL
from tap_mysql.checks import CHECKS
from tap_mysql.config import Config
from tap_mysql.grants import grants
from tap_mysql.server import connect, parts
from tap_mysql.streams import STREAMS

__all__ = ["connector", "main"]

connector = Connector(
    name="mysql",
    title="MySQL and MariaDB",
    config=Config,
    connect=connect,
    parts=parts,
    streams=STREAMS,
    checks=CHECKS,
    grants=grants,
    identifiers=MYSQL,
    levels=("database", "table"),
    aliases=("mariadb",),
)


def main() -> None:
    """The command `tap-mysql`."""
    from songbook.cli import run_tap

    run_tap(connector)
