"""A session with one database: read only, in short transactions, with results that wait on the
server.

All statements run at once in one REPEATABLE READ transaction, into cursors WITH HOLD: when it
commits, the server has their results, and no lock or snapshot is left that could hold back vacuum
or DDL, however slowly the rows are fetched
(https://www.postgresql.org/docs/current/sql-declare.html). So everything is seen as of one moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import set_json_loads

from songbook import urn
from songbook.connector import Part, Wanted
from songbook.errors import ConfigError, ConnectionFailed, PermissionMissing, SongbookError
from songbook.server_settings import EVERY_DATABASE, without_ambient
from songbook.settings import ambient
from tap_postgres.config import Config
from tap_postgres.diagnosis import failed, is_race, refused
from tap_postgres.unencoded import take_any_bytes

FETCH_ROWS = 500
"""Rows asked for at a time; definitions can be long, so not thousands."""

TRIES = 10
"""How often a statement is tried when objects go away while it describes them."""

NOWHERE = f"{os.devnull}/none"
NO_AMBIENT_CREDENTIALS = {
    "passfile": NOWHERE,
    "sslcert": NOWHERE,
    "sslkey": NOWHERE,
    "gssencmode": "disable",
}
"""What keeps libpq from looking for credentials in the user's files."""

SESSION = """
SELECT
    pg_catalog.set_config('default_transaction_read_only', 'on', false),
    pg_catalog.set_config('search_path', '', false),
    pg_catalog.set_config('cursor_tuple_fraction', '1', false),
    pg_catalog.set_config('jit', 'off', false),
    pg_catalog.set_config('lock_timeout', '10s', false),
    pg_catalog.set_config('TimeZone', 'UTC', false),
    pg_catalog.set_config('DateStyle', 'ISO', false),
    pg_catalog.set_config('IntervalStyle', 'postgres', false),
    pg_catalog.set_config('bytea_output', 'hex', false),
    pg_catalog.set_config('extra_float_digits', '1', false),
    pg_catalog.set_config('xmlbinary', 'base64', false),
    pg_catalog.set_config('standard_conforming_strings', 'on', false),
    pg_catalog.set_config('quote_all_identifiers', 'off', false)
"""
"""Names come qualified, plans are made for all rows, no lock is waited for long, and definitions
read the same whatever the role's own settings are."""

SHARED = frozenset(("systems", "principals"))
"""Streams that are the same from each database of a server."""

DATABASES = """
SELECT datname, datallowconn AND has_database_privilege(oid, 'CONNECT') AS may_connect
FROM pg_catalog.pg_database
WHERE datname NOT IN ('template0', 'template1')
ORDER BY datname COLLATE "C"
"""


class Database:
    """One database, as the streams see it."""

    def __init__(self, connection: psycopg.Connection[TupleRow], config: Config) -> None:
        self.connection = connection
        self.config = config
        self.namespace = config.namespace or _namespace(connection)
        self._submitted: dict[str, str] = {}
        """The names of the cursors that hold the results of statements."""

    @property
    def name(self) -> str:
        """The name of the database."""
        return self.connection.info.dbname

    @property
    def urn(self) -> str:
        """The URN of the database."""
        return urn.join(self.namespace, [self.name])

    @property
    def major(self) -> int:
        """The major version of the server."""
        return self.connection.info.server_version // 10000

    @property
    def is_private(self) -> bool:
        """Whether nobody can read along: the link is encrypted, or a socket of this machine."""
        return self.connection.pgconn.ssl_in_use or _is_socket(self.connection.info.host)

    def ask(self, statement: LiteralString) -> list[TupleRow]:
        """All rows of a small question."""
        try:
            return self.connection.execute(statement).fetchall()
        except psycopg.Error as error:
            raise failed(error) from None

    def submit(self, statements: Sequence[str], params: Mapping[str, Any]) -> None:
        """Run all statements in one view of the database; if one fails, `rows` runs each alone."""
        try:
            self._submitted = self._run(statements, params)
        except psycopg.errors.LockNotAvailable:  # it was waited for once: not again for each
            self.connection.execute("SET lock_timeout = '1s'")
        except psycopg.Error:
            pass

    def rows(
        self, statement: str, params: Mapping[str, Any]
    ) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """The names of the columns and the rows of one statement."""
        try:
            name = self._submitted.pop(statement, None) or self._run([statement], params)[statement]
            cursor = self.connection.execute(_fetch(name))
        except psycopg.Error as error:
            raise failed(error) from None
        return [column.name for column in cursor.description or ()], self._rest(cursor, name)

    def _run(self, statements: Sequence[str], params: Mapping[str, Any]) -> dict[str, str]:
        """The cursors that hold the results of statements, all from one short transaction."""
        for rest in reversed(range(TRIES)):
            try:
                return self._declare(statements, params)
            except psycopg.Error as error:
                if not self.connection.broken:
                    # A commit that fails half-way leaves the cursors that were ready by then.
                    self.connection.execute("CLOSE ALL")
                if not (rest and is_race(error)):
                    raise
        raise AssertionError("the last try returns or raises")

    def _declare(self, statements: Sequence[str], params: Mapping[str, Any]) -> dict[str, str]:
        names = {statement: f"songbook_{number}" for number, statement in enumerate(statements)}
        with self.connection.transaction():
            for statement, name in names.items():
                text = f"DECLARE {name} NO SCROLL CURSOR WITH HOLD FOR {statement}"
                self.connection.execute(text.encode(), params if "%(" in statement else None)
        return names

    def _rest(self, cursor: psycopg.Cursor[TupleRow], name: str) -> Iterator[Sequence[Any]]:
        """All rows, beginning with those that were fetched."""
        try:
            while rows := cursor.fetchall():
                yield from rows
                cursor.execute(_fetch(name))
            cursor.execute(f"CLOSE {name}".encode())
        except psycopg.Error as error:
            raise failed(error) from None


