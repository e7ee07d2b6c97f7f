"""The streams: each runs one statement and makes records of its rows.

Servers differ in the columns of information_schema, so most statements ask for all columns of a
view there, and the readers take what they find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata, resources

from songbook.connector import Item, Request, Stream
from songbook.identifiers import MYSQL
from songbook.records import (
    Column,
    Constraint,
    Container,
    Diagnostic,
    Grant,
    Index,
    Job,
    Lineage,
    Principal,
    Record,
    Routine,
    Sequence,
    System,
    Table,
    Trigger,
)
from tap_mysql import accounts, columns, keys, lineage, programs, relations
from tap_mysql.rows import Rows, extra
from tap_mysql.server import Server
from tap_mysql.visibility import hidden

Read = Callable[[Server, Rows], Iterator[Item]]
Has = Callable[[Server], bool]


@dataclass(frozen=True, slots=True)
class Source:
    """A statement, and what is made of its rows."""

    kind: type[Record]
    name: str
    """Of the file with the statement."""
    read: Read
    has: Has = lambda _: True
    """Whether the server knows what the statement asks for."""
    is_first: bool = True
    """Whether no other statement of this stream comes before."""


def _systems(server: Server, rows: Rows) -> Iterator[Item]:
    if not server.is_private:
        yield _plain_link(server)
    for row in rows:
        folds = row["lower_case_table_names"] != 0
        everything = server.config.database == "*"
        yield System(
            namespace=server.namespace,
            platform="mysql",
            kind="database",
            version=row["version"],
            identifiers=MYSQL.as_dict()
            | {
                "tables": "insensitive" if folds else "sensitive",
                "lower_case_table_names": row["lower_case_table_names"],
            },
            default_database=None if everything else server.config.database,
            tap="tap-mysql",
            tap_version=metadata.version("songbook-tap-mysql"),
            extra=extra(
                flavor="mariadb" if server.is_mariadb else "mysql",
                version_comment=row["version_comment"],
                charset=row["character_set"],
                collation=row["collation"],
                default_engine=row["default_engine"],
            ),
        )


def _plain_link(server: Server) -> Diagnostic:
    return Diagnostic(
        code="MYSQL_LINK_NOT_ENCRYPTED",
        stream="",
        scope_urn=server.namespace,
        severity="warning",
        title="The link to the server is not encrypted.",
        remediation="Set `sslmode` to `require`, or to `verify-full` with `sslrootcert`.",
    )


def _is_mariadb(server: Server) -> bool:
    return server.is_mariadb


def _has_checks(server: Server) -> bool:
    return not server.is_mariadb and server.release >= (8, 0, 16)


def _has_roles(server: Server) -> bool:
    return not server.is_mariadb and server.release >= (8,)


def _is_mysql_5(server: Server) -> bool:
    return not server.is_mariadb and server.release < (8,)


def _has_usage(server: Server) -> bool:
    return not server.is_mariadb and server.release >= (8, 0, 13)


def _shows_sequences(server: Server) -> bool:
    return server.is_mariadb and server.release >= (11, 5)


def _names_sequences(server: Server) -> bool:
    return server.is_mariadb and server.release < (11, 5)


SOURCES = (
    Source(System, "systems", _systems),
    Source(Container, "containers", relations.containers),
    Source(Table, "tables", relations.tables),
    Source(Table, "views", relations.views, is_first=False),
    Source(Column, "columns", columns.columns),
    Source(Constraint, "constraints", keys.constraints),
    Source(Constraint, "checks_mariadb", keys.checks, _is_mariadb, is_first=False),
    Source(Constraint, "checks_mysql", keys.checks, _has_checks, is_first=False),
    Source(Index, "indexes", keys.indexes),
    Source(Routine, "routines", programs.routines),
    Source(Trigger, "triggers", programs.triggers),
    Source(Sequence, "sequences", relations.sequences, _shows_sequences),
    Source(Sequence, "sequence_names", relations.sequence_names, _names_sequences, is_first=False),
    Source(Principal, "principals_mariadb", accounts.principals, _is_mariadb),
    Source(Principal, "principals_mysql", accounts.principals, _has_roles, is_first=False),
    Source(Principal, "principals_mysql_5", accounts.principals, _is_mysql_5, is_first=False),
    Source(Grant, "grants", accounts.grants),
    Source(Job, "jobs", programs.jobs),
    Source(Lineage, "lineage", lineage.edges, _has_usage),
)


def _stream(source: Source) -> Stream:
    text = (resources.files("tap_mysql") / "queries" / f"{source.name}.sql").read_text("utf-8")
    statement = text.rstrip().removesuffix(";")

    def read(server: Server, request: Request) -> Iterator[Item]:
        if source.is_first:
            yield from _unseen(server, source)
        if source.has(server):
            yield from source.read(server, server.read(statement, request))

    return Stream((source.kind,), read, statement=statement, distinct=True)


def _unseen(server: Server, source: Source) -> Iterator[Item]:
    """What no statement would show."""
    yield from hidden(server, source.kind.STREAM)
    if source.kind is Lineage and not source.has(server):
        yield lineage.unknown(server)


STREAMS = tuple(_stream(source) for source in SOURCES)
