"""The client library: PyMySQL, or mysqlclient where that is installed, which is faster.

Both are DB-API modules; what differs is how encryption is asked for.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, TypeAlias

import pymysql
import pymysql.cursors

from songbook.errors import ConfigError
from tap_mysql.address import Address
from tap_mysql.config import Config
from tap_mysql.diagnosis import refused

Connection: TypeAlias = Any

# PyMySQL raises RuntimeError when a server asks for a file, or for a way to log in that needs
# another package.
ERRORS: tuple[type[Exception], ...] = (pymysql.MySQLError, RuntimeError)
NO_CONNECTION: tuple[type[Exception], ...] = (*ERRORS, OSError)
CONNECT_SECONDS = 10


def connect(config: Config, place: Address) -> Connection:
    """Open a connection; raises ConnectionFailed with a diagnosis."""
    try:
        return pymysql.connect(
            host=place.host,
            port=place.port,
            unix_socket=place.socket,
            user=place.user,
            password=place.password.encode(),
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            local_infile=False,  # a server may ask for any file of this machine
            program_name="tap-mysql",
            **_encryption(config, place),
        )
    except NO_CONNECTION as error:
        raise refused(error) from None


def ask(connection: Connection, statement: str) -> list[Any]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def stream(
    connection: Connection, statement: str, params: Mapping[str, Any] | None
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """The names of the columns, and the rows as the server sends them."""
    cursor = connection.cursor(pymysql.cursors.SSCursor)
    cursor.execute(statement, params)
    return [column[0] for column in cursor.description], _rows(cursor)


def _rows(cursor: Any) -> Iterator[Sequence[Any]]:
    with closing(cursor):
        while row := cursor.fetchone():
            yield row


def _encryption(config: Config, place: Address) -> dict[str, Any]:
    """What PyMySQL is told; by itself it encrypts where the server can."""
    if config.sslmode == "disable" or place.socket is not None:
        return {"ssl_disabled": True}
    if config.sslmode == "prefer" and not config.sslcert:
        return {}
    return {"ssl": _tls(config)}


def _tls(config: Config) -> ssl.SSLContext:
    """How the server is checked, and what it may check; raises ConfigError for unusable files."""
    try:
        tls = ssl.create_default_context(cafile=config.sslrootcert)
        if config.sslcert:
            tls.load_cert_chain(config.sslcert, config.sslkey)
    except (OSError, ssl.SSLError) as error:
        hint = "Check `sslrootcert`, `sslcert` and `sslkey`: files in PEM form."
        raise ConfigError(f"Can't use the certificates: {error}", hint=hint) from None
    # The certificates that MySQL makes for itself fail the strict checks of newer Pythons.
    tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
    tls.check_hostname = config.sslmode == "verify-full"
    is_checked = config.sslmode in ("verify-ca", "verify-full")
    tls.verify_mode = ssl.CERT_REQUIRED if is_checked else ssl.CERT_NONE
    return tls
