"""A server dressed as Redshift, and a shop on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redshift_reading
import redshift_shop
from dressed import Dressed
from redshift_shop import Shop


@pytest.fixture(scope="session")
def redshift(servers: Any) -> Iterator[Dressed]:
    """PostgreSQL 15 behind the proxy."""
    dressed = Dressed(servers[15])
    yield dressed
    dressed.close()


@pytest.fixture(scope="session")
def shop(redshift: Dressed, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop, read once with all streams."""
    database = redshift_shop.build(redshift)
    settings = redshift.settings(database)
    read = redshift_reading.read(settings, tmp_path_factory.mktemp("shop"))
    return Shop(database, settings, read)
