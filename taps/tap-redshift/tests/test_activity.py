"""The query log: what ran, what was used, and what was made of what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redshift_shop
from dressed import Dressed
from redshift_reading import Json, Reading, read

from tap_redshift.activity import without_values

YESTERDAY = datetime.now(UTC).replace(hour=12, tzinfo=None) - timedelta(days=1)
TODAY = YESTERDAY + timedelta(days=1)
LONG_AGO = YESTERDAY - timedelta(days=30)

STATEMENTS = [
    (10, 1, "SELECT * FROM t WHERE id = 17", YESTERDAY),
    (10, 2, "SELECT *  FROM t\nWHERE id = 18 -- mine", YESTERDAY),
    (11, 3, "INSERT INTO o SELECT 'a''b' FROM customers", YESTERDAY),
    (10, 4, "SELECT * FROM t WHERE id = 19", TODAY),
    (10, 5, "SELECT * FROM t WHERE id = 20", LONG_AGO),
    (1, 6, "SELECT inner workings", YESTERDAY),
]
"""User, number, text and time of what ran."""

STEPS = [(10, 1, "scan"), (10, 2, "scan"), (11, 3, "scan"), (11, 3, "insert"), (10, 4, "scan")]


@pytest.fixture
def logged(redshift: Dressed) -> str:
    """A shop with a query log of SYS views and of STL tables."""
    database = redshift_shop.build(redshift)
    with redshift.admin(database) as admin:
        ids = {
            name: admin.execute(
                "SELECT oid::integer FROM pg_class WHERE relname = %s", [name]
            ).fetchone()[0]  # type: ignore[index]
            for name in ("customers", "Order/Items")
        }
        for user, query, text, at in STATEMENTS:
            for table, start in (("sys_query_history", "start_time"), ("stl_query", "starttime")):
                _insert(admin, table, user, query, text, at, start)
        times = {query: at for _, query, _, at in STATEMENTS}
        for user, query, step in STEPS:
            table = ids["Order/Items" if step == "insert" else "customers"]
            admin.execute(
                "INSERT INTO rs_catalog.sys_query_detail"
                " (user_id, query_id, step_name, table_id, start_time) VALUES (%s, %s, %s, %s, %s)",
                [user, query, step, table, times[query]],
            )
            stl = "stl_scan" if step == "scan" else "stl_insert"
            admin.execute(
                f"INSERT INTO rs_catalog.{stl} VALUES (%s, %s, %s, %s)".encode(),
                [user, query, table, times[query]],
            )
    return database


def _insert(
    admin: Any, table: str, user: int, query: int, text: str, at: datetime, start: str
) -> None:
    if table == "sys_query_history":
        admin.execute(
            "INSERT INTO rs_catalog.sys_query_history (user_id, query_id, query_text, start_time,"
            " database_name, query_type, status, elapsed_time, returned_rows)"
            " VALUES (%s, %s, %s, %s, current_database(), 'SELECT', 'success', 1500, 3)",
            [user, query, text, at],
        )
    else:
        admin.execute(
            "INSERT INTO rs_catalog.stl_query VALUES (%s, %s, current_database(), %s, %s, %s, 0)",
            [user, query, text, at, at + timedelta(seconds=2)],
        )


def _queries(found: Reading) -> list[Json]:
    return sorted(found["queries"], key=lambda one: str(one["text"]))


def test_statements_are_counted_without_their_values(
    redshift: Dressed, logged: str, tmp_path: Path
) -> None:
    found = read(redshift.settings(logged, history_days=3), tmp_path)
    insert, select = _queries(found)
    assert (select["text"], select["runs"]) == ("SELECT * FROM t WHERE id = ?", 2)
    assert (select["duration_ms"], select["rows"]) == (3.0, 6)
    assert select["principal_urn"].endswith("/~principal/user%3Apostgres")
    assert insert["principal_urn"] is None, "a user that is gone"
    assert select["window_start"] == f"{YESTERDAY.date()}T00:00:00Z"
    assert (insert["text"], insert["runs"]) == ("INSERT INTO o SELECT ? FROM customers", 1)


def test_use_of_tables(redshift: Dressed, logged: str, tmp_path: Path) -> None:
    found = read(redshift.settings(logged, history_days=3), tmp_path)
    assert _use(found) == {"customers": (3, 0, 2), "Order%2FItems": (0, 1, 1)}


def test_what_was_made_of_what(redshift: Dressed, logged: str, tmp_path: Path) -> None:
    found = read(redshift.settings(logged, history_days=3), tmp_path)
    (edge,) = (one for one in found["lineage"] if one["origin"] == "query_log")
    assert edge["downstream_urn"].endswith("/Order%2FItems")
    assert edge["upstream_urn"].endswith("/customers")


def test_a_cluster_without_sys_views(redshift: Dressed, logged: str, tmp_path: Path) -> None:
    with redshift.admin(logged) as admin:
        admin.execute("DROP TABLE rs_catalog.sys_query_detail, rs_catalog.sys_query_history")
    found = read(redshift.settings(logged, history_days=3), tmp_path)
    insert, select = _queries(found)
    assert (select["runs"], select["duration_ms"], select["rows"]) == (2, 4000.0, None)
    assert insert["runs"] == 1
    assert _use(found) == {"customers": (3, 0, 2), "Order%2FItems": (0, 1, 1)}
    assert len([one for one in found["lineage"] if one["origin"] == "query_log"]) == 1


def test_no_log_at_all(redshift: Dressed, logged: str, tmp_path: Path) -> None:
    with redshift.admin(logged) as admin:
        admin.execute("DROP TABLE rs_catalog.sys_query_detail, rs_catalog.stl_query")
    found = read(redshift.settings(logged, history_days=3), tmp_path, 4)
    assert not found.coverage("usage")["complete"]
    assert found.diagnostic("REDSHIFT_USAGE_NOT_READ")["severity"] == "error"
    assert found.coverage("queries")["complete"]
    assert found.coverage("lineage")["complete"]


def test_the_log_is_left_alone_unless_asked_for(
    redshift: Dressed, logged: str, tmp_path: Path
) -> None:
    redshift.statements.clear()
    found = read(redshift.settings(logged), tmp_path)
    assert not [one for one in redshift.statements if "sys_query" in one or "stl_" in one]
    codes = [one["stream"] for one in found["diagnostics"] if one["code"] == "NO_SUCH_STREAM"]
    assert codes == ["queries", "usage"]
    assert {"queries", "usage"}.isdisjoint(one["stream"] for one in found["coverage"])


def _use(found: Reading) -> dict[str, tuple[int, int, int]]:
    return {
        one["object_urn"].rpartition("/")[2]: (one["reads"], one["writes"], one["unique_users"])
        for one in found["usage"]
    }


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("SELECT 1, 2.5e3, t1.c2", "SELECT ?, ?, t1.c2"),
        ("SELECT 'it''s', 'a\\'b'", "SELECT ?, ?"),
        ('SELECT "col 7" FROM "a ""1"""', 'SELECT "col 7" FROM "a ""1"""'),
        ("COPY t CREDENTIALS 'aws_secret_access_key=abc", "COPY t CREDENTIALS ?"),
        ("SELECT /* 'secret' */ a -- b\nFROM t", "SELECT   a   FROM t"),
        ("CALL p($$it's$$)", "CALL p(?)"),
    ],
)
def test_without_values(text: str, plain: str) -> None:
    assert without_values(text) == plain
