"""What the tap says of tables, views and code is what the server's SHOW CREATE says."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import mysql_runs
import pytest
from mysql_runs import Json
from mysql_servers import Server, quoted
from show_create import TableRecords

from songbook import urn

LEAST_RANDOM_TABLES = 100

_COLLATION = re.compile(r"(?: CHARACTER SET \w+)?(?: COLLATE \w+)?(?=$| )")
_VERSIONED = re.compile(r"/\*!\d+ ((?:`(?:[^`]|``)*`|(?!\*/).)*?) ?\*/", re.DOTALL)
"""What MySQL shows to itself only, so that older versions may load it."""


@pytest.fixture(scope="module")
def tables(found: Any) -> list[TableRecords]:
    parts: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for stream in ("columns", "constraints", "indexes"):
        for record in found.reading[stream]:
            parts[record["table_urn"]][stream].append(record)
    return [
        TableRecords(
            it,
            parts[it["urn"]]["columns"],
            parts[it["urn"]]["constraints"],
            parts[it["urn"]]["indexes"],
            found.server.is_mariadb,
        )
        for it in found.reading["tables"]
        if it["table_type"] != "view"
    ]


def test_every_table_is_what_show_create_table_says(found: Any, tables: list[TableRecords]) -> None:
    charsets = dict(
        found.server.run(
            "SELECT collation_name, character_set_name"
            " FROM information_schema.collation_character_set_applicability"
        )
    )
    random = [it for it in tables if (it.table["description"] or "").startswith("it's table")]
    assert len(random) >= LEAST_RANDOM_TABLES
    for it in tables:
        ((_, shown),) = found.server.run(f"SHOW CREATE TABLE {_name(it.table['urn'])}")
        statement = _VERSIONED.sub(r"\1", shown)
        body, tail = statement.partition("(\n  ")[2].rsplit("\n) ", 1)
        lines = body.split(",\n  ")
        count = len(it.columns)
        lines = [*map(_invisible_last, lines[:count]), *lines[count:]]
        expected = it.body()
        if not found.server.is_mariadb:
            lines = [_COLLATION.sub("", line) for line in lines]
        assert lines[:count] == expected[:count], f"seed {found.seed}"
        rules = sorted(line.replace("  COMMENT", " COMMENT").strip() for line in lines[count:])
        assert [_plain(one) for one in rules] == expected[count:], f"seed {found.seed}"
        charset = charsets[it.table["options"]["collation"]]
        if found.server.is_mariadb:
            assert tail == it.tail(charset), f"seed {found.seed}"
        else:
            assert _words(tail) == _words(it.tail(charset)), f"seed {found.seed}"


def _invisible_last(line: str) -> str:
    """A column with one word in the same place whatever the version of the server."""
    rest = line.replace(" INVISIBLE", "")
    return line if rest == line else f"{rest} INVISIBLE"


def _words(tail: str) -> list[str]:
    """Options in no order, which differs, and without the backticks that MySQL can do without."""
    return sorted(tail.replace("`", "").split())


def _plain(line: str) -> str:
    """A key without the method that was asked for: the records have the one in use."""
    return line.replace(" USING BTREE", "").replace(" USING HASH", "")


def test_every_view_is_what_show_create_view_says(found: Any) -> None:
    views = [it for it in found.reading["tables"] if it["table_type"] == "view"]
    assert len(views) == 3 * len(found.databases)
    for it in views:
        statement = found.server.run(f"SHOW CREATE VIEW {_name(it['urn'])}")[0][1]
        if not found.server.is_mariadb:  # MySQL shows the algorithm nowhere else
            statement = re.sub("ALGORITHM=[A-Z]+", "ALGORITHM=UNDEFINED", statement)
        assert _unspaced(statement) == _unspaced(_view(it)), f"seed {found.seed}"


def _as_shown(found: Any, statement: str) -> str:
    """A routine as information_schema has it: MySQL loses half of a doubled backtick there."""
    return statement if found.server.is_mariadb else re.sub("(.)``", r"\1\1`", statement)


def _view(it: Json) -> str:
    extra = it["extra"]
    user, host = extra["definer"].split("@")
    algorithm = extra.get("algorithm", "undefined").upper()
    check = extra.get("check_option", "").upper()
    return (
        f"CREATE ALGORITHM={algorithm} DEFINER={quoted(user)}@{quoted(host)}"
        f" SQL SECURITY {extra['security'].upper()} VIEW {_name(it['urn'])}"
        f" AS {it['definition']}" + (f" WITH {check} CHECK OPTION" if check else "")
    )


def _unspaced(statement: str) -> str:
    """SHOW CREATE VIEW loses the spaces before an alias's name."""
    return statement.replace("` ", "`")


def test_every_routine_is_what_show_create_says(found: Any) -> None:
    for it in found.reading["routines"]:
        name = f"{quoted(urn.parse(it['urn']).path[0])}.{quoted(it['name'])}"
        kind = it["routine_type"].upper()
        statement = found.server.run(f"SHOW CREATE {kind} {name}")[0][2]
        assert _as_shown(found, statement).endswith(f"\n{it['definition']}")
        for argument in it["arguments"]:
            mode = "" if kind == "FUNCTION" else f"{argument['mode'].upper()} "
            declared = argument["data_type"].removesuffix("(11)").partition(" ")[0]
            assert f"{mode}{quoted(argument['name'])} {declared}" in statement
        assert ("\n    DETERMINISTIC" in statement) == (it["volatility"] == "immutable")
        assert ("SQL SECURITY INVOKER" in statement) == (it["security"] == "invoker")


def test_every_trigger_is_what_show_create_trigger_says(found: Any) -> None:
    for it in found.reading["triggers"]:
        database, table = urn.parse(it["table_urn"]).path
        name = f"{quoted(database)}.{quoted(it['name'])}"
        statement = found.server.run(f"SHOW CREATE TRIGGER {name}")[0][2]
        assert statement.endswith(it["definition"])
        place = f"{quoted(database)}." if found.server.is_mariadb else ""
        assert f"{it['timing']} {it['events'][0]} ON {place}{quoted(table)}" in statement


def test_every_event_is_what_show_create_event_says(found: Any) -> None:
    for it in found.reading["jobs"]:
        database = urn.parse(it["urn"]).path[0]
        statement = found.server.run(f"SHOW CREATE EVENT {quoted(database)}.{quoted(it['name'])}")
        shown = statement[0][3]
        assert f" ON SCHEDULE {it['schedule']}".split(" STARTS")[0] in shown
        assert f" ON COMPLETION {it['extra']['on_completion'].upper()}" in shown
        assert shown.endswith(f"DO {it['definition']}")


def _name(text: str) -> str:
    return ".".join(map(quoted, urn.parse(text).path))


def test_the_next_number_of_a_table(server: Server, tmp_path: Path) -> None:
    database = server.create_database()
    server.run(
        f"USE {database}",
        "CREATE TABLE numbered (id bigint unsigned auto_increment PRIMARY KEY) AUTO_INCREMENT = 41",
        "CREATE TABLE endless (id bigint unsigned auto_increment PRIMARY KEY)"
        " AUTO_INCREMENT = 9223372036854775808",
        "CREATE TABLE plain (id int)",
    )
    found = mysql_runs.read(server.settings(database=database), tmp_path)["tables"]
    numbers = {it["name"]: it["auto_increment"] for it in found}
    assert numbers == {"numbered": 41, "endless": None, "plain": None}
    server.run(f"DROP DATABASE {database}")
