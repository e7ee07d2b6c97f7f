"""What the account can see.

information_schema leaves out, without a word, whatever the account has no privilege on. So only the
privileges say whether a stream is complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from songbook import urn
from songbook.connector import Gap
from songbook.records import Diagnostic
from tap_mysql.privileges import EVERYWHERE, quoted
from tap_mysql.server import Server


@dataclass(frozen=True, slots=True)
class Need:
    """What it takes to see a whole stream."""

    grant: str
    """The privilege to ask for."""
    also: tuple[str, ...] = ()
    """Others that will do."""

    @property
    def names(self) -> tuple[str, ...]:
        """All that will do."""
        return (self.grant, *self.also)


TABLES = Need("SELECT", ("REFERENCES",))
NEEDS = {
    "tables": TABLES,
    "columns": TABLES,
    "constraints": TABLES,
    "indexes": TABLES,
    "sequences": TABLES,
    "lineage": TABLES,
    "triggers": Need("TRIGGER"),
    "jobs": Need("EVENT"),
    "routines": Need("EXECUTE", ("ALTER ROUTINE", "CREATE ROUTINE", "SHOW CREATE ROUTINE")),
}
"""By stream, privileges on the databases that are read."""

ACCOUNTS = frozenset({"principals", "grants"})
"""Streams that need SELECT on the server's own database `mysql`."""


def hidden(server: Server, stream: str) -> Iterator[Gap]:
    """What may be hidden of a stream: an entry for each database, or one for the whole server."""
    if stream in ACCOUNTS and not server.privileges.cover(("SELECT",), ["mysql"]):
        yield _gap(server, stream, server.scope, "SELECT ON `mysql`.*")
    if stream == "containers" and server.claimed is None and not server.sees_all:
        yield _gap(server, stream, server.namespace, f"SHOW DATABASES ON {EVERYWHERE}")
    need = NEEDS.get(stream)
    if need is None or (stream == "routines" and server.privileges.show_routines()):
        return
    for database in [None] if server.claimed is None else server.claimed:
        if server.privileges.cover(need.names, None if database is None else [database]):
            continue
        on = EVERYWHERE if database is None else f"{quoted(database)}.*"
        place = server.namespace if database is None else urn.join(server.namespace, [database])
        # To see a routine one may be allowed to run it; better is to see, and not to run.
        grant = server.routine_grant if stream == "routines" else f"{need.grant} ON {on}"
        yield _gap(server, stream, place, grant)


def _gap(server: Server, stream: str, place: str, grant: str) -> Gap:
    return Gap(
        "denied",
        Diagnostic(
            code="MYSQL_MAY_BE_HIDDEN",
            stream=stream,
            scope_urn=place,
            severity="error",
            title=f"Some {stream} may be hidden: the account lacks a privilege.",
            remediation=f"GRANT {grant} TO {server.account};",
            count=1,
        ),
    )
