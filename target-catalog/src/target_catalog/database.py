"""Connections to the catalog's database, and what its errors mean to a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, TypeAlias

import psycopg
from psycopg import conninfo, errors

from songbook.errors import (
    ConfigError,
    ConnectionFailed,
    SongbookError,
    SourceError,
)

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

GONE = {"08", "57"}
"""Classes of errors that end a connection: its failure, and the server's shutdown."""

GRANT = """
SELECT coalesce(
    (SELECT format('GRANT %%I TO %%I', pg_get_userbyid(nspowner), current_user)
     FROM pg_catalog.pg_namespace WHERE nspname = 'catalog'),
    format('GRANT CREATE ON DATABASE %%I TO %%I', current_database(), current_user)
)
"""


def password_of(url: str) -> str:
    """The password in a libpq URL, if there is one."""
    try:
        return str(conninfo.conninfo_to_dict(url).get("password") or "")
    except psycopg.ProgrammingError:
        return url


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """An autocommitting connection that works through a transaction pooler too."""
    with _open(url) as connection:
        _check_encoding(connection)
        try:
            yield connection
        except errors.InsufficientPrivilege as error:
            raise ConfigError(
                f"The catalog's database refuses this: {_first_line(error)}",
                hint=_grant(connection),
            ) from error
        except psycopg.Error as error:
            raise _explanation(error) from error


def _open(url: str) -> Connection:
    try:
        return psycopg.connect(
            url,
            autocommit=True,
            prepare_threshold=None,
            application_name="target-catalog",
            client_encoding="utf8",
        )
    except psycopg.ProgrammingError as error:
        raise ConfigError(
            f"database_url is not a libpq URL: {_first_line(error)}",
            hint="It looks like postgresql://user:password@host:5432/database.",
        ) from None
    except psycopg.OperationalError as error:
        raise ConnectionFailed(
            f"Can't connect to the catalog: {_first_line(error)}", hint=_connection_hint(str(error))
        ) from None


def _check_encoding(connection: Connection) -> None:
    """Names of a source may hold any character: the database has to hold all."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in ("UTF8", None):
        raise ConfigError(
            f"The catalog's database has the encoding {encoding}, and the catalog needs UTF8.",
            hint="Make another one: createdb --encoding=UTF8 --template=template0 NAME",
        )


def _connection_hint(text: str) -> str:
    if "password" in text or "authentication" in text or "no pg_hba.conf" in text:
        return "Check user and password in database_url."
    if "database" in text and "does not exist" in text:
        return "Create it with createdb, or correct the name in database_url."
    if "too many" in text or "remaining connection slots" in text:
        return "It takes no more connections at the moment: run it again later, or raise its limit."
    return "Check host and port in database_url, and that the server runs and can be reached."


def _grant(connection: Connection) -> str:
    """What lets a role load: to make the catalog, or to be a member of the role that made it."""
    grant = scalar(connection, GRANT, {})
    return f"Let an administrator run: {grant}; or put another user into database_url."


def _explanation(error: psycopg.Error) -> SongbookError:
    """An error of the database as one that says what happens next."""
    text = _first_line(error)
    match error:
        case errors.ReadOnlySqlTransaction():
            return ConnectionFailed(
                f"The catalog's database takes no writes: {text}",
                hint="Connect to the primary server.",
            )
        case errors.UndefinedTable() if "catalog_staging" in text:
            return SourceError(
                "Another run took this one for dead and removed its staged rows.",
                hint="Run it again, one run of a connector at a time.",
            )
        case errors.DiskFull() | errors.OutOfMemory() | errors.ConfigurationLimitExceeded():
            return ConnectionFailed(
                f"The catalog's database has no room: {text}", hint="Make room, then run it again."
            )
        case errors.QueryCanceled() | errors.IdleInTransactionSessionTimeout():
            return ConnectionFailed(
                f"The catalog's database took too long: {text}",
                hint="Nothing of this run was committed. Raise that limit for this user.",
            )
        case psycopg.OperationalError() if error.sqlstate and error.sqlstate[:2] not in GONE:
            return ConnectionFailed(
                f"The catalog's database did not let this finish: {text}",
                hint="Nothing of this run was committed. Run it again.",
            )
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return ConnectionFailed(
                f"Lost the connection to the catalog: {text}",
                hint="Nothing of this run was committed. Run it again when the server is back.",
            )
        case _:
            return SongbookError(f"The catalog's database answered {error.sqlstate}: {text}")


def _first_line(error: psycopg.Error) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def scalar(connection: Connection, query: LiteralString, values: dict[str, Any]) -> Any:
    """The one value that a query gives; None when it gives no row."""
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None
