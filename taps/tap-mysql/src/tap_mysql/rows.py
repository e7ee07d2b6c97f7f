"""What all readers of rows share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Iterator[Row]


class Server(Protocol):
    """What readers of rows need to know of the server."""

    @property
    def namespace(self) -> str:
        """The root of its URNs."""

    @property
    def scope(self) -> str:
        """The URN of what is read."""

    @property
    def is_mariadb(self) -> bool:
        """Whether it is MariaDB."""

    @property
    def escapes_expressions(self) -> bool:
        """Whether information_schema holds expressions escaped, and in the wrong encoding."""

    @property
    def account(self) -> str:
        """The account that reads, as it stands in GRANT."""

    @property
    def granted_on(self) -> str:
        """What is read, as it stands in GRANT."""

    @property
    def routine_grant(self) -> str:
        """The privilege that shows the source of routines."""

    @property
    def sequences(self) -> frozenset[tuple[str, str]]:
        """Database and name of all sequences."""


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = {"0": "\0", "n": "\n", "r": "\r"}


def expression(server: Server, text: str) -> str:
    """An expression as SHOW CREATE TABLE has it.

    MySQL 8 and later escape it once more (https://github.com/rails/rails/issues/42424), and take
    each byte of it for a character (https://github.com/vrana/adminer/issues/1297).
    """
    if not server.escapes_expressions:
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()
    return _ESCAPED.sub(lambda match: _CONTROL.get(match[1], match[1]), text)


def extra(**facts: Any) -> dict[str, Any]:
    """The facts that there are."""
    return {name: value for name, value in facts.items() if value is not None}


def utc(at: dt.datetime | None) -> dt.datetime | None:
    """A time of the session, whose zone is UTC."""
    return None if at is None else at.replace(tzinfo=dt.UTC)


def own_name(name: str) -> str:
    """An identifier as the server writes it in expressions."""
    return "`" + name.replace("`", "``") + "`"


def number(value: Any) -> int | None:
    """A number, which a UNION may have made a text or a decimal of."""
    return None if value is None else int(value)
