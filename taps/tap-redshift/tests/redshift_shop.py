"""A database with one of everything, on the dressed-up server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dressed import Dressed
from redshift_reading import Reading

SCRIPT = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True)
class Shop:
    """A built database and the tap's reading of it."""

    database: str
    settings: dict[str, Any]
    reading: Reading

    @property
    def system(self) -> str:
        """The namespace of the server."""
        return f"redshift://127.0.0.1:{self.settings['port']}"

    @property
    def root(self) -> str:
        """The URN of the database."""
        return f"{self.system}/{self.database}"


def build(redshift: Dressed, name: str | None = None) -> str:
    """A database of one's own with the shop in it."""
    database = redshift.create_database(name)
    with redshift.admin(database) as admin:
        admin.execute(SCRIPT.read_bytes())
    return database
