"""The sample shop: a database of its own on the embedded server, made anew each time."""

from __future__ import annotations

from importlib import resources

import psycopg
from psycopg import sql

from target_catalog.embedded import Embedded

DATABASE = "songbook_demo_shop"


def create(server: Embedded) -> None:
    """Drop what an earlier demo left, in the catalog too, and make the shop."""
    name = sql.Identifier(DATABASE)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(_text("queries/forget.sql"))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    _run(server, "sql/shop.sql")


def alter(server: Embedded) -> None:
    """Change the shop as developers do."""
    _run(server, "sql/alter.sql")


def _run(server: Embedded, script: str) -> None:
    with psycopg.connect(server.url(DATABASE), autocommit=True) as connection:
        connection.execute(_text(script))


def _text(script: str) -> bytes:
    return resources.files(__package__).joinpath(script).read_bytes()
