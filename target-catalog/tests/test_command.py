"""The installed command: what it says, where, and with which exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from target_catalog import migrate


def failed(answer: Any) -> tuple[int, str]:
    """Exit code and message of a command that failed as it should, with nothing on stdout."""
    said = answer.stderr.decode()
    assert answer.stdout == b""
    assert "Traceback" not in said
    assert said.count("error: ") == 1, said
    assert re.search(r"^hint: \S", said, re.MULTILINE), said
    return answer.returncode, said


def test_a_pipe(empty_database: Any, source: Any) -> None:
    records = source.covered([source.system(), *source.tables("a", "b")])
    lines = source.write(records, {"bookmarks": {}})
    first = empty_database.run(lines=lines)
    assert (first.returncode, first.stdout) == (0, b'{"bookmarks":{}}\n'), first.stderr
    assert b"tables: 2 records" in first.stderr
    assert b"added 7, changed 0, removed 0" in first.stderr
    second = empty_database.run(lines=lines)
    assert second.returncode == 0
    assert b"added 0, changed 0, removed 0" in second.stderr
    assert empty_database.one("SELECT value FROM catalog.state") == {"bookmarks": {}}
    assert empty_database.rows("SELECT status FROM catalog.runs") == ["succeeded"] * 2
    assert empty_database.rows("SELECT 1 FROM pg_tables WHERE schemaname = 'catalog_staging'") == []


def test_only_the_last_state_is_written(catalog: Any, source: Any) -> None:
    lines = b"".join(
        source.write(source.covered([source.table("a")]), {"n": number}) for number in range(3)
    )
    assert catalog.run(lines=lines).stdout == b'{"n":2}\n'


def test_no_state_without_a_commit(catalog: Any, source: Any) -> None:
    lines = source.write(source.covered([source.table("a")]), {"n": 1}) + b"oops\n"
    code, said = failed(catalog.run(lines=lines))
    assert code == 4
    assert "Line 6" in said
    assert catalog.rows("SELECT 1 FROM catalog.state") == []


@pytest.mark.parametrize("lines", [b"", b'{"type":"STATE","value":{}}\n'])
def test_an_empty_pipe_is_no_success(catalog: Any, lines: bytes) -> None:
    answer = catalog.run(lines=lines)
    assert answer.returncode == 4
    assert b"No record arrived" in answer.stderr
    assert b"\nhint: " in answer.stderr


def test_a_tap_that_died_is_no_success(catalog: Any, source: Any) -> None:
    catalog.load(source.covered(source.tables("a", "b")))
    answer = catalog.run(lines=source.write(source.tables("a")))
    assert answer.returncode == 4
    assert b"error: The run is partial: no coverage for" in answer.stderr
    assert catalog.names() == ["a", "b"]


def test_an_invalid_record_is_a_bug_of_the_tap(catalog: Any, source: Any) -> None:
    lines = source.write([source.table("a")]).replace(b'"row_count":null', b'"row_count":"x"')
    code, said = failed(catalog.run(lines=lines))
    assert code == 1
    assert "$.row_count" in said


def url_with(url: str, **parts: str) -> dict[str, str]:
    """The environment with a part of the URL replaced."""
    if "host" in parts:
        url = re.sub(r"@[^:/]+", f"@{parts['host']}", url)
    if "port" in parts:
        url = re.sub(r":\d+/", f":{parts['port']}/", url)
    if "password" in parts:
        url = re.sub(r":[^:@]+@", f":{parts['password']}@", url)
    if "database" in parts:
        url = f"{url.rpartition('/')[0]}/{parts['database']}"
    return {"TARGET_CATALOG_DATABASE_URL": url}


@pytest.mark.parametrize(
    ("parts", "hint"),
    [
        ({"host": "no-such-host.invalid"}, "Check host and port"),
        ({"port": "1"}, "Check host and port"),
        ({"password": "wrong-secret"}, "Check user and password"),
        ({"database": "no_such_database"}, "Create it with createdb"),
    ],
)
def test_a_database_that_cannot_be_reached(catalog: Any, parts: dict[str, str], hint: str) -> None:
    code, said = failed(catalog.run(environment=url_with(catalog.url, **parts)))
    assert code == 3
    assert hint in said
    assert "wrong-secret" not in said


CONFIGS = [
    ('{"databse_url": "x"}', "Unknown setting 'databse_url'", "did you mean 'database_url'?"),
    ('{"database_url": "x"', "is not JSON: ", "Write the settings as one JSON"),
    ("[]", "holds no JSON object", "Begin it with"),
    ('{"on_invalid": "explode"}', "setting 'on_invalid' is wrong", "--about"),
    ('{"max_removed_share": 2}', "setting 'max_removed_share' is wrong", "--about"),
    ('{"run_id": "seven"}', "setting 'run_id' is wrong", "--about"),
    ('{"database_url": "hunter2hunter2"}', "database_url is not a libpq URL", "postgresql://"),
    ('{"database_url": "postgresql://u:hunt@er2hunter2@127.0.0.1:1/x"}', "'database_url'", "%40"),
    ('{"database_url": "postgresql://u:hunter2/hunter2@127.0.0.1/x"}', "'database_url'", "%2F"),
    ('{"database_url": "${env:NOT_SET_HERE}"}', "NOT_SET_HERE", "export"),
    ('{"database_url": "${file:/not/here}"}', "/not/here", "Check path"),
]


@pytest.mark.parametrize(("text", "message", "hint"), CONFIGS)
def test_settings_that_make_no_sense(
    catalog: Any, tmp_path: Path, text: str, message: str, hint: str
) -> None:
    file = tmp_path / "config.json"
    file.write_text(text)
    code, said = failed(catalog.run("--config", str(file)))
    assert code == 2
    assert message in said
    assert hint in said
    assert "hunter2" not in said
    assert "er2hunter" not in said


def test_settings_that_are_not_there(catalog: Any, tmp_path: Path) -> None:
    code, said = failed(catalog.run("--config", str(tmp_path / "none.json")))
    assert code == 2
    assert "No such file" in said


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nonsense"], ["--accept-removals", "x"]])
def test_arguments_that_make_no_sense(catalog: Any, arguments: list[str]) -> None:
    assert failed(catalog.run(*arguments))[0] == 2


def test_settings_from_files_and_environment(catalog: Any, source: Any, tmp_path: Path) -> None:
    lines = source.write(source.covered([source.table("a")]))
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text('{"connector": "one", "database_url": "${env:PLACE}"}')
    two.write_text('{"connector": "two"}')
    arguments = ["--config", str(one), "--config", str(two), "--config", "ENV"]
    environment = {"PLACE": catalog.url, "TARGET_CATALOG_ORGANIZATION": "acme"}
    answer = catalog.run(*arguments, lines=lines, environment=environment)
    assert answer.returncode == 0, answer.stderr
    query = "SELECT o.name, c.name FROM catalog.connectors AS c, catalog.organizations AS o"
    assert catalog.one(f"{query} WHERE o.id = c.organization_id") == ("acme", "two")


def test_the_urls_of_the_environment(catalog: Any, source: Any) -> None:
    lines = source.write(source.covered([source.table("a")]))
    assert catalog.run(lines=lines, environment={"DATABASE_URL": catalog.url}).returncode == 0
    both = {
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "TARGET_CATALOG_DATABASE_URL": catalog.url,
    }
    assert catalog.run(lines=lines, environment=both).returncode == 0


def test_without_a_url_the_embedded_server_is_used(
    catalog: Any, source: Any, songbook_home: Path
) -> None:
    lines = source.write(source.covered([source.table("a")]))
    answer = catalog.run(lines=lines, environment={"SONGBOOK_HOME": str(songbook_home)})
    assert answer.returncode == 0, answer.stderr
    assert catalog.names() == []


def test_a_database_of_another_encoding(catalog: Any, source: Any) -> None:
    name = f"latin_{uuid4().hex}"
    catalog.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    url = f"{catalog.url.rpartition('/')[0]}/{name}"
    code, said = failed(catalog.run(lines=source.write([]), environment={"DATABASE_URL": url}))
    assert code == 2
    assert "LATIN1" in said
    assert "createdb --encoding=UTF8" in said
    catalog.execute(f"DROP DATABASE {name}")


def test_a_database_that_takes_no_more_connections(catalog: Any, source: Any) -> None:
    name = f"full_{uuid4().hex}"
    if not catalog.rows("SELECT 1 FROM pg_roles WHERE rolname = 'nobody_here'"):
        catalog.execute("CREATE ROLE nobody_here LOGIN PASSWORD 'canary-secret'")
    catalog.execute(f"CREATE DATABASE {name} CONNECTION LIMIT 0")
    server = re.sub(
        r"postgres:[^@]+@", "nobody_here:canary-secret@", catalog.url.rpartition("/")[0]
    )
    url = f"{server}/{name}"
    code, said = failed(catalog.run(lines=source.write([]), environment={"DATABASE_URL": url}))
    assert code == 3
    assert "run it again later" in said
    catalog.execute(f"DROP DATABASE {name}")


def test_a_limit_of_time(catalog: Any, source: Any) -> None:
    name = catalog.url.rpartition("/")[2]
    records = source.covered(source.tables(*(f"t{number}" for number in range(3000))))
    catalog.execute(f"ALTER DATABASE {name} SET statement_timeout = '200ms'")
    try:
        assert catalog.load(records).status == "succeeded"
        with psycopg.connect(catalog.url) as other:
            other.execute("LOCK TABLE catalog.runs")
            code, said = failed(catalog.run(lines=source.write(records)))
    finally:
        catalog.execute(f"ALTER DATABASE {name} RESET statement_timeout")
    assert code == 3
    assert "Raise that limit" in said


def test_a_role_without_rights(empty_database: Any) -> None:
    if not empty_database.rows("SELECT 1 FROM pg_roles WHERE rolname = 'nobody_here'"):
        empty_database.execute("CREATE ROLE nobody_here LOGIN PASSWORD 'canary-secret'")
    url = re.sub(r"postgres:[^@]+@", "nobody_here:canary-secret@", empty_database.url)
    code, said = failed(empty_database.run(environment={"DATABASE_URL": url}))
    assert code == 2
    assert "permission denied" in said
    database = empty_database.url.rpartition("/")[2]
    assert f"GRANT CREATE ON DATABASE {database} TO nobody_here;" in said
    assert "canary-secret" not in said


def test_a_role_without_rights_on_a_catalog(catalog: Any, source: Any) -> None:
    for role in ("owner", "loader"):
        if catalog.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", f"the {role}"):
            catalog.execute(f'DROP OWNED BY "the {role}"')
            catalog.execute(f'DROP ROLE "the {role}"')
        catalog.execute(f"CREATE ROLE \"the {role}\" LOGIN PASSWORD 'canary-secret'")
    name = f"of_{uuid4().hex}"
    catalog.execute(f'CREATE DATABASE {name} OWNER "the owner"')
    server = re.sub(r"postgres:[^@]+@(.*)/.*", rf"USER:canary-secret@\1/{name}", catalog.url)
    owner, loader = (server.replace("USER", f"the%20{role}") for role in ("owner", "loader"))
    lines = source.write(source.covered(source.tables("a")))
    assert catalog.run(lines=lines, environment={"DATABASE_URL": owner}).returncode == 0
    code, said = failed(catalog.run(lines=lines, environment={"DATABASE_URL": loader}))
    assert code == 2
    (grant,) = re.findall(r"run: (GRANT .*?);", said)
    catalog.execute(grant)
    answer = catalog.run(lines=lines, environment={"DATABASE_URL": loader})
    assert answer.returncode == 0, answer.stderr
    assert catalog.run(lines=lines, environment={"DATABASE_URL": owner}).returncode == 0
    catalog.execute(f"DROP DATABASE {name}")


def test_migrate(empty_database: Any) -> None:
    first = empty_database.run("migrate")
    assert first.returncode == 0, first.stderr
    assert first.stderr.count(b"applied ") == len(migrate.bundled())
    assert empty_database.run("migrate").stderr == b""


def test_removals_are_accepted_by_command(catalog: Any, source: Any) -> None:
    names = [f"t{number}" for number in range(40)]
    catalog.load(source.covered(source.tables(*names)))
    answer = catalog.run(lines=source.write(source.covered(source.tables("t0"))))
    assert answer.returncode == 4
    (run,) = re.findall(rb"--accept-removals (\S+?)\.", answer.stderr)
    accepted = catalog.run("--accept-removals", run.decode())
    assert (accepted.returncode, accepted.stderr) == (0, b"removed 117\n")
    assert catalog.names() == ["t0"]
    assert failed(catalog.run("--accept-removals", run.decode()))[0] == 2


@pytest.mark.parametrize("arguments", [["--version"], ["--about"], ["--help"]])
def test_what_needs_no_database_does_not_load_the_sdk(arguments: list[str]) -> None:
    script = (
        "import sys, target_catalog.cli as cli\n"
        f"sys.argv = ['target-catalog', *{arguments}]\n"
        "try: cli.run()\n"
        "finally: assert not {'singer_sdk', 'psycopg', 'jsonschema_rs'} & sys.modules.keys()\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout


@pytest.mark.parametrize("given", [{}, {"flattening_enabled": False, "stream_maps": {}}])
def test_a_load_does_not_load_the_sdk(
    catalog: Any, source: Any, tmp_path: Path, given: dict[str, Any]
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(given))
    file = tmp_path / "lines.jsonl"
    file.write_bytes(source.write(source.covered([source.table("a")])))
    script = (
        "import sys, target_catalog.cli as cli\n"
        f"sys.argv = ['target-catalog', '--config', {str(config)!r}, '--input', {str(file)!r}]\n"
        "try: cli.run()\n"
        "finally: assert 'singer_sdk' not in sys.modules\n"
    )
    environment = {"TARGET_CATALOG_DATABASE_URL": catalog.url}
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, env=environment
    )
    assert answer.returncode == 0, answer.stderr


def test_about(catalog: Any) -> None:
    about = json.loads(catalog.run("--about", "--format", "json").stdout)
    assert about["name"] == "target-catalog"
    assert about["settings"]["properties"]["database_url"]["secret"] is True
    assert all(it["description"] for it in about["settings"]["properties"].values())
    text = catalog.run("--about").stdout.decode()
    assert "Default: 0.5." in text
    assert "Default: fail." in text
    assert "None" not in text
    assert catalog.run("--about", "--format", "markdown").stdout.startswith(b"# target-catalog")
    assert catalog.run("--version").stdout.startswith(b"target-catalog")
