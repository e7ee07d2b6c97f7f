"""What the tap says is what pg_dump says, object by object; and its estimates are the server's."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import ddl
import psycopg
import pytest
from ddl_objects import role
from reading import config, read

MAJORS = [15, 18]

HEADER = re.compile(
    r"^--\n-- (?:Name: .*; Type: .*; Schema: .*; Owner: .*|PostgreSQL database dump complete)\n--$",
    re.MULTILINE,
)

ELSEWHERE = re.compile(
    r"""SET\ |
        CREATE\ (UNLOGGED\ |FOREIGN\ )?TABLE\ |
        ALTER\ TABLE\ .*\ ADD\ CONSTRAINT\ .*\ NOT\ NULL\ .*\ NOT\ VALID$ |
        (CREATE|ALTER)\ (COLLATION|FOREIGN\ DATA\ WRAPPER|SERVER)\ """,
    re.VERBOSE | re.DOTALL,
)
"""What psql is asked about instead, and what no record is about."""


@pytest.mark.parametrize("major", MAJORS)
def test_pg_dump_writes_the_same(hostiles: Any, major: int) -> None:
    """The statements of a dump can be written from the records, and no more are in it."""
    found = hostiles[major]
    dumped = _dump(found)
    written = {text: urn for urn, text in ddl.statements(found.reading)}
    assert len(set(written.values())) >= 200
    wrong = {urn: text for text, urn in written.items() if text not in dumped}
    assert not wrong, f"seed {found.seed}"
    shells = {text.removeprefix("CREATE TYPE ") for text in dumped if _is_shell(text)}
    ignored = {f"ALTER TYPE {name} OWNER TO postgres" for name in shells}
    lost = {
        it for it in dumped - set(written) - ignored if not (ELSEWHERE.match(it) or _is_shell(it))
    }
    assert not lost, f"seed {found.seed}"


@pytest.mark.parametrize("major", MAJORS)
def test_pg_dumpall_says_the_same_of_roles(hostiles: Any, major: int) -> None:
    found = hostiles[major]
    own = [it for it in found.reading["principals"] if it["name"].endswith(found.database)]
    assert len(own) == 4
    dumped = _run(found, "pg_dumpall", "--roles-only", "--no-role-passwords", "-d", found.url)
    wrong = [text for it in own for text in role(it) if text not in dumped]
    assert not wrong, f"seed {found.seed}"


def test_estimates_are_those_of_the_last_analyze(servers: Any, tmp_path: Path) -> None:
    server = servers[18]
    database = server.create_database()
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE known AS SELECT generate_series(1, 5000) AS id; ANALYZE known;"
            "CREATE TABLE unknown (id integer) WITH (autovacuum_enabled = off)"
        )
        size = connection.execute("SELECT pg_relation_size('known')").fetchone()
    known, unknown = read(config(server, database), tmp_path)["tables"]
    assert size == (known["size_bytes"],)
    assert known["row_count"] == 5000
    assert known["statistics_at"] is not None
    assert (unknown["row_count"], unknown["size_bytes"], unknown["statistics_at"]) == (None,) * 3


def _run(found: Any, program: str, *arguments: str) -> str:
    command = [str(found.server.tool(program)), *arguments]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def _dump(found: Any) -> set[str]:
    """The statements of pg_dump."""
    text = _run(found, "pg_dump", "--schema-only", "--no-acl", found.url)
    marks = list(HEADER.finditer(text))
    blocks = [text[one.end() : two.start()] for one, two in itertools.pairwise(marks)]
    return {
        _plain(one)
        for block in blocks
        for one in re.split(r";\n\n+", block.strip() + "\n\n")
        if one
    }


def _plain(statement: str) -> str:
    """A statement without what pg_dump chooses: quotes, order of roles, words of its version."""
    relations = r"^ALTER (FOREIGN TABLE|MATERIALIZED VIEW|SEQUENCE|TABLE|VIEW) (.*) OWNER TO"
    statement = re.sub(relations, r"ALTER RELATION \2 OWNER TO", statement, flags=re.DOTALL)
    statement = re.sub(r" TO (.*?) (?=WITH CHECK|USING)", _sorted_roles, statement, flags=re.DOTALL)
    named = r'(?<=DOMAIN )(.*?) CONSTRAINT (?:"(?:[^"]|"")*"|\w+) NOT NULL'
    statement = re.sub(named, r"\1 NOT NULL", statement, flags=re.DOTALL)
    statement = re.sub(r"\n    AS (\$\w*\$)(.*)\1$", r"\n    AS \2", statement, flags=re.DOTALL)
    return re.sub(
        r"\n    SET (\w+) TO .*?(?=\n    (?:SET|AS) )", r"\n    SET \1", statement, flags=re.DOTALL
    )


def _sorted_roles(match: re.Match[str]) -> str:
    return f" TO {', '.join(sorted(match[1].split(', ')))} "


def _is_shell(statement: str) -> bool:
    return statement.startswith("CREATE TYPE ") and " AS " not in statement
