"""The streams: which records, read by which function, with which statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import metadata

from songbook import Request, Stream
from songbook.connector import Item
from songbook.identifiers import REDSHIFT
from songbook.records import (
    Column,
    Constraint,
    Container,
    Diagnostic,
    Grant,
    Lineage,
    Policy,
    Principal,
    Query,
    Record,
    Routine,
    System,
    Table,
    Usage,
)
from tap_redshift.activity import queries, usage
from tap_redshift.client import Database
from tap_redshift.columns import columns
from tap_redshift.constraints import constraints
from tap_redshift.containers import containers
from tap_redshift.lineage import edges
from tap_redshift.policies import policies
from tap_redshift.principals import grants, principals
from tap_redshift.routines import routines
from tap_redshift.sources import SQL
from tap_redshift.tables import tables

_BUILD = re.compile(r"Redshift ([\d.]+)")


def _system(database: Database, request: Request) -> Iterator[Item]:  # noqa: ARG001
    if not database.is_private:
        yield _plain_link(database)
    (row,) = database.ask(SQL["systems"])
    build = _BUILD.search(row["version"])
    is_sensitive = str(row["case_sensitive"]).lower() in ("on", "true")
    # Names keep their case only where this setting is on
    # (https://docs.aws.amazon.com/redshift/latest/dg/r_enable_case_sensitive_identifier.html).
    rules = {"quoted": "keep", "tables": "sensitive", "columns": "sensitive"}
    edition = database.endpoint.edition
    yield System(
        namespace=database.namespace,
        platform="redshift",
        kind="warehouse",
        version=build[1] if build else row["version"],
        namespace_aliases=sorted(
            {database.endpoint.namespace, database.endpoint.alias} - {database.namespace}
        ),
        identifiers=REDSHIFT.as_dict() | (rules if is_sensitive else {}),
        default_database=row["default_database"],
        default_schema="public",
        tap="tap-redshift",
        tap_version=metadata.version("songbook-tap-redshift"),
        extra={
            "enable_case_sensitive_identifier": is_sensitive,
            **({"edition": edition} if edition else {}),
        },
    )


def _plain_link(database: Database) -> Diagnostic:
    return Diagnostic(
        code="REDSHIFT_LINK_NOT_ENCRYPTED",
        stream="",
        scope_urn=database.namespace,
        severity="warning",
        title="The link to the server is not encrypted.",
        remediation="Set `sslmode` to `require`, or to `verify-full` with `sslrootcert`.",
    )


def _stream(
    kind: type[Record], read: Callable[[Database, Request], Iterator[Item]], *names: str
) -> Stream:
    text = ";\n\n".join(SQL[name] for name in names)
    return Stream((kind,), read, statement=text, distinct=True)


STREAMS = (
    _stream(System, _system, "systems"),
    _stream(Container, containers, "datashares", "containers", "remote_schemas"),
    _stream(
        Table, tables, "table_sizes", "materialized_views", "table_keys", "tables",
        "external_partition_keys", "external_tables", "remote_tables",
    ),
    _stream(
        Column, columns, "columns", "late_binding_columns", "external_columns", "remote_columns"
    ),
    _stream(Constraint, constraints, "constraints"),
    _stream(Routine, routines, "type_names", "routines"),
    _stream(
        Policy, policies, "superuser", "security_role", "masking_policies", "row_policies"
    ),
    _stream(
        Principal, principals, "role_members", "group_members", "users", "groups", "roles"
    ),
    _stream(
        Grant, grants, "database_grants", "schema_grants", "relation_grants", "column_grants",
        "routine_grants",
    ),
    _stream(
        Lineage, edges, "view_definitions", "view_dependencies", "columns", "late_binding_columns",
        "external_columns", "relation_names", "log_access", "log_lineage", "log_lineage_stl",
    ),
    _stream(Query, queries, "user_names", "log_access", "queries", "queries_stl"),
    _stream(Usage, usage, "relation_names", "log_access", "usage", "usage_stl"),
)  # fmt: skip
"""In the order in which they are read."""
