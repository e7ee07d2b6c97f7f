"""How to reach a MySQL or MariaDB server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr, model_validator

from songbook import Settings

EVERY_DATABASE = "*"


class Config(Settings):
    """How to reach a server, and which of its databases to read."""

    also_known_as: ClassVar[Mapping[str, str]] = {
        "hostname": "host",
        "username": "user",
        "dbname": "database",
        "ssl_mode": "sslmode",
        "ssl_ca": "sslrootcert",
        "ssl_cert": "sslcert",
        "ssl_key": "sslkey",
    }

    host: str | None = Field(
        default=None,
        description="Host name or address, or the path of a Unix socket. Without it the clients' "
        "defaults apply (MYSQL_HOST, .my.cnf, else localhost).",
        examples=["db.example.com", "/run/mysqld/mysqld.sock"],
    )
    port: int | None = Field(
        default=None, ge=1, le=65535, description="Port; 3306 unless the defaults say otherwise."
    )
    database: str = Field(
        default=EVERY_DATABASE,
        min_length=1,
        description='Database to read; "*" reads all that are not the server\'s own.',
        examples=["app", "*"],
    )
    user: str | None = Field(
        default=None, description="The account to log in as; --grants says what it needs."
    )
    password: SecretStr | None = Field(
        default=None, description="Password, or a reference to it: ${env:NAME} or ${file:/path}."
    )
    sslmode: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] = Field(
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
