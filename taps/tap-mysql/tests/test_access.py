"""What the tap asks of a server: few statements, little privilege, no look at any data; and what it
says where privileges are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mysql_runs
import pytest
from mysql_servers import Server

MOST_STATEMENTS = 25
"""Statements of a run over all databases, with those that set up the session."""

VOLATILE = {"duration_ms", "row_count", "size_bytes", "data_changed_at"}

SOURCE = (
    "CREATE TABLE t (id integer PRIMARY KEY, CHECK (id > 0))",
    "CREATE VIEW v AS SELECT id FROM t",
    "CREATE FUNCTION f() RETURNS integer DETERMINISTIC RETURN 1",
    "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    name = server.create_database("access_it")
    server.run(f"USE {name}", *SOURCE)
    yield name
    server.run(f"DROP DATABASE {name}", "DROP USER IF EXISTS granted@'%'")


def _granted(server: Server, database: str, *privileges: str) -> dict[str, Any]:
    """Settings of a new account with some privileges."""
    server.run(
        "DROP USER IF EXISTS granted@'%'",
        "CREATE USER granted@'%' IDENTIFIED BY 'pw'",
        *(f"GRANT {one} TO granted@'%'" for one in privileges),
    )
    return server.settings(user="granted", password="pw", database=database)


def _coverage(ran: mysql_runs.Ran) -> dict[str, mysql_runs.Json]:
    return {it["stream"]: it for it in mysql_runs.parsed(ran.out)["coverage"]}


def _remedies(ran: mysql_runs.Ran) -> dict[str, str]:
    return {
        it["stream"]: it["remediation"]
        for it in mysql_runs.parsed(ran.out)["diagnostics"]
        if it["remediation"]
    }


@pytest.mark.parametrize("everything", [False, True])
def test_the_script_of_grants_is_enough(
    server: Server, database: str, tmp_path: Path, everything: bool
) -> None:
    """What --grants says, once run, lets a new account read the same as the administrator."""
    chosen = "*" if everything else database
    given = server.settings(database=chosen, include=[database])
    settings = given | {"user": "granted", "password": "pw"}
    script = mysql_runs.run(settings, tmp_path, "--grants").out.replace("'...'", "'pw'")
    if not server.is_mariadb:
        script = script.replace("GRANT SELECT ON mysql.proc", "-- GRANT SELECT ON mysql.proc")
        script = script.replace("-- GRANT SHOW_ROUTINE", "GRANT SHOW_ROUTINE")
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    server.run(*(line.partition("  --")[0].rstrip(";") for line in lines))
    ran = mysql_runs.run(settings, tmp_path)
    assert ran.code == 0, ran.err
    assert _stable(ran) == _stable(mysql_runs.run(given, tmp_path))


def test_references_show_all_but_the_definitions_of_views(
    server: Server, database: str, tmp_path: Path
) -> None:
    on = f"ON {database}.*"
    settings = _granted(
        server, database, f"REFERENCES, TRIGGER, EVENT, SHOW VIEW {on}", server.routine_grant
    )
    ran = mysql_runs.run(settings, tmp_path)
    assert ran.code == 0, ran.err
    coverage = _coverage(ran)
    assert {name for name, it in coverage.items() if it["extracted"]} == {
        "systems", "containers", "tables", "columns", "constraints", "indexes", "routines",
        "triggers", "jobs",
    }  # fmt: skip
    assert coverage["tables"]["unread_fields"] == ["definition"]
    assert "SHOW VIEW" in _remedies(ran)["tables"]


def test_what_may_be_hidden_is_said(server: Server, database: str, tmp_path: Path) -> None:
    settings = _granted(server, database, f"SELECT ON {database}.*")
    ran = mysql_runs.run(settings, tmp_path)
    assert ran.code == 4
    coverage = _coverage(ran)
    hidden = {name for name, it in coverage.items() if not it["complete"]}
    assert hidden == {"routines", "triggers", "jobs"}
    assert coverage["tables"]["unread_fields"] == ["definition"], "SHOW VIEW is missing"
    assert _remedies(ran)["triggers"] == f"GRANT TRIGGER ON `{database}`.* TO 'granted'@'%';"
    assert _remedies(ran)["jobs"] == f"GRANT EVENT ON `{database}`.* TO 'granted'@'%';"


def test_the_source_of_routines_may_be_missing(
    server: Server, database: str, tmp_path: Path
) -> None:
    settings = _granted(server, database, f"SELECT, EXECUTE ON {database}.*")
    ran = mysql_runs.run(settings, tmp_path)
    assert _coverage(ran)["routines"]["complete"]
    assert _coverage(ran)["routines"]["unread_fields"] == ["definition"]
    assert _remedies(ran)["routines"] == f"GRANT {server.routine_grant} TO 'granted'@'%';"


def test_a_table_that_was_granted_alone_makes_nothing_complete(
    server: Server, database: str, tmp_path: Path
) -> None:
    """What is revoked later must not look as if it were gone."""
    settings = _granted(server, database, f"SELECT ON {database}.t")
    ran = mysql_runs.run(settings, tmp_path)
    tables = _coverage(ran)["tables"]
    assert (tables["extracted"], tables["complete"]) == (1, False)


def test_databases_that_the_account_does_not_see_are_unknown(
    server: Server, database: str, tmp_path: Path
) -> None:
    """Without a privilege on all databases each one that is seen has an account of its own."""
    hidden = server.create_database("access_hidden")
    on = f"ON {database}.*"
    settings = _granted(
        server, "*", f"SELECT, SHOW VIEW, TRIGGER, EVENT {on}", server.routine_grant
    )
    ran = mysql_runs.run(settings, tmp_path)
    server.run(f"DROP DATABASE {hidden}")
    assert ran.code == 0, ran.err
    records = mysql_runs.parsed(ran.out)
    assert [it["name"] for it in records["containers"]] == [database]
    system = records["systems"][0]["namespace"]
    assert {it["scope_urn"] for it in records["coverage"]} == {system, f"{system}/{database}"}
    assert all(it["complete"] for it in records["coverage"])
    filled = {it["stream"] for it in records["coverage"] if it["extracted"]}
    assert {"tables", "columns", "constraints", "routines", "triggers", "jobs"} <= filled


def test_one_database_that_is_seen_in_part_leaves_the_others_complete(
    server: Server, database: str, tmp_path: Path
) -> None:
    other = server.create_database("access_part")
    server.run(f"CREATE TABLE {other}.a (id integer)", f"CREATE TABLE {other}.b (id integer)")
    settings = _granted(server, "*", f"SELECT ON {database}.*", f"SELECT ON {other}.a")
    ran = mysql_runs.run(settings, tmp_path)
    server.run(f"DROP DATABASE {other}")
    assert ran.code == 4
    tables = {
        it["scope_urn"].rpartition("/")[2]: (it["extracted"], it["complete"])
        for it in mysql_runs.parsed(ran.out)["coverage"]
        if it["stream"] == "tables"
    }
    assert tables == {database: (2, True), other: (1, False)}
    assert _remedies(ran)["tables"] == f"GRANT SELECT ON `{other}`.* TO 'granted'@'%';"


def test_who_sees_all_databases_must_see_into_them(
    server: Server, database: str, tmp_path: Path
) -> None:
    settings = _granted(server, "*", f"SELECT ON {database}.*", "SHOW DATABASES ON *.*")
    ran = mysql_runs.run(settings, tmp_path)
    assert ran.code == 4
    assert _coverage(ran)["containers"]["complete"]
    assert not _coverage(ran)["tables"]["complete"]
    assert _remedies(ran)["tables"] == "GRANT SELECT ON *.* TO 'granted'@'%';"


def test_an_account_that_sees_nothing_makes_nothing_complete(
    server: Server, database: str, tmp_path: Path
) -> None:
    ran = mysql_runs.run(_granted(server, "*"), tmp_path)
    assert ran.code == 4
    incomplete = {name for name, it in _coverage(ran).items() if not it["complete"]}
    assert {"containers", "tables", "columns"} <= incomplete
    assert _remedies(ran)["containers"] == "GRANT SHOW DATABASES ON *.* TO 'granted'@'%';"


def test_privileges_of_a_role_count(server: Server, database: str, tmp_path: Path) -> None:
    server.run("CREATE ROLE readers", f"GRANT SELECT ON {database}.* TO readers")
    settings = _granted(server, database)
    default = "FOR" if server.is_mariadb else "TO"
    server.run("GRANT readers TO granted@'%'", f"SET DEFAULT ROLE readers {default} granted@'%'")
    ran = mysql_runs.run(settings, tmp_path)
    server.run("DROP ROLE readers")
    assert _coverage(ran)["tables"]["complete"]


def test_check_names_what_is_missing(server: Server, database: str, tmp_path: Path) -> None:
    settings = _granted(server, database, f"SELECT ON {database}.*")
    steps = {it["step"]: it for it in mysql_runs.run(settings, tmp_path, "--check").messages()}
    assert steps["privileges"]["status"] == "warning"
    assert f"GRANT TRIGGER ON `{database}`.*" in steps["privileges"]["remediation"]


def test_accounts_need_the_servers_own_database(
    server: Server, database: str, tmp_path: Path
) -> None:
    settings = _granted(server, database, f"SELECT ON {database}.*")
    catalog = tmp_path / "catalog.json"
    catalog.write_text(
        '{"streams": [{"tap_stream_id": "principals"}, {"tap_stream_id": "grants"}]}'
    )
    ran = mysql_runs.run(settings, tmp_path, "--catalog", str(catalog))
    assert ran.code == 4
    coverage = _coverage(ran)
    assert not coverage["principals"]["complete"]
    assert not coverage["grants"]["complete"]
    assert _remedies(ran)["grants"] == "GRANT SELECT ON `mysql`.* TO 'granted'@'%';"


def test_statements_do_not_grow_with_the_tables(
    server: Server, database: str, tmp_path: Path
) -> None:
    few = _statements(server, tmp_path)
    for number in range(60):
        server.run(
            f"CREATE TABLE {database}.t_{number} (id integer PRIMARY KEY, CHECK (id > 0))",
            f"CREATE VIEW {database}.v_{number} AS SELECT id FROM {database}.t_{number}",
        )
    many = _statements(server, tmp_path)
    assert [re.sub(r"'[^']*'", "?", it) for it in few] == [
        re.sub(r"'[^']*'", "?", it) for it in many
    ]
    assert len(few) <= MOST_STATEMENTS
    assert any("information_schema.columns" in it for it in few), "the log was not read"


def test_only_the_servers_own_tables_are_asked(
    server: Server, database: str, tmp_path: Path
) -> None:
    statements = _statements(server, tmp_path)
    assert any("information_schema.columns" in it for it in statements), "the log was not read"
    for statement in statements:
        sources = re.findall(r"\b(?:FROM|JOIN)\s+([\w.]+)", statement)
        assert all(it.startswith(("information_schema.", "mysql.")) for it in sources)


def test_the_session_changes_nothing(server: Server, database: str) -> None:
    from tap_mysql import connector

    config = connector.config.model_validate(server.settings(database=database))
    with connector.connect(config) as session, pytest.raises(Exception, match="READ ONLY"):
        session.ask(f"INSERT INTO {database}.t VALUES (5)")


def _stable(ran: mysql_runs.Ran) -> dict[str, list[mysql_runs.Json]]:
    return {
        stream: [{key: it[key] for key in it if key not in VOLATILE} for it in records]
        for stream, records in mysql_runs.parsed(ran.out).streams.items()
    }


def _statements(server: Server, folder: Path) -> list[str]:
    """What a run over all databases executes, by the server's own log."""
    server.run("SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log")
    server.run("SET GLOBAL general_log = ON")
    mysql_runs.read(server.settings(), folder)
    server.run("SET GLOBAL general_log = OFF")
    found = server.run("SELECT command_type, argument FROM mysql.general_log")
    assert any(kind == "Connect" for kind, _ in found)
    texts = [_text(argument) for kind, argument in found if kind == "Query"]
    return [text for text in texts if "general_log" not in text]


def _text(argument: str | bytes) -> str:
    return argument if isinstance(argument, str) else argument.decode(errors="replace")
