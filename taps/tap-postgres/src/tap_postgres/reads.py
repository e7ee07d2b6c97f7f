"""Rows that are not yet records: the system itself, and lineage."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any

from songbook.connector import Item
from songbook.identifiers import POSTGRES
from songbook.records import Diagnostic, System
from tap_postgres.client import Database
from tap_postgres.lineage import edges


def _system(database: Database, row: dict[str, Any]) -> Iterator[Item]:
    if not database.is_private:
        yield _plain_link(database)
    yield System(
        namespace=database.namespace,
        platform="postgres",
        identifiers=POSTGRES.as_dict(),
        tap="tap-postgres",
        tap_version=metadata.version("songbook-tap-postgres"),
        **row,
    )


def _plain_link(database: Database) -> Diagnostic:
    return Diagnostic(
        code="POSTGRES_LINK_NOT_ENCRYPTED",
        stream="",
        scope_urn=database.namespace,
        severity="warning",
        title="The link to the server is not encrypted.",
        remediation="Set `sslmode` to `require`, or to `verify-full` with `sslrootcert`.",
    )


def _lineage(database: Database, row: dict[str, Any]) -> Iterator[Item]:
    yield from edges(row, namespace=database.namespace, major=database.major)


READS = {"systems": _system, "lineage": _lineage}
