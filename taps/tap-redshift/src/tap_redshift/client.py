"""A session with one database: read-only transactions, one statement at a time, rows as they come.

Redshift is a PostgreSQL 8.0 behind the same protocol. It has one cursor a session, none WITH HOLD,
and keeps a cursor's whole result on the leader node, so that Amazon advises against them
(https://docs.aws.amazon.com/redshift/latest/dg/declare.html). So rows are streamed from the
connection instead, and each statement sees its own moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from songbook import urn
from songbook.connector import Part, Wanted
from songbook.errors import PermissionMissing, SongbookError
from songbook.records import TYPES
from songbook.server_settings import EVERY_DATABASE, without_ambient
from songbook.settings import ambient
from tap_redshift.config import Config
from tap_redshift.diagnosis import failed, refused
from tap_redshift.endpoint import Endpoint
from tap_redshift.names import EVERY_NAME, Names, adapt
from tap_redshift.temporary import Login, login

NOWHERE = f"{os.devnull}/none"
NO_AMBIENT_CREDENTIALS = {"passfile": NOWHERE, "sslcert": NOWHERE, "sslkey": NOWHERE}
"""What keeps libpq from looking for credentials in the user's files."""

SHARED = frozenset({"systems", "principals"})
"""Streams about what all databases have in common."""

LACKS_OF_REMOTE = {
    kind.STREAM: "Of a database that is not local containers, tables and columns are all there is."
    for kind in TYPES
    if kind.STREAM not in SHARED | {"containers", "tables", "columns"}
}
"""What can't be read of a database of somebody else's, through the session with one's own."""

OFF = "The query log is not read: set `history_days` to the number of days to read."

# A database from a datashare is not local
# (https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_REDSHIFT_DATABASES.html).
DATABASES = """
SELECT database_name, database_type
FROM pg_catalog.svv_redshift_databases
WHERE database_name NOT IN ('template0', 'template1', 'padb_harvest', 'sys:internal')
ORDER BY database_name
"""


class Database:
    """One database, as the streams see it."""

    def __init__(
        self,
        connection: psycopg.Connection[TupleRow],
        config: Config,
        endpoint: Endpoint,
        remote: str | None = None,
    ) -> None:
        self.connection = connection
        self.config = config
        self.endpoint = endpoint
        self.namespace = config.namespace or endpoint.namespace
        self.is_local = remote is None
        self.name = remote or connection.info.dbname

    @property
    def urn(self) -> str:
        """The URN of the database."""
        return urn.join(self.namespace, [self.name])

    @property
    def user(self) -> str:
        """The user of the session."""
        return self.connection.info.user

    @property
    def is_private(self) -> bool:
        """Whether nobody can read along."""
        return self.connection.pgconn.ssl_in_use

    def remote(self, name: str) -> Database:
        """Another database, seen through this session."""
        return Database(self.connection, self.config, self.endpoint, name)

    def ask(self, statement: str, **params: object) -> list[dict[str, Any]]:
        """All rows of a small question."""
        names, rows = self.rows(statement, params)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def rows(
        self, statement: str, params: Mapping[str, Any]
    ) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """The names of the columns and the rows of one statement."""
        cursor = self.connection.cursor()
        rows = self._stream(cursor, statement, {**_narrowing(params), "database": self.name})
        first = list(zip(range(1), rows, strict=False))
        names = [column.name for column in cursor.description or ()]
        return names, chain((row for _, row in first), rows)

    def _stream(
        self, cursor: psycopg.Cursor[TupleRow], statement: str, params: Mapping[str, Any]
    ) -> Iterator[Sequence[Any]]:
        try:
            with self.connection.transaction():
                yield from cursor.stream(statement.encode(), params if "%(" in statement else None)
        except psycopg.Error as error:
            raise failed(error) from None


