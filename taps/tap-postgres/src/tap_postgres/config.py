"""How to reach a PostgreSQL server."""

from __future__ import annotations

from pydantic import Field

from songbook.server_settings import ServerSettings


class Config(ServerSettings):
    """How to reach one database, or all of a server; what is not given, libpq takes from its usual
    places."""

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
    sslcert: str | None = Field(default=None, description="File with the client's certificate.")
    sslkey: str | None = Field(default=None, description="File with the client's private key.")
