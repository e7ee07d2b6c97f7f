"""Where the server is and who logs in: the settings, and what the clients' usual places add."""

from __future__ import annotations

import configparser
import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from songbook.errors import ConfigError
from songbook.settings import ambient
from tap_mysql.config import Config

PORT = 3306
OPTION_FILES = ("/etc/my.cnf", "/etc/mysql/my.cnf", "~/.my.cnf")
"""Where the clients look for options; later files win."""

VARIABLES = {
    "host": "MYSQL_HOST",
    "port": "MYSQL_TCP_PORT",
    "socket": "MYSQL_UNIX_PORT",
    "password": "MYSQL_PWD",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A server and an account on it."""

    host: str
    port: int
    socket: str | None
    user: str
    password: str = field(repr=False)

    @property
    def namespace(self) -> str:
        """The root of the server's URNs; a Unix socket counts as localhost."""
        host = self.host.lower()
        return f"mysql://{f'[{host}]' if ':' in host else host}:{self.port}"


def address(config: Config) -> Address:
    """The address in the settings; raises ConfigError where something is missing."""
    usual = _usual() if ambient() else {}
    if config.host is None and not ambient():
        hint = "Under SONGBOOK_AMBIENT=0 the clients' defaults are off."
        raise ConfigError("The setting 'host' is missing.", hint=hint)
    # What was meant for another server is no default: a host comes with its own port or socket.
    place = usual if config.host is None else {}
    host = config.host or place.get("host") or place.get("socket") or "localhost"
    socket = host if host.startswith("/") else None
    return Address(
        host="localhost" if socket else host,
        port=config.port or _port(place.get("port")),
        socket=socket,
        user=config.user or usual.get("user") or _somebody(),
        password=config.password.get_secret_value()
        if config.password
        else usual.get("password", ""),
    )


def _usual() -> Mapping[str, str]:
    """The options of the section `client`, and the variables, which win."""
    parser = configparser.RawConfigParser(allow_no_value=True, strict=False)
    found: dict[str, str] = {}
    try:
        parser.read([Path(name).expanduser() for name in OPTION_FILES], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return _variables()  # another program's file: not ours to complain about
    if parser.has_section("client"):
        found = {name: value.strip("'\"") for name, value in parser.items("client") if value}
    return found | _variables()


def _variables() -> dict[str, str]:
    return {
        name: os.environ[variable] for name, variable in VARIABLES.items() if variable in os.environ
    }


def _port(text: str | None) -> int:
    return int(text) if text and text.isdigit() else PORT


def _somebody() -> str:
    if ambient():
        return getpass.getuser()
    raise ConfigError(
        "The setting 'user' is missing.",
        hint="Under SONGBOOK_AMBIENT=0 the clients' defaults are off.",
    )
