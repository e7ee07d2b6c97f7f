"""A session with a server: read only, one statement at a time, rows as they come.

information_schema has no snapshot: each statement sees its own moment. The server fills a temporary
table with the answer first (SQL_BUFFER_RESULT, UNION), so that a slow reader keeps nothing locked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any

from songbook import urn
from songbook.connector import Part, Request, Wanted
from songbook.errors import ConnectionFailed, SourceError
from tap_mysql import driver
from tap_mysql.address import Address, address
from tap_mysql.config import EVERY_DATABASE, Config
from tap_mysql.diagnosis import failed
from tap_mysql.privileges import Privileges, quoted

Row = Mapping[str, Any]

SESSION = (
    "SET SESSION TRANSACTION READ ONLY",
    # Definitions and times are written in the words of the session.
    "SET SESSION sql_mode = '', time_zone = '+00:00'",
    # The reader may pause for long: whoever loads the records sets the pace.
    "SET SESSION net_write_timeout = 86400, wait_timeout = 86400",
)

OWN_DATABASES = ("information_schema", "mysql", "ndbinfo", "performance_schema", "sys")
"""Databases that belong to the server."""

SHOW_DATABASES = ("SHOW DATABASES", "SELECT", "REFERENCES")
"""Privileges of which one shows all databases, when it is given on all."""

DATABASES = """
SELECT schema_name FROM information_schema.schemata ORDER BY CAST(schema_name AS BINARY)
"""

SEQUENCES = """
SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'SEQUENCE'
"""

NO_DATABASE = ("",)
"""Stands for an empty list, which SQL has no words for; no database has this name."""


class Server:
    """A server, as the streams see it."""

    def __init__(self, connection: driver.Connection, config: Config, place: Address) -> None:
        self.config = config
        self.address = place
        self.namespace = config.namespace or place.namespace
        self._connection = connection
        self.databases = self._visible()
        """The databases to read: those that the account may see, until `parts` narrows them."""
        self.version = self._fact("SELECT VERSION()")
        """What the server calls its version."""

    @property
    def claimed(self) -> Sequence[str] | None:
        """The databases of which all must be seen; None means all there are, those included that
        are hidden from the account."""
        if self.config.database != EVERY_DATABASE:
            return [self.config.database]
        by_name = self.config.scopes or (self.databases and not self.sees_all)
        return self.databases if by_name else None

    @cached_property
    def sees_all(self) -> bool:
        """Whether no database is hidden from the account."""
        return self.privileges.cover(SHOW_DATABASES, None)

    @property
    def scope(self) -> str:
        """The URN of what is read."""
        if self.config.database == EVERY_DATABASE:
            return self.namespace
        return urn.join(self.namespace, [self.config.database])

    @property
    def granted_on(self) -> str:
        """What is read, as it stands in GRANT."""
        one = self.config.database
        return "*.*" if one == EVERY_DATABASE else f"{quoted(one)}.*"

    @property
    def is_mariadb(self) -> bool:
        """Whether it is MariaDB."""
        return "mariadb" in self.version.lower()

    @property
    def release(self) -> tuple[int, ...]:
        """The version in numbers."""
        # Before MariaDB 11 some servers lead with a version that old replicas understand.
        text = self.version.removeprefix("5.5.5-").partition("-")[0]
        return tuple(int(part) for part in text.split(".") if part.isdigit())

    @property
    def is_mysql_8(self) -> bool:
        """Whether it is MySQL 8 or later, which keeps its metadata in tables of its own."""
        return not self.is_mariadb and self.release >= (8,)

    @property
    def escapes_expressions(self) -> bool:
        """Whether information_schema holds expressions escaped, and in the wrong encoding."""
        return self.is_mysql_8

    @property
    def routine_grant(self) -> str:
        """The privilege that shows the source of routines."""
        return "SHOW_ROUTINE ON *.*" if self.is_mysql_8 else "SELECT ON mysql.proc"

    @cached_property
    def privileges(self) -> Privileges:
        """What the account may do, active roles included."""
        return Privileges(str(line) for (line,) in self.ask("SHOW GRANTS"))

    @cached_property
    def account(self) -> str:
        """The account that the server took us for, as it stands in GRANT."""
        user, _, host = self._fact("SELECT CURRENT_USER()").rpartition("@")
        return f"'{user}'@'{host}'"

    @cached_property
    def is_private(self) -> bool:
        """Whether nobody can read along: the link is encrypted, or a socket of this machine."""
        cipher = self._fact("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
        return bool(cipher) or self.address.socket is not None

    @cached_property
    def sequences(self) -> frozenset[tuple[str, str]]:
        """Database and name of all sequences: information_schema takes them for tables."""
        return frozenset(self.ask(SEQUENCES)) if self.is_mariadb else frozenset()

    def _visible(self) -> tuple[str, ...]:
        names = [str(name) for (name,) in self.ask(DATABASES)]
        if self.config.database == EVERY_DATABASE:
            return tuple(name for name in names if name.lower() not in OWN_DATABASES)
        return tuple(name for name in names if name == self.config.database)

    def ask(self, statement: str) -> list[Any]:
        """All rows of a small question."""
        try:
            return driver.ask(self._connection, statement)
        except driver.ERRORS as error:
            raise failed(error) from None

    def _fact(self, statement: str) -> str:
        """What stands last in the only row of an answer."""
        rows = self.ask(statement)
        if len(rows) != 1:
            raise SourceError(f"The server gives no answer to {statement}.")
        return str(rows[0][-1])

    def read(self, statement: str, request: Request) -> Iterator[Row]:
        """The rows of a statement, with names in lower case."""
        try:
            names, rows = driver.stream(
                self._connection, statement, self._params(request) if "%(" in statement else None
            )
            keys = [name.lower() for name in names]  # MySQL 8 writes them in upper case
            for row in rows:
                yield dict(zip(keys, row, strict=True))
        except driver.ERRORS as error:
            raise failed(error) from None

    def _params(self, request: Request) -> dict[str, Any]:
        """What narrows a statement; tables as digits, because names may hold any character."""
        names = self.databases
        if request.schemas is not None:
            names = tuple(name for name in names if name in request.schemas)
        tables = request.tables
        digits = tables and ",".join(name.encode().hex().upper() for name in tables)
        return {"databases": names or NO_DATABASE, "tables": digits}


@contextmanager
def connect(config: Config) -> Iterator[Server]:
    """Open a session that can't change the source; raises ConnectionFailed with a diagnosis."""
    place = address(config)
    with closing(driver.connect(config, place)) as connection:
        server = Server(connection, config, place)
        for statement in SESSION:
            server.ask(statement)
        yield server


def parts(server: Server, wanted: Wanted) -> Iterator[Part]:
    """All databases in one: each statement reads them together.

    With `database: "*"` the account is for the whole server, so that a dropped database is missed;
    but an account that doesn't see all databases can't tell a dropped one from a hidden one.
    """
    everything = server.config.database == EVERY_DATABASE
    if not everything and not server.databases:
        raise ConnectionFailed(
            f"There is no database {server.config.database!r} that the user may see.",
            hint="Check the setting `database`, or run the tap with --grants.",
        )
    places = {name: urn.join(server.namespace, [name]) for name in server.databases}
    server.databases = tuple(name for name, place in places.items() if wanted(place))
    by_name = everything and places and not server.sees_all
    yield Part(
        scope=server.scope,
        client=server,
        within=tuple(places.values()) if by_name else None,
        scopes={"systems": server.namespace, "principals": server.namespace}
        | ({"grants": server.scope} if by_name else {}),
        lacks={} if server.is_mariadb else {"sequences": "MySQL has no sequences."},
    )