def _narrowing(params: Mapping[str, Any]) -> dict[str, Any]:
    """The lists of names of a request as IN takes them; Redshift has no arrays to pass them in."""
    given = dict(params)
    for name in ("schemas", "tables"):
        if name in given:
            given[f"every_{name.removesuffix('s')}"] = given[name] is None
            given[name] = EVERY_NAME if given[name] is None else Names(given[name])
    return given


@contextmanager
def connect(config: Config) -> Iterator[Database]:
    """Open a session that can't change the source; raises ConnectionFailed with a diagnosis."""
    every = config.database == EVERY_DATABASE
    with _session(config, login(config), "dev" if every else config.database) as session:
        yield session


def databases(session: Database, wanted: Wanted) -> Iterator[Part]:
    """The databases to read: each of one's own with its own session, the others through the first.

    What all databases share (the system, its principals) is read with the first.
    """
    whole = dict.fromkeys(SHARED, session.namespace)
    if session.config.database != EVERY_DATABASE:
        yield Part(scope=session.urn, client=session, scopes=whole, lacks=_lacks(session))
        return
    skip: frozenset[str] = frozenset()
    for row in session.ask(DATABASES):
        name = row["database_name"]
        scope = urn.join(session.namespace, [name])
        if not wanted(scope):
            continue
        if row["database_type"] != "local":
            remote = session.remote(name)
            yield Part(scope=scope, client=remote, skip=SHARED, lacks=LACKS_OF_REMOTE)
            continue
        try:
            with _session(session.config, login(session.config), name) as own:
                yield Part(scope=scope, client=own, scopes=whole, skip=skip, lacks=_lacks(own))
            skip = SHARED
        except SongbookError as error:
            yield Part(
                scope=scope, error=_not_let_in(error, name, session), scopes=whole, skip=skip
            )


def _lacks(database: Database) -> Mapping[str, str]:
    """The streams that the settings switch off."""
    return {} if database.config.history_days else {"queries": OFF, "usage": OFF}


def _not_let_in(error: SongbookError, database: str, session: Database) -> SongbookError:
    if "permission denied" not in str(error):
        return error
    return PermissionMissing(
        f"The user may not connect to the database {database!r}.",
        hint=f"GRANT USAGE ON DATABASE {quote(database)} TO {quote(session.user)};",
    )


def quote(identifier: str) -> str:
    """An identifier as it may stand in a statement for people to run."""
    return '"' + identifier.replace('"', '""') + '"'


@contextmanager
def _session(config: Config, as_whom: Login, database: str) -> Iterator[Database]:
    try:
        with without_ambient("PG"):
            connection = psycopg.connect(
                **_arguments(config, as_whom, database), cursor_factory=psycopg.ClientCursor
            )
    except psycopg.Error as error:
        raise refused(error) from None
    with closing(connection):
        adapt(connection)
        connection.read_only = True
        try:
            with connection.transaction():
                # The server leaves out the schemas of this path when it writes names.
                connection.execute("SET search_path TO pg_catalog")
        except psycopg.Error as error:
            raise failed(error) from None
        yield Database(connection, config, as_whom.endpoint)


def _arguments(config: Config, as_whom: Login, database: str) -> dict[str, Any]:
    """What psycopg and libpq are told.

    Redshift calls its encoding UNICODE, and knows no DEALLOCATE ALL, which psycopg sends for
    prepared statements (https://github.com/psycopg/psycopg/issues/122).
    """
    given = {
        "host": as_whom.endpoint.host,
        "port": as_whom.endpoint.port,
        "dbname": database,
        "user": as_whom.user,
        "password": as_whom.password,
        "sslmode": config.sslmode,
        "sslrootcert": config.sslrootcert,
    }
    off = {} if ambient() else NO_AMBIENT_CREDENTIALS
    return {
        "application_name": "tap-redshift",
        "client_encoding": "utf8",
        "connect_timeout": 10,
        "gssencmode": "disable",
        "prepare_threshold": None,
        **off,
        **{name: value for name, value in given.items() if value is not None},
    }
