"""The settings of taps that log in to a database server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr, model_validator

from songbook.settings import Settings, ambient

EVERY_DATABASE = "*"
"""The value of `database` that means all there are."""


class ServerSettings(Settings):
    """How to log in to a server, and how the link is kept from others."""

    also_known_as: ClassVar[Mapping[str, str]] = {
        "hostname": "host",
        "username": "user",
        "dbname": "database",
        "ssl_mode": "sslmode",
        "ssl_ca": "sslrootcert",
        "ssl_root_cert": "sslrootcert",
        "ssl_cert": "sslcert",
        "ssl_key": "sslkey",
    }

    password: SecretStr | None = Field(
        default=None, description="Password, or a reference to it: ${env:NAME} or ${file:/path}."
    )
    sslmode: Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] = Field(
        default="prefer",
        description="Whether the link is encrypted and the server's certificate is checked.",
    )
    sslrootcert: str | None = Field(
        default=None, description="File with the certificates of trusted authorities."
    )

    @model_validator(mode="before")
    @classmethod
    def _ssl_as_a_switch(cls, given: Any) -> Any:
        """Other tools' `ssl: true` asks for encryption, `ssl: false` for none."""
        if isinstance(given, dict) and "ssl" in given:
            given = dict(given)
            wanted = given.pop("ssl")
            is_on = str(wanted).lower() in ("true", "1", "yes", "on")
            given.setdefault("sslmode", "require" if is_on else "disable")
        return given


@contextmanager
def without_ambient(prefix: str) -> Iterator[None]:
    """Hide the variables of a client library, where the environment's own credentials are off."""
    names = [] if ambient() else [name for name in os.environ if name.startswith(prefix)]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
