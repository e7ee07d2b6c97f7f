"""Organisations as a person names them, for what asks the catalog and loads nothing."""

from __future__ import annotations

from uuid import UUID

from songbook.errors import ConfigError
from target_catalog.database import Connection
from target_catalog.statements import statement


def find(connection: Connection, name: str) -> UUID:
    """The organisation of that name or id; ConfigError when there is none."""
    row = connection.execute(statement("find_organization"), {"name": name}).fetchone()
    if row is None:
        raise ConfigError(
            f"The catalog has no organisation {name!r}.",
            hint="Correct the setting `organization`, or load something into it first.",
        )
    return UUID(str(row[0]))
