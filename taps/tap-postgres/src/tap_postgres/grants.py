"""The least a role needs."""

from __future__ import annotations

from collections.abc import Sequence

from songbook.server_settings import EVERY_DATABASE
from tap_postgres.client import grant_connect, quote
from tap_postgres.config import Config


def grants(config: Config, streams: Sequence[str]) -> str:
    """A script for the administrator: a login and CONNECT are enough, since every role can read the
    system catalogs."""
    role = quote(config.user or "songbook")
    lines = [
        f"-- What tap-postgres needs to read: {', '.join(streams)}.",
        "-- It reads only the system catalogs, which every role may read; no table needs SELECT.",
        f"CREATE ROLE {role} LOGIN PASSWORD '...';  -- unless it exists",
    ]
    if config.database == EVERY_DATABASE:
        lines += [
            "-- For each database that should be read:",
            f"GRANT CONNECT ON DATABASE ... TO {role};",
        ]
    else:
        database = config.database or config.user or "postgres"
        lines.append(grant_connect(database, config.user or "songbook"))
    return "\n".join(lines)
