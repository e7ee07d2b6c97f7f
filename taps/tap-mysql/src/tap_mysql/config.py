"""How to reach a MySQL or MariaDB server."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from songbook.server_settings import EVERY_DATABASE, ServerSettings


class Config(ServerSettings):
    """How to reach a server, and which of its databases to read."""

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
    sslmode: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] = Field(
        default="prefer",
        description="Whether the link is encrypted and the server's certificate is checked.",
    )
    sslcert: str | None = Field(default=None, description="File with the client's certificate.")
    sslkey: str | None = Field(default=None, description="File with the client's private key.")
