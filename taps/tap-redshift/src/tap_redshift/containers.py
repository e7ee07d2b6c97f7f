"""The database, its schemas, and its datashares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from songbook import Request, urn
from songbook.connector import Item
from songbook.records import Container
from songbook.sql import records
from tap_redshift.client import Database
from tap_redshift.sources import SQL, Source, facts

SHARES = Source("datashares", Container, "svv_datashares", "Datashares")


def containers(database: Database, request: Request) -> Iterator[Item]:
    """What holds tables, and what is shared of it.

    A share that the database gives is a container of its own; the one that it was made from is told
    in its `extra`, since nothing else of it can be seen.
    """
    shares, no_shares = facts(SHARES, database, request)
    yield from no_shares
    if database.is_local:
        yield from records(Container, database, SQL["containers"], request)
        yield from (_share(database, row) for row in shares if row["share_type"] == "OUTBOUND")
    else:
        yield _made_from(database, [row for row in shares if row["share_type"] == "INBOUND"])
        yield from records(Container, database, SQL["remote_schemas"], request)


def _share(database: Database, row: Mapping[str, Any]) -> Container:
    name = row["share_name"]
    return Container(
        urn=urn.join(database.namespace, [database.name, name], "share"),
        name=name,
        container_type="share",
        parent_urn=database.urn,
        created_at=row["created_at"] and row["created_at"].replace(tzinfo=UTC),
        extra=_given(row, "publicly_accessible", "managed_by"),
    )


def _made_from(database: Database, shares: list[dict[str, Any]]) -> Container:
    about = [_given(row, "share_name", "producer_account", "producer_namespace") for row in shares]
    return Container(
        urn=database.urn,
        name=database.name,
        container_type="database",
        extra={"datashares": about} if about else {},
    )


def _given(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names if row[name] not in (None, "")}
