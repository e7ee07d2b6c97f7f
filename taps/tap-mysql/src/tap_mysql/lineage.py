"""Which tables a view reads, where the server knows."""

from __future__ import annotations

from collections.abc import Iterator

from songbook import lineage, urn
from songbook.connector import Gap, Item
from songbook.records import Diagnostic, Lineage
from tap_mysql.rows import Rows, Server


def edges(server: Server, rows: Rows) -> Iterator[Item]:
    """An edge for each table of each view."""
    for row in rows:
        view = urn.join(server.namespace, [row["view_schema"], row["view_name"]])
        yield lineage.edge(
            asserted_by=view,
            origin="view_definition",
            downstream_urn=view,
            upstream_urn=urn.join(server.namespace, [row["table_schema"], row["table_name"]]),
            granularity="table",
            confidence=1.0,
        )


def unknown(server: Server) -> Gap:
    """The server does not say which tables its views read."""
    return Gap(
        None,
        Diagnostic(
            code="MYSQL_LINEAGE_NOT_SHOWN",
            stream="lineage",
            scope_urn=server.scope,
            severity="info",
            title="Only MySQL 8.0.13 and later say which tables a view reads.",
            count=1,
        ),
        tuple(name for name in Lineage.__struct_fields__ if name not in Lineage.KEY),
    )
