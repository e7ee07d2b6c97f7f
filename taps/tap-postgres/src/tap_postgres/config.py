"""How to reach a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr, model_validator

from songbook import Settings

EVERY_DATABASE = "*"


class Config(Settings):
    """How to reach one database, or all of a server; what is not given, libpq takes from its usual
    places."""

    also_known_as: ClassVar[Mapping[str, str]] = {
        "hostname": "host",
        "username": "user",
        "dbname": "database",
        "ssl_mode": "sslmode",
        "ssl_root_cert": "sslrootcert",
        "ssl_cert": "sslcert",
        "ssl_key": "sslkey",
    }

    host: str | None = Field(
        default=None,
        description="Host name or address, or the folder of a Unix socket. Without it libpq's "
        "default applies (PGHOST, else the local socket).",
        examples=["db.example.com"],
    )
    port: int | None = Field(
        default=None, ge=1, le=65535, description="Port; 5432 unless libpq knows better."
    )
    database: str | None = Field(
        default=None,
        description='Database to read; "*" reads all that can be reached. Without it libpq\'s '
        "default applies (PGDATABASE, else the user's name).",
        examples=["app", "*"],
    )
    user: str | None = Field(
        default=None, description="A role with CONNECT; no table needs SELECT."
    )
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
    sslcert: str | None = Field(default=None, description="File with the client's certificate.")
    sslkey: str | None = Field(default=None, description="File with the client's private key.")

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
