"""Lineage of whole tables: what views depend on, and what statements moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from songbook import Request, lineage, urn
from songbook.connector import Item
from songbook.records import Diagnostic, Lineage
from tap_redshift import history
from tap_redshift.client import Database
from tap_redshift.sources import SQL


def edges(database: Database, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """Lineage of views by the catalog's dependencies, and of tables by the query log."""
    yield from _of_views(database)
    if database.config.history_days:
        yield from _of_statements(database)


def _of_views(database: Database) -> Iterator[Item]:
    upstreams: Counter[str] = Counter()
    for row in database.ask(SQL["view_dependencies"]):
        view = _urn(database, row["database_name"], row["view_schema"], row["view_name"])
        upstream = _urn(
            database, row["database_name"], row["upstream_schema"], row["upstream_name"]
        )
        upstreams[view] += 1
        yield lineage.edge(
            asserted_by=view,
            origin="view_definition",
            downstream_urn=view,
            upstream_urn=upstream,
            granularity="table",
            confidence=1.0,
        )
    if upstreams:
        yield _note(
            database,
            "REDSHIFT_LINEAGE_OF_TABLES",
            "The lineage of views is known for whole tables only.",
            len(upstreams),
        )
    ((late,),) = (row.values() for row in database.ask(SQL["late_binding_views"]))
    if late:
        yield _note(
            database,
            "REDSHIFT_LINEAGE_LATE_BINDING",
            "The lineage of late-binding views is not known: the catalog keeps none for them.",
            late,
        )


def _of_statements(database: Database) -> Iterator[Item]:
    tables: Mapping[int, Mapping[str, Any]] = {
        row["id"]: row for row in database.ask(SQL["relation_names"])
    }
    for row in history.log(database, history.LINEAGE):
        if not isinstance(row, dict):
            yield row
        elif row["downstream_id"] in tables and row["upstream_id"] in tables:
            downstream = _logged(database, tables[row["downstream_id"]])
            yield lineage.edge(
                asserted_by=downstream,
                origin="query_log",
                downstream_urn=downstream,
                upstream_urn=_logged(database, tables[row["upstream_id"]]),
                granularity="table",
            )


def _logged(database: Database, row: Mapping[str, Any]) -> str:
    return _urn(database, database.name, row["schema_name"], row["table_name"])


def _urn(database: Database, *path: str) -> str:
    return urn.join(database.namespace, path)


def _note(database: Database, code: str, title: str, count: int) -> Diagnostic:
    return Diagnostic(
        code=code,
        stream=Lineage.STREAM,
        scope_urn=database.urn,
        severity="info",
        title=title,
        count=count,
    )
