"""Users, groups and roles, and what was granted to them.

The three have names of their own, so a user and a group can share one: the URN says which it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from songbook import Gap, Request, urn
from songbook.connector import Item
from songbook.records import Diagnostic, Grant, Principal
from songbook.sql import records
from tap_redshift.client import Database, quote
from tap_redshift.sources import SQL, Source, attempt, facts

ROLES = Source("roles", Principal, "svv_roles", "Roles")
ROLE_MEMBERS = Source(
    "role_members", Principal, "svv_user_grants", "Who has which role", ("member_of",)
)
GRANTS = tuple(
    Source(f"{what}_grants", Grant, f"svv_{view}_privileges", f"Grants on {what}s")
    for what, view in (
        ("database", "database"),
        ("schema", "schema"),
        ("relation", "relation"),
        ("column", "column"),
        ("routine", "function"),
    )
)


def principals(database: Database, request: Request) -> Iterator[Item]:
    """All users, groups and roles of the cluster or workgroup."""
    of_roles, no_members = facts(ROLE_MEMBERS, database, request)
    yield from no_members
    holders: dict[str, list[str]] = defaultdict(list)
    for row in (*database.ask(SQL["group_members"]), *of_roles):
        member = _urn(database, row["member_type"], row["member"])
        holders[member].append(_urn(database, row["holder_type"], row["holder"]))
    for name in ("users", "groups"):
        yield from _read(database, SQL[name], request, holders)
    yield from attempt(ROLES, database, _read(database, ROLES.statement, request, holders))


def grants(database: Database, request: Request) -> Iterator[Item]:
    """Privileges on the database and on what is in it: of all, or of those the user may see."""
    if not any(row["sees_all"] for row in database.ask(SQL["log_access"])):
        yield _own_only(database)
    for source in GRANTS:
        yield from attempt(source, database, _privileges(database, source, request))


def _own_only(database: Database) -> Gap:
    return Gap(
        "denied",
        Diagnostic(
            code="REDSHIFT_GRANTS_OWN_ONLY",
            stream=Grant.STREAM,
            scope_urn=database.urn,
            severity="error",
            title="The user sees its own privileges only.",
            remediation=f"ALTER USER {quote(database.user)} SYSLOG ACCESS UNRESTRICTED;",
            count=1,
        ),
    )


def _privileges(database: Database, source: Source, request: Request) -> Iterator[Grant]:
    yield from records(Grant, database, source.statement, request)


def _read(
    database: Database, statement: str, request: Request, holders: dict[str, list[str]]
) -> Iterator[Principal]:
    for principal in records(Principal, database, statement, request):
        principal.member_of = holders.get(principal.urn, [])
        yield principal


def _urn(database: Database, principal_type: str, name: str) -> str:
    return urn.join(database.namespace, [f"{principal_type}:{name}"], "principal")
