"""Migrations: plain SQL files, applied in order under a lock, with checksums.

Each file records itself in `catalog.migrations`, so that another program may run it (`supabase db
push`, psql); what such a program applied has no checksum until this one sees it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from songbook.errors import ConfigError
from target_catalog.database import Connection, scalar

LOCK = 5_027_411_873
"""Any number that no other program locks; all packages' migrations share it."""


@dataclass(frozen=True)
class Migration:
    """One file."""

    version: str
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """What shows that the file is the one that was applied."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def bundled(folder: Traversable | None = None) -> list[Migration]:
    """The migrations of a folder in their order; by default the catalog's."""
    folder = folder or files("target_catalog").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [_read(folder, name) for name in names]


def migrate(connection: Connection, migrations: list[Migration] | None = None) -> list[Migration]:
    """Apply what is missing, all or nothing; gives what was applied."""
    wanted = bundled() if migrations is None else migrations
    if not _pending(connection, wanted):
        return []
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        pending = _pending(connection, wanted)
        for migration in pending:
            connection.execute(migration.text)
        for migration in wanted:
            connection.execute(
                "UPDATE catalog.migrations SET checksum = %(checksum)s"
                " WHERE version = %(version)s AND checksum IS NULL",
                {"checksum": migration.checksum, "version": migration.version},
            )
    return pending


def _pending(connection: Connection, wanted: list[Migration]) -> list[Migration]:
    applied = _applied(connection)
    for migration in wanted:
        checksum = applied.get(migration.version)
        if checksum and checksum != migration.checksum:
            raise ConfigError(
                f"Migration {migration.version}_{migration.name} is not the one that was applied.",
                hint="The catalog belongs to another version: install the newest songbook.",
            )
    return [migration for migration in wanted if migration.version not in applied]


def _applied(connection: Connection) -> dict[str, str | None]:
    if not scalar(connection, "SELECT to_regclass('catalog.migrations') IS NOT NULL", {}):
        return {}
    return dict(connection.execute("SELECT version, checksum FROM catalog.migrations").fetchall())


def _read(folder: Traversable, name: str) -> Migration:
    version, _, title = name.removesuffix(".sql").partition("_")
    return Migration(version, title, folder.joinpath(name).read_text("utf-8"))
