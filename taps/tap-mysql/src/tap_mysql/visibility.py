"""What the account can see.

information_schema leaves out, without a word, whatever the account has no privilege on. So only the
privileges say whether a stream is complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

DATABASES = Need("SHOW DATABASES", ("SELECT", "REFERENCES"))
"""What counts when all databases are read."""

ACCOUNTS = frozenset({"principals", "grants"})
"""Streams that need SELECT on the server's own database `mysql`."""


def hidden(server: Server, stream: str) -> Gap | None:
    """What may be hidden of a stream."""
    where: Sequence[str] | None = server.claimed
    need = NEEDS.get(stream)
    if stream in ACCOUNTS:
        need, where = Need("SELECT"), ["mysql"]
    elif stream == "containers" and where is None:
        need = DATABASES
    if need is None or server.privileges.cover(need.names, where):
        return None
    if stream != "routines":
        places = [EVERYWHERE] if where is None else [f"{quoted(one)}.*" for one in where]
        return _gap(server, stream, [f"{need.grant} ON {place}" for place in places])
    # To see a routine one may be allowed to run it; better is to see, and not to run.
    return (
        None if server.privileges.show_routines() else _gap(server, stream, [server.routine_grant])
    )


def _gap(server: Server, stream: str, grants: Sequence[str]) -> Gap:
    return Gap(
        "denied",
        Diagnostic(
            code="MYSQL_MAY_BE_HIDDEN",
            stream=stream,
            scope_urn=server.scope,
            severity="error",
            title=f"Some {stream} may be hidden: the account lacks a privilege.",
            remediation=" ".join(f"GRANT {one} TO {server.account};" for one in grants),
            count=1,
        ),
    )
