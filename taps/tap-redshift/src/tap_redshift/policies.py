"""Policies on who sees which values and rows: dynamic masking and row-level security.

Both are shown to superusers and holders of sys:secadmin only; to others there is nothing to see
(https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_MASKING_POLICY.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RLS_ATTACHED_POLICY.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from songbook import Gap, Request, urn
from songbook.connector import Item
from songbook.errors import PermissionMissing, SourceError
from songbook.records import Diagnostic, Policy
from tap_redshift.client import Database, quote
from tap_redshift.sources import SQL, Source, attempt

MASKING = Source("masking_policies", Policy, "svv_masking_policy", "Masking policies")
OF_ROWS = Source("row_policies", Policy, "svv_rls_policy", "Policies of row-level security")

_NAMES = re.compile(r'"((?:[^"\\]|\\.)*)"')


def policies(database: Database, request: Request) -> Iterator[Item]:  # noqa: ARG001
    """The policies of the database, with what they are attached to."""
    if not _sees_all(database):
        yield _hidden(database)
        return
    yield from attempt(MASKING, database, _read(database, MASKING, "masking"))
    yield from attempt(OF_ROWS, database, _read(database, OF_ROWS, "rls"))


def _sees_all(database: Database) -> bool:
    if any(row["is_superuser"] for row in database.ask(SQL["superuser"])):
        return True
    try:
        return bool(database.ask(SQL["security_role"], user=database.user))
    except (PermissionMissing, SourceError):
        return False


def _hidden(database: Database) -> Gap:
    return Gap(
        "denied",
        Diagnostic(
            code="REDSHIFT_POLICIES_HIDDEN",
            stream=Policy.STREAM,
            scope_urn=database.urn,
            severity="error",
            title="Policies are shown to superusers and holders of sys:secadmin only.",
            remediation=f"GRANT ROLE sys:secadmin TO {quote(database.user)};",
            count=1,
        ),
    )


def _read(database: Database, source: Source, policy_type: str) -> Iterator[Policy]:
    rows = database.ask(source.statement)
    for name, group in groupby(rows, lambda row: row["policy_name"]):
        own = list(group)
        yield Policy(
            # Both kinds have names of their own.
            urn=urn.join(database.namespace, [database.name, f"{policy_type}:{name}"], "policy"),
            name=name,
            policy_type=policy_type,
            expression=own[0]["expression"],
            applies_to=sorted({one for row in own for one in _guarded(database, row)}),
            extra={"enabled": own[0]["is_enabled"]} if own[0]["is_enabled"] is not None else {},
        )


def _guarded(database: Database, row: dict[str, Any]) -> Iterator[str]:
    """The columns, or else the table, that a row of a policy is about."""
    if row["table_name"] is None:
        return
    table = [database.name, row["schema_name"], row["table_name"]]
    columns = _columns(row["columns"] or "")
    yield from (urn.join(database.namespace, [*table, name], "#") for name in columns)
    if not columns:
        yield urn.join(database.namespace, table)


def _columns(text: str) -> list[str]:
    """The names in a list such as ["a","b"]."""
    return [match[1].replace('\\"', '"') for match in _NAMES.finditer(text)]
