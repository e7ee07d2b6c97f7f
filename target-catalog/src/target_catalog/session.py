"""A connection to the catalog that the settings name: the given database, or the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from target_catalog import database, migrate
from target_catalog.config import Config
from target_catalog.database import Connection


@contextmanager
def connected(config: Config, *, prepare: bool = True) -> Iterator[Connection]:
    """A connection to the catalog, which is brought to this version first."""
    with _url(config) as url, database.connect(url) as connection:
        if prepare:
            migrate.migrate(connection)
        yield connection


@contextmanager
def _url(config: Config) -> Iterator[str]:
    if config.database_url is not None:
        yield config.database_url.get_secret_value()
        return
    from target_catalog import embedded

    with embedded.connect_url() as url:
        yield url
