"""What one edition or user has not becomes a gap that says so; the rest of the run goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import redshift_shop
from dressed import Dressed
from redshift_reading import Reading, read, run

OPTIONAL = {
    "svv_table_info": ("tables", "REDSHIFT_TABLE_SIZES_NOT_READ", 0),
    "svv_mv_info": ("tables", "REDSHIFT_MATERIALIZED_VIEWS_NOT_READ", 0),
    "svv_external_tables": ("tables", "REDSHIFT_EXTERNAL_TABLES_NOT_READ", 4),
    "svv_external_columns": ("columns", "REDSHIFT_EXTERNAL_COLUMNS_NOT_READ", 4),
    "svv_datashares": ("containers", "REDSHIFT_DATASHARES_NOT_READ", 4),
    "svv_roles": ("principals", "REDSHIFT_ROLES_NOT_READ", 4),
    "svv_user_grants": ("principals", "REDSHIFT_ROLE_MEMBERS_NOT_READ", 0),
    "svv_masking_policy": ("policies", "REDSHIFT_MASKING_POLICIES_NOT_READ", 4),
    "svv_rls_attached_policy": ("policies", "REDSHIFT_ROW_POLICIES_NOT_READ", 4),
    "svv_column_privileges": ("grants", "REDSHIFT_COLUMN_GRANTS_NOT_READ", 4),
}
"""A view, the stream that uses it, what is said without it, and the exit code then."""


@pytest.mark.parametrize("view", OPTIONAL)
def test_a_missing_view_takes_nothing_else_along(
    redshift: Dressed, tmp_path: Path, view: str
) -> None:
    stream, diagnostic, code = OPTIONAL[view]
    database = redshift_shop.build(redshift)
    with redshift.admin(database) as admin:
        admin.execute(f"DROP TABLE rs_catalog.{view}".encode())
    found = read(redshift.settings(database), tmp_path, code)
    assert found.diagnostic(diagnostic)["stream"] == stream
    assert found.coverage(stream)["complete"] is (code == 0)
    incomplete = {one["stream"] for one in found["coverage"] if not one["complete"]}
    assert incomplete == ({stream} if code else set())


@pytest.fixture
def visitor(redshift: Dressed) -> Any:
    """A user with nothing, in a database with everything."""
    database = redshift_shop.build(redshift)
    with redshift.admin(database) as admin:
        admin.execute("CREATE USER \"rs visitor\" PASSWORD 'pw'")
    yield redshift.settings(database, user="rs visitor", password="pw", history_days=2)
    with redshift.admin(database) as admin:
        admin.execute('DROP OWNED BY "rs visitor"; DROP USER "rs visitor"')


def test_sizes_without_the_grant(visitor: Any, redshift: Dressed, tmp_path: Path) -> None:
    found = read(visitor, tmp_path, 4)  # of the query log a visitor sees only his own
    told = found.diagnostic("REDSHIFT_TABLE_SIZES_DENIED")
    assert told["remediation"] == 'GRANT SELECT ON svv_table_info TO "rs visitor";'
    coverage = found.coverage("tables")
    assert (coverage["complete"], coverage["unread_fields"]) == (True, ["row_count", "size_bytes"])
    assert len(found["tables"]) == 8


def test_the_script_of_grants_helps(visitor: Any, redshift: Dressed, tmp_path: Path) -> None:
    script = run(visitor, tmp_path, "--grants").stdout
    for line in ("GRANT SELECT ON svv_table_info", "SYSLOG ACCESS UNRESTRICTED"):
        assert f'{line} TO "rs visitor";' in script or f'ALTER USER "rs visitor" {line};' in script
    with redshift.admin(visitor["database"]) as admin:
        admin.execute('GRANT SELECT ON rs_catalog.svv_table_info TO "rs visitor"')
        admin.execute("INSERT INTO seed.log_access VALUES ('rs visitor')")
        admin.execute(
            "INSERT INTO rs_catalog.svv_user_grants"
            " VALUES (1, 'rs visitor', 3, 'sys:secadmin', 'f')"
        )
    found = read(visitor, tmp_path)
    assert all(one["complete"] for one in found["coverage"])
    assert found.coverage("tables")["unread_fields"] == []


def test_the_log_of_a_visitor_is_not_complete(visitor: Any, tmp_path: Path) -> None:
    found = read(visitor, tmp_path, 4)
    told = [one for one in found["diagnostics"] if one["code"] == "REDSHIFT_HISTORY_OWN_ONLY"]
    assert {one["stream"] for one in told} == {"queries", "usage", "lineage"}
    assert told[0]["remediation"] == 'ALTER USER "rs visitor" SYSLOG ACCESS UNRESTRICTED;'
    assert not found.coverage("usage")["complete"]
    assert found.coverage("lineage")["complete"]


def test_what_others_may_do_is_hidden_from_a_visitor(visitor: Any, tmp_path: Path) -> None:
    found = read(visitor, tmp_path, 4)
    assert not found.coverage("grants")["complete"]
    assert found.diagnostic("REDSHIFT_GRANTS_OWN_ONLY")["remediation"] == (
        'ALTER USER "rs visitor" SYSLOG ACCESS UNRESTRICTED;'
    )
    assert not found.coverage("policies")["complete"]
    assert found.diagnostic("REDSHIFT_POLICIES_HIDDEN")["remediation"] == (
        'GRANT ROLE sys:secadmin TO "rs visitor";'
    )


def test_a_session_that_minds_case(redshift: Dressed, tmp_path: Path) -> None:
    database = redshift.create_database()
    with redshift.admin(database) as admin:
        admin.execute("UPDATE seed.setting SET value = 'on'")
    (system,) = read(redshift.settings(database), tmp_path)["systems"]
    assert system["identifiers"] == {
        "unquoted": "lower",
        "quoted": "keep",
        "tables": "sensitive",
        "columns": "sensitive",
    }
    assert system["extra"]["enable_case_sensitive_identifier"] is True


def test_every_database_with_those_from_datashares(redshift: Dressed, tmp_path: Path) -> None:
    first = redshift_shop.build(redshift, "dev")
    second = redshift.create_database()
    try:
        with redshift.admin(first) as admin:
            admin.execute(
                "INSERT INTO rs_catalog.svv_redshift_databases VALUES (%s, 1, 'local')", [second]
            )
        found = read(redshift.settings("*"), tmp_path)
    finally:
        with redshift.admin("postgres") as admin:
            admin.execute("DROP DATABASE dev WITH (FORCE)")
    _check_remote(found, f"redshift://127.0.0.1:{redshift.port}")
    assert len(found["systems"]) == 1
    assert {one["name"] for one in found["containers"] if one["container_type"] == "database"} == {
        "dev",
        second,
        "from sales",
    }
    assert all(one["complete"] for one in found["coverage"])


def _check_remote(found: Reading, system: str) -> None:
    root = f"{system}/from%20sales"
    database = found.by_urn[root]
    assert database["extra"]["datashares"] == [
        {
            "share_name": "sales",
            "producer_account": "210987654321",
            "producer_namespace": "13b8833d-17c6-4f16-8fe4-1a018f5ed00d",
        }
    ]
    orders = found.by_urn[f"{root}/EU/orders"]
    assert (orders["table_type"], orders["native_type"], orders["description"]) == (
        "table",
        "shared table",
        "theirs",
    )
    assert found.by_urn[f"{root}/EU/sums"]["table_type"] == "view"
    total = found.by_urn[f"{root}/EU/orders#total"]
    assert (total["precision"], total["scale"], total["default"], total["nullable"]) == (
        12,
        3,
        "0",
        True,
    )
    assert found.by_urn[f"{root}/EU/orders#id"]["precision"] is None
    assert found.by_urn[f"{root}/EU/sums#who"]["length"] == 50
    covered = {one["stream"] for one in found["coverage"] if one["scope_urn"] == root}
    assert covered == {"containers", "tables", "columns"}
