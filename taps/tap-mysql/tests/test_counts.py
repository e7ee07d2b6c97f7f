"""Every stream has as many records as MariaDB has objects, counted in other ways than the tap's:
by SHOW statements, the tables of InnoDB and of the server's own database, and the text of grants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from mysql_servers import quoted

OWN_DATABASES = ("`mysql`.", "`sys`.", "`performance_schema`.")
"""Databases of the server, of which nothing is read."""

REFERENCES = (
    "table_urn", "container_urn", "parent_urn", "referenced_table_urn", "object_urn",
    "grantee_urn", "member_of",
)  # fmt: skip
"""Fields that hold URNs of other records."""


def _each(found: Any, statement: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for database in found.databases:
        for row in found.server.run(statement.format(quoted(database))):
            yield database, row


def _tables(found: Any) -> list[tuple[str, str, str]]:
    """Database, name and kind of all tables, views and sequences."""
    return [
        (database, row[0], row[1]) for database, row in _each(found, "SHOW FULL TABLES FROM {}")
    ]


def _of_each_table(found: Any, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement about each table that can be opened."""
    names = [it for it in _tables(found) if it[2] not in ("VIEW", "SEQUENCE")]
    rows: list[tuple[Any, ...]] = []
    with found.server.connect() as connection, connection.cursor() as cursor:
        for database, name, _ in names:
            cursor.execute(statement.format(f"{quoted(database)}.{quoted(name)}"))
            rows.extend(cursor.fetchall())
    return rows


def _columns(found: Any) -> int:
    names = [it for it in _tables(found) if it[2] != "SEQUENCE"]
    return sum(
        len(found.server.run(f"SHOW FULL COLUMNS FROM {quoted(name)} FROM {quoted(database)}"))
        for database, name, kind in names
        if not _is_broken(found, database, name, kind)
    )


def _is_broken(found: Any, database: str, name: str, kind: str) -> bool:
    return kind == "VIEW" and any(
        "invalid" in (row[17] or "")
        for row in found.server.run(f"SHOW TABLE STATUS FROM {quoted(database)}")
        if row[0] == name
    )


def _constraints(found: Any) -> int:
    """Unique indexes, the foreign keys of InnoDB, and the checks in the statements of tables."""
    statements = [row[1] for row in _of_each_table(found, "SHOW CREATE TABLE {}")]
    unique = [row for row in _of_each_table(found, "SHOW INDEX FROM {}") if not row[1]]
    return (
        sum(row[3] == 1 for row in unique)
        + len(found.server.run(f"SELECT 1 FROM information_schema.{_foreign_keys(found)}"))
        + sum(text.count(" CHECK (") for text in statements)
    )


def _foreign_keys(found: Any) -> str:
    """Where InnoDB tells its foreign keys."""
    return "innodb_sys_foreign" if found.server.is_mariadb else "innodb_foreign"


def _routines(found: Any) -> int:
    shown = [*found.server.run("SHOW FUNCTION STATUS"), *found.server.run("SHOW PROCEDURE STATUS")]
    return sum(row[0] in found.databases for row in shown)


def _grants(found: Any) -> int:
    """The privileges in the lines of SHOW GRANTS of all accounts."""
    count = 0
    for user, host in found.server.run("SELECT user, host FROM mysql.user"):
        account = f"{quoted(user)}@{quoted(host)}" if host else quoted(user)
        for (line,) in found.server.run(f"SHOW GRANTS FOR {account}"):
            count += sum(1 for _ in _privileges(found, line))
    return count


def _privileges(found: Any, line: str) -> Iterator[str]:
    match = re.match(r"GRANT (.*?) ON (\*\.\*|`.*?) TO `", line, re.S)
    is_own = match is not None and match[2].startswith(OWN_DATABASES)
    if match is None or is_own or match[1] in ("USAGE", "PROXY"):
        return
    if match[1] == "ALL PRIVILEGES":
        yield from (f"all {number}" for number in range(_all_privileges(found)))
        return
    for name, columns in re.findall(
        r"([A-Z_ ]+[A-Z])(?: \(((?:`(?:[^`]|``)*`(?:, )?)+)\))?", match[1]
    ):
        names = re.findall(r"`(?:[^`]|``)*`", columns) or [""]
        yield from (name + one for one in names)


def _all_privileges(found: Any) -> int:
    """How many privileges on everything there are; GRANT OPTION is no record of its own."""
    ((count,),) = found.server.run(
        "SELECT COUNT(*) FROM information_schema.user_privileges"
        " WHERE grantee = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')"
    )
    return int(count)


COUNTS = {
    "systems": lambda found: 1,
    "containers": lambda found: len(found.databases),
    "tables": lambda found: sum(kind != "SEQUENCE" for _, _, kind in _tables(found)),
    "columns": _columns,
    "constraints": _constraints,
    "indexes": lambda found: sum(
        row[3] == 1 for row in _of_each_table(found, "SHOW INDEX FROM {}")
    ),
    "routines": _routines,
    "triggers": lambda found: len(list(_each(found, "SHOW TRIGGERS FROM {}"))),
    "sequences": lambda found: sum(kind == "SEQUENCE" for _, _, kind in _tables(found)),
    "jobs": lambda found: len(list(_each(found, "SHOW EVENTS FROM {}"))),
    "principals": lambda found: len(found.server.run("SELECT 1 FROM mysql.user")),
    "grants": _grants,
    "lineage": lambda found: 0,
}
"""How many records each stream should have."""


@pytest.mark.parametrize("stream", COUNTS)
def test_stream_has_a_record_for_each_object(found: Any, stream: str) -> None:
    assert len(found.reading[stream]) == COUNTS[stream](found), f"seed {found.seed}"


def test_every_object_has_its_own_key(found: Any) -> None:
    assets = [it for kind in COUNTS for it in found.reading[kind] if "urn" in it]
    assert len({it["urn"] for it in assets}) == len(assets) >= 1500, f"seed {found.seed}"
    keys = [
        (it["grantee_urn"], it["object_urn"], it["privilege"]) for it in found.reading["grants"]
    ]
    assert len(set(keys)) == len(keys)


def test_references_lead_to_records(found: Any) -> None:
    """What a record refers to by URN was sent too, so that no part of a reference is wrong."""
    system = found.reading["systems"][0]["namespace"]
    lost = {
        urn
        for stream in COUNTS
        for record in found.reading[stream]
        for urn in _references(record)
        if urn not in found.reading.by_urn and urn != system
    }
    assert not lost, f"seed {found.seed}"


def _references(record: dict[str, Any]) -> set[str]:
    values = [record.get(field) for field in REFERENCES]
    lists = [value if isinstance(value, list) else [value] for value in values]
    return {urn for urns in lists for urn in urns if urn}


def test_a_view_that_is_broken_is_there_without_columns(found: Any) -> None:
    with_columns = {it["table_urn"] for it in found.reading["columns"]}
    bare = [it for it in found.reading["tables"] if it["urn"] not in with_columns]
    assert len(bare) == len(found.databases)
    assert all(it["table_type"] == "view" and it["definition"] for it in bare)


def test_secrets_stay_in_the_source(found: Any) -> None:
    assert "open-sesame" not in repr(found.reading.streams)
    hashes = found.server.run("SELECT authentication_string FROM mysql.user")
    assert not any(text and text in repr(found.reading.streams) for (text,) in hashes)
