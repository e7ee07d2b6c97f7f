"""The least a user needs."""

from __future__ import annotations

from collections.abc import Sequence

from tap_redshift.client import quote
from tap_redshift.config import Config

LOGGED = frozenset({"queries", "usage"})
"""Streams that are made of what other users ran."""


def grants(config: Config, streams: Sequence[str]) -> str:
    """A script for the administrator. The pg_ catalogs are open to all; most SVV views show what
    one may use, and SVV_TABLE_INFO nothing without a grant."""
    user = quote(config.user or "songbook")
    lines = [
        f"-- What tap-redshift needs to read: {', '.join(streams)}.",
        "-- It reads only system catalogs and views; no table needs SELECT.",
        f"CREATE USER {user} PASSWORD '...';  -- unless it exists",
        "-- Row counts and sizes:",
        f"GRANT SELECT ON svv_table_info TO {user};",
        "-- External schemas, and those of datashares, show their tables to who may use them:",
        f"-- GRANT USAGE ON SCHEMA ... TO {user};",
        f"-- GRANT USAGE ON DATABASE ... TO {user};",
    ]
    if config.history_days or LOGGED & set(streams) or {"principals", "grants"} & set(streams):
        lines += [
            "-- What others may do and have run:",
            f"ALTER USER {user} SYSLOG ACCESS UNRESTRICTED;",
        ]
    if "policies" in streams:
        lines += ["-- Policies, which nobody else is shown:", f"GRANT ROLE sys:secadmin TO {user};"]
    return "\n".join(lines)
