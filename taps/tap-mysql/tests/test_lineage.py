"""Lineage of views: hostile names, hidden definitions, the cache, and what can't be understood."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import mysql_runs
import pytest
from mysql_runs import Json
from mysql_servers import Server

from songbook import urn


@pytest.fixture
def shop(server: Server) -> Any:
    """Tables with hostile names, and views on them and on each other."""
    name = server.create_database('lin`eage "it\'s"')
    server.run(
        'USE `lin``eage "it\'s"`',
        'CREATE TABLE `T.1` (`Per.Cent` int, `x"y` int, `b``c` int)',
        'CREATE VIEW v (`out.1`, two) AS SELECT `per.cent`, sum(`x"y`) FROM `T.1`'
        " WHERE `b``c` > 1 GROUP BY `PER.CENT`",
        "CREATE VIEW `above` AS SELECT * FROM v",
    )
    yield server.settings(database=name)
    server.run(f"DROP DATABASE `{name.replace('`', '``')}`", "DROP USER IF EXISTS granted@'%'")


def edges(ran: mysql_runs.Ran) -> set[tuple[str, str | None, str, str | None, str | None]]:
    """Both ends of all edges, and their kind."""
    return {_short(it) for it in mysql_runs.parsed(ran.out)["lineage"]}


def _short(it: Json) -> tuple[str, str | None, str, str | None, str | None]:
    down, up = (urn.parse(it[end]).path[-1] for end in ("downstream_urn", "upstream_urn"))
    return down, it["downstream_field"], up, it["upstream_field"], it["transformation_subtype"]


EDGES = {
    ("v", None, "T.1", None, None),
    ("v", '"out.1"', "T.1", '"Per.Cent"', "IDENTITY"),
    ("v", "two", "T.1", '"x""y"', "AGGREGATION"),
    ("v", None, "T.1", "b`c", "FILTER"),
    ("v", None, "T.1", '"Per.Cent"', "GROUP_BY"),
    ("above", None, "v", None, None),
    ("above", '"out.1"', "v", '"out.1"', "IDENTITY"),
    ("above", "two", "v", "two", "IDENTITY"),
}


def test_names_are_those_of_the_columns(shop: Json, tmp_path: Path) -> None:
    """Whatever the case they were written in, and whatever the view calls them."""
    ran = mysql_runs.run(shop, tmp_path)
    assert ran.code == 0, ran.err
    assert edges(ran) == EDGES
    assert {it["confidence"] for it in mysql_runs.parsed(ran.out)["lineage"]} == {1.0}
    known = mysql_runs.parsed(ran.out).by_urn
    for it in mysql_runs.parsed(ran.out)["lineage"]:
        for end in ("upstream", "downstream"):
            table, column = it[f"{end}_urn"], it[f"{end}_field"]
            assert table in known
            assert column is None or f"{table}#{urn.encode(column)}" in known


def test_the_lineage_of_a_hidden_definition_is_not_complete(
    server: Server, shop: Json, tmp_path: Path
) -> None:
    on = '`lin``eage "it\'s"`.*'
    server.run("CREATE USER granted@'%' IDENTIFIED BY 'pw'", f"GRANT SELECT ON {on} TO granted@'%'")
    ran = mysql_runs.run(shop | {"user": "granted", "password": "pw"}, tmp_path)
    records = mysql_runs.parsed(ran.out)
    (coverage,) = (it for it in records["coverage"] if it["stream"] == "lineage")
    assert (coverage["complete"], coverage["denied"]) == (False, 2)
    (told,) = (it for it in records["diagnostics"] if it["code"] == "MYSQL_LINEAGE_HIDDEN")
    assert told["remediation"] == f"GRANT SELECT, SHOW VIEW ON {on} TO 'granted'@'%';"
    assert edges(ran) == set()


def test_the_cache_may_be_lost_and_spoilt(shop: Json, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    settings = shop | {"cache_dir": str(folder)}
    assert edges(mysql_runs.run(settings, tmp_path)) == EDGES
    (file,) = folder.iterdir()
    assert edges(mysql_runs.run(settings, tmp_path)) == EDGES
    with sqlite3.connect(file) as cache:
        assert cache.execute("UPDATE kept SET value = x'00'").rowcount > 0
    cache.close()
    assert edges(mysql_runs.run(settings, tmp_path)) == EDGES
    file.write_bytes(b"no database")
    assert edges(mysql_runs.run(settings, tmp_path)) == EDGES
    file.unlink()
    folder.rmdir()
    folder.write_text("no folder")
    assert edges(mysql_runs.run(settings, tmp_path)) == EDGES


def test_a_change_of_the_columns_counts_in_the_cache(
    server: Server, shop: Json, tmp_path: Path
) -> None:
    settings = shop | {"cache_dir": str(tmp_path / "cache")}
    mysql_runs.run(settings, tmp_path)
    server.run(
        'USE `lin``eage "it\'s"`', "ALTER TABLE `T.1` RENAME COLUMN `Per.Cent` TO `PER.cent`"
    )
    fields = {it[3] for it in edges(mysql_runs.run(settings, tmp_path))}
    assert '"PER.cent"' in fields
    assert '"Per.Cent"' not in fields


def test_a_view_on_what_is_gone_keeps_its_edges(server: Server, shop: Json, tmp_path: Path) -> None:
    server.run('USE `lin``eage "it\'s"`', "DROP TABLE `T.1`")
    ran = mysql_runs.run(shop, tmp_path)
    assert ran.code == 0, ran.err
    assert ("v", None, "T.1", None, None) in edges(ran)


def test_a_view_on_a_column_that_is_gone_is_broken_and_no_gap(
    server: Server, shop: Json, tmp_path: Path
) -> None:
    server.run('USE `lin``eage "it\'s"`', "ALTER TABLE `T.1` DROP COLUMN `b``c`")
    ran = mysql_runs.run(shop, tmp_path)
    assert ran.code == 0, ran.err
    assert ("v", None, "T.1", None, None) in edges(ran)
    told = {it["code"]: it for it in mysql_runs.parsed(ran.out)["diagnostics"]}
    assert "b`c" in told["VIEW_BROKEN"]["detail"]


def test_without_views_the_parser_is_not_even_loaded(server: Server, tmp_path: Path) -> None:
    database = server.create_database()
    settings = server.settings(database=database)
    ran = mysql_runs.run(settings, tmp_path, PYTHONPROFILEIMPORTTIME="1")
    server.run(f"DROP DATABASE {database}")
    assert "tap_mysql.server" in ran.err, "the imports were not listed"
    assert "sqlglot" not in ran.err


def test_many_views_are_read_in_time(server: Server, tmp_path: Path) -> None:
    """With the statements of a few: 300 take seconds, of which the second run needs none."""
    database = server.create_database()
    views = [
        f"CREATE VIEW v{n} AS SELECT a.id, b.x + {n} AS x FROM t AS a JOIN t AS b ON a.id = b.id"
        for n in range(300)
    ]
    server.run(f"USE {database}", "CREATE TABLE t (id int, x int)", *views)
    settings = server.settings(database=database, cache_dir=str(tmp_path / "cache"))
    started = time.monotonic()
    first = mysql_runs.run(settings, tmp_path)
    seconds = time.monotonic() - started
    again = mysql_runs.run(settings, tmp_path)
    server.run(f"DROP DATABASE {database}")
    assert len(edges(first)) == len(edges(again)) == 300 * 4
    assert seconds < 60
