"""The session: what the tap sets, and what it leaves alone because Redshift does not know it."""

from __future__ import annotations

import psycopg
import pytest
from dressed import Dressed
from redshift_shop import Shop

from tap_redshift.client import connect
from tap_redshift.config import Config


def test_nothing_can_be_changed(shop: Shop) -> None:
    with connect(Config(**shop.settings)) as database:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            database.connection.execute("CREATE TABLE oops ()")
        database.connection.rollback()


def test_the_server_is_taken_for_what_it_says(redshift: Dressed, shop: Shop) -> None:
    with connect(Config(**shop.settings)) as database:
        assert database.connection.info.server_version == 80002
        assert database.connection.info.parameter_status("client_encoding") == "UNICODE"
        assert database.ask("SELECT 'é🎵' AS text") == [{"text": "é🎵"}]


def test_statements_are_never_prepared(shop: Shop) -> None:
    with connect(Config(**shop.settings)) as database:
        for _ in range(8):
            database.ask("SELECT %(word)s AS word", word="a")
        assert database.connection.prepare_threshold is None
        assert database.ask("SELECT COUNT(*) AS kept FROM pg_prepared_statements") == [{"kept": 0}]


def test_what_redshift_does_not_know_is_refused_here_too(shop: Shop) -> None:
    """The tests would see it, if a statement had any of this in it."""
    with connect(Config(**shop.settings)) as database:
        for statement in (
            "SELECT jsonb_build_object('a', 1)",
            "SELECT ARRAY['a']",
            "SELECT format_type(23, NULL) FROM pg_catalog.svv_mv_info",
            "SELECT relispartition FROM pg_catalog.pg_class",
        ):
            with pytest.raises(Exception, match=r"redshift_does_not_know|does not exist"):
                database.ask(statement)
