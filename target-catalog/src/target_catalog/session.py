"""A connection to the catalog that the settings name: the given database, or the embedded one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from songbook.redact import Redactor
from songbook.secrets import resolve
from target_catalog import database, migrate
from target_catalog.config import Config
from target_catalog.database import Connection

redact = Redactor()
"""Masks the password of the database in all that this process says."""


@contextmanager
def connected(config: Config, *, prepare: bool = True) -> Iterator[Connection]:
    """A connection to the catalog, which is brought to this version first."""
    with _url(config) as url:
        redact.learn(database.password_of(url))
        with database.connect(url) as connection:
            if prepare:
                migrate.migrate(connection)
            yield connection


@contextmanager
def _url(config: Config) -> Iterator[str]:
    if config.database_url is not None:
        yield resolve(config.database_url.get_secret_value(), ambient=_ambient())
        return
    from target_catalog import embedded

    with embedded.connect_url() as url:
        yield url


def _ambient() -> bool:
    return os.environ.get("SONGBOOK_AMBIENT") != "0"