def _fetch(cursor: str) -> bytes:
    return f"FETCH FORWARD {FETCH_ROWS} FROM {cursor}".encode()


@contextmanager
def connect(config: Config) -> Iterator[Database]:
    """Open a session that can't change the source; raises ConnectionFailed with a diagnosis."""
    with ExitStack() as stack:
        if config.database != EVERY_DATABASE:
            yield stack.enter_context(_session(config, config.database))
            return
        try:
            session = stack.enter_context(_session(config, "postgres"))
        except ConnectionFailed:  # some servers have no such database; all have this one
            session = stack.enter_context(_session(config, "template1"))
        yield session


def databases(session: Database, wanted: Wanted) -> Iterator[Part]:
    """The databases to read, each with a session of its own.

    What all databases of a server share (the system, its principals) is read with the first.
    """
    shared = dict.fromkeys(SHARED, session.namespace)
    if session.config.database != EVERY_DATABASE:
        yield Part(scope=session.urn, client=session, scopes=shared)
        return
    found = [
        (name, urn.join(session.namespace, [name]), may_connect)
        for name, may_connect in session.ask(DATABASES)
    ]
    asked = [one for one in found if wanted(one[1])]
    if all(may_connect for _, _, may_connect in asked):
        # Then a database that is not among them is gone.
        shared["containers"] = session.namespace
    skip: frozenset[str] = frozenset()
    for name, scope, may_connect in asked:
        try:
            if not may_connect:
                raise PermissionMissing(
                    f"The user may not connect to the database {name!r}.",
                    hint=f"{grant_connect(name, session.connection.info.user)} "
                    "Or leave it out with `exclude`, if nobody may.",
                )
            with _session(session.config, name) as own:
                yield Part(scope=scope, client=own, scopes=shared, skip=skip)
            skip = SHARED
        except SongbookError as error:
            yield Part(scope=scope, error=error, scopes=shared, skip=SHARED)


def grant_connect(database: str, user: str) -> str:
    """The statement that lets a user into a database."""
    return f"GRANT CONNECT ON DATABASE {quote(database)} TO {quote(user)};"


def quote(identifier: str) -> str:
    """An identifier as it may stand in a statement for people to run."""
    return '"' + identifier.replace('"', '""') + '"'


@contextmanager
def _session(config: Config, database: str | None) -> Iterator[Database]:
    try:
        with without_ambient("PG"):
            connection = psycopg.connect(**_arguments(config, database))
    except psycopg.Error as error:
        raise refused(error) from None
    with closing(connection):
        try:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute(SESSION)
            set_json_loads(msgspec.json.decode, connection)  # several times faster than json's
            if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
                take_any_bytes(connection)
        except psycopg.Error as error:
            raise failed(error) from None
        yield Database(connection, config)


def _arguments(config: Config, database: str | None) -> dict[str, Any]:
    """What libpq is told; settings that are not given are left to its own defaults."""
    if config.host is None and not ambient():
        raise ConfigError(
            "The setting 'host' is missing.",
            hint="Under SONGBOOK_AMBIENT=0 libpq's defaults are off.",
        )
    given = {
        "host": config.host,
        "port": config.port,
        "dbname": database,
        "user": config.user,
        "password": config.password.get_secret_value() if config.password else None,
        "sslmode": config.sslmode,
        "sslrootcert": config.sslrootcert,
        "sslcert": config.sslcert,
        "sslkey": config.sslkey,
    }
    off = {} if ambient() else NO_AMBIENT_CREDENTIALS
    return {
        "application_name": "tap-postgres",
        "client_encoding": "UTF8",
        "connect_timeout": 10,
        "autocommit": True,
        **off,
        **{name: value for name, value in given.items() if value is not None},
    }


def _namespace(connection: psycopg.Connection[TupleRow]) -> str:
    """The root of the URNs: host and port as reached; a Unix socket counts as localhost."""
    host = connection.info.host.lower()
    if not host or _is_socket(host):
        host = "localhost"
    if ":" in host:
        host = f"[{host}]"
    return f"postgres://{host}:{connection.info.port}"


def _is_socket(host: str) -> bool:
    """Whether libpq took a Unix socket: a folder, or an abstract name."""
    return host.startswith(("/", "@"))
