"""Every stream has as many records as PostgreSQL has objects, counted in other ways than the tap's.

The tap's statements start from the catalog's main tables. The counts start elsewhere: from information_schema, from
the pg_* views, from counters that the server keeps, from dependencies, from the text of access lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from songbook.records import TYPES

OWN = "NOT LIKE ALL (ARRAY['pg\\_%%', 'information\\_schema'])".replace("%%", "%")

COUNTS = {
    "systems": "SELECT 1",
    "containers": f"SELECT 1 + count(*) FROM information_schema.schemata WHERE schema_name {OWN}",
    "tables": f"""
        SELECT (SELECT count(*) FROM pg_tables WHERE schemaname {OWN})
             + (SELECT count(*) FROM pg_views WHERE schemaname {OWN})
             + (SELECT count(*) FROM pg_matviews WHERE schemaname {OWN})
             + (SELECT count(*) FROM information_schema.foreign_tables WHERE foreign_table_schema {OWN})""",
    "columns": f"""
        SELECT sum(relnatts) - (
            SELECT count(*) FROM pg_attribute WHERE attisdropped AND attrelid::regclass::oid >= 16384
        ) FROM pg_class WHERE relkind NOT IN ('i', 'I', 'S', 'c', 't') AND relnamespace::regnamespace::text {OWN}""",
    "constraints": """
        SELECT (SELECT sum(relchecks) FROM pg_class)
             + (SELECT count(DISTINCT objid) FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_constraint'::regclass AND deptype = 'i'
                  AND objid >= 16384)
             + (SELECT count(*) FROM pg_trigger WHERE tgfoid = '"RI_FKey_check_ins"'::regproc)""",
    "indexes": f"SELECT count(*) FROM pg_indexes WHERE schemaname {OWN}",
    "routines": f"SELECT count(*) FROM information_schema.routines WHERE specific_schema {OWN}",
    "triggers": """
        SELECT count(DISTINCT (d.classid, d.objid)) FROM pg_depend AS d
        WHERE d.classid IN ('pg_trigger'::regclass, 'pg_event_trigger'::regclass)
          AND d.refclassid = 'pg_proc'::regclass
          AND NOT EXISTS (SELECT FROM pg_depend AS p
                          WHERE p.classid = d.classid AND p.objid = d.objid AND p.deptype = 'P')""",
    "sequences": f"SELECT count(*) FROM pg_sequences WHERE schemaname {OWN}",
    "types": f"""
        SELECT (SELECT count(*) FROM information_schema.domains WHERE domain_schema {OWN})
             + (SELECT count(DISTINCT enumtypid) FROM pg_enum)
             + (SELECT count(*) FROM information_schema.user_defined_types WHERE user_defined_type_schema {OWN})
             + (SELECT 2 * count(*) FROM pg_range WHERE rngtypid >= 16384)""",
    "locations": "SELECT count(*) FROM information_schema.foreign_servers",
    "policies": "SELECT count(*) FROM pg_policies",
    "principals": "SELECT count(*) FROM pg_authid",
}
"""How many records each stream should have."""

UNENFORCED = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT conenforced"
"""Foreign keys without the triggers by which the others are counted."""

LISTS = f"""
    SELECT 'd', coalesce(datacl, acldefault('d', datdba))::text[] FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'n' || oid, coalesce(nspacl, acldefault('n', nspowner))::text[] FROM pg_namespace WHERE nspname {OWN}
    UNION ALL
    SELECT 'r' || oid, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))::text[]
    FROM pg_class WHERE relkind NOT IN ('i', 'I', 't', 'c') AND relnamespace::regnamespace::text {OWN}
    UNION ALL
    SELECT 'a' || attrelid || ' ' || attnum, attacl::text[]
    FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384
    UNION ALL
    SELECT 'f' || oid, coalesce(proacl, acldefault('f', proowner))::text[]
    FROM pg_proc WHERE pronamespace::regnamespace::text {OWN}
    UNION ALL
    SELECT 'T' || oid, coalesce(typacl, acldefault('T', typowner))::text[]
    FROM pg_type WHERE typnamespace::regnamespace::text {OWN} AND typtype <> 'p' AND typcategory <> 'A'
      AND (typrelid = 0 OR (SELECT relkind = 'c' FROM pg_class WHERE pg_class.oid = typrelid))
    UNION ALL
    SELECT 'S' || oid, coalesce(srvacl, acldefault('S', srvowner))::text[] FROM pg_foreign_server"""
"""The access lists of all objects, as texts such as `"a role"=r*w/owner`."""

ITEM = re.compile(r'((?:"(?:[^"]|"")*"|[^="])*)=([a-zA-Z*]*)/')

COUNTED = [kind.STREAM for kind in TYPES if kind.STREAM in COUNTS]


@pytest.mark.parametrize("major", [15, 16, 17, 18])
@pytest.mark.parametrize("stream", COUNTED)
def test_stream_has_a_record_for_each_object(hostiles: Any, major: int, stream: str) -> None:
    found = hostiles[major]
    expected = _one(found.url, COUNTS[stream])
    if stream == "constraints" and major >= 18:
        expected += _one(found.url, UNENFORCED)
    assert len(found.reading[stream]) == expected, f"seed {found.seed}"


@pytest.mark.parametrize("major", [15, 16, 17, 18])
def test_grants_are_the_letters_of_the_access_lists(hostiles: Any, major: int) -> None:
    found = hostiles[major]
    with psycopg.connect(found.url) as connection:
        lists = connection.execute(LISTS.encode()).fetchall()
    letters = {
        (where, match[1], letter)
        for where, items in lists
        for item in items
        if (match := ITEM.match(item))
        for letter in match[2].replace("*", "")
    }
    assert len(found.reading["grants"]) == len(letters), f"seed {found.seed}"


@pytest.mark.parametrize("major", [15, 16, 17, 18])
def test_every_object_has_its_own_key(hostiles: Any, major: int) -> None:
    found = hostiles[major]
    assets = [record for kind in COUNTED for record in found.reading[kind] if "urn" in record]
    assert len({record["urn"] for record in assets}) == len(assets) >= 600, f"seed {found.seed}"
    keys = {(it["grantee_urn"], it["object_urn"], it["privilege"]) for it in found.reading["grants"]}
    assert len(keys) == len(found.reading["grants"])


@pytest.mark.parametrize("major", [15, 16, 17, 18])
def test_references_lead_to_records(hostiles: Any, major: int) -> None:
    """What a record refers to by URN was sent too, so that no part of a reference is wrong."""
    found = hostiles[major]
    have = set(found.reading.by_urn)
    wanted: list[Callable[[dict[str, Any]], Any]] = [
        lambda it: it.get("table_urn"),
        lambda it: it.get("container_urn"),
        lambda it: it.get("parent_urn"),
        lambda it: it.get("partition_of_urn"),
        lambda it: it.get("referenced_table_urn"),
        lambda it: it.get("owned_by"),
        lambda it: it.get("object_urn"),
    ]
    lost = {
        urn
        for stream in (*COUNTED, "grants")
        for record in found.reading[stream]
        for look in wanted
        if (urn := look(record)) and urn not in have
    }
    lost |= {urn for it in found.reading["policies"] for urn in it["applies_to"] if urn not in have}
    lost |= {urn for it in found.reading["principals"] for urn in it["member_of"] if urn not in have}
    lost |= {
        it["grantee_urn"]
        for it in found.reading["grants"]
        if it["grantee_urn"] not in have and not it["grantee_urn"].endswith("/~principal/public")
    }
    assert not lost, f"seed {found.seed}"


def _one(url: str, statement: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])
