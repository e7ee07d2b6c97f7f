"""The client library: PyMySQL, or mysqlclient where that is installed, which is faster.

Both are DB-API modules that understand the same arguments, but for encryption. There mysqlclient
depends on the library that it was built with: MariaDB's takes a demand for a wish. So it only gets
links that promise nothing.
"""

from __future__ import annotations

import importlib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from types import ModuleType
from typing import Any, TypeAlias

import pymysql
import pymysql.cursors

from songbook.errors import ConfigError
from tap_mysql.address import Address
from tap_mysql.config import Config
from tap_mysql.diagnosis import refused

Connection: TypeAlias = Any


def _fast() -> ModuleType | None:
    """The module of mysqlclient, if it is installed."""
    with suppress(ImportError):
        for name in ("MySQLdb.connections", "MySQLdb.cursors"):
            importlib.import_module(name)
        return importlib.import_module("MySQLdb")
    return None


FAST = _fast()

# PyMySQL raises RuntimeError when a server asks for a file, or for a way to log in that needs
# another package.
ERRORS: tuple[type[Exception], ...] = (
    pymysql.MySQLError,
    RuntimeError,
    *((FAST.MySQLError,) if FAST else ()),
)
NO_CONNECTION: tuple[type[Exception], ...] = (*ERRORS, OSError)
CONNECT_SECONDS = 10


def connect(config: Config, place: Address) -> Connection:
    """Open a connection; raises ConnectionFailed with a diagnosis."""
    given: dict[str, Any] = {
        "port": place.port,
        "user": place.user,
        "charset": "utf8mb4",
        "autocommit": True,
        "connect_timeout": CONNECT_SECONDS,
        "local_infile": False,  # a server may ask for any file of this machine
    }
    if place.socket is not None:
        given["unix_socket"] = place.socket
    try:
        if FAST and _promises_nothing(config, place):
            mode = "DISABLED" if _is_plain(config, place) else _wish(FAST)
            # To this client `localhost` is a socket, whatever the port.
            host = "127.0.0.1" if place.host == "localhost" else place.host
            return FAST.connect(host=host, password=place.password, ssl_mode=mode, **given)
        return pymysql.connect(
            host=place.host,
            password=place.password.encode(),
            program_name="tap-mysql",
            **_encryption(config, place),
            **given,
        )
    except NO_CONNECTION as error:
        raise refused(error) from None


def ask(connection: Connection, statement: str) -> list[Any]:
    """All rows of a statement."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def stream(
    connection: Connection, statement: str, params: Mapping[str, Any] | None
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """The names of the columns, and the rows as the server sends them."""
    is_fast = FAST is not None and isinstance(connection, FAST.connections.Connection)
    module = FAST if is_fast and FAST else pymysql
    cursor = connection.cursor(module.cursors.SSCursor)
    cursor.execute(statement, params)
    return [column[0] for column in cursor.description], _rows(cursor)


def _rows(cursor: Any) -> Iterator[Sequence[Any]]:
    with closing(cursor):
        while row := cursor.fetchone():
            yield row


def _wish(fast: ModuleType) -> str:
    """What makes mysqlclient encrypt where the server can.

    MariaDB's library, whose versions begin with 3, does so only if told to, and never insists.
    """
    is_mariadbs = fast.get_client_info().startswith("3.")
    return "REQUIRED" if is_mariadbs else "PREFERRED"


def _is_plain(config: Config, place: Address) -> bool:
    return config.sslmode == "disable" or place.socket is not None


def _promises_nothing(config: Config, place: Address) -> bool:
    return _is_plain(config, place) or (config.sslmode == "prefer" and not config.sslcert)


def _encryption(config: Config, place: Address) -> dict[str, Any]:
    """What PyMySQL is told; by itself it encrypts where the server can."""
    if _is_plain(config, place):
        return {"ssl_disabled": True}
    return {} if _promises_nothing(config, place) else {"ssl": _tls(config)}


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
