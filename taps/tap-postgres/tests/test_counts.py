"""Every stream has as many records as PostgreSQL has objects, counted in other ways than the tap's.

The tap's statements start from the catalog's main tables. The counts start elsewhere: from
information_schema, from the pg_* views, from counters that the server keeps, from dependencies,
from the text of access lists.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import psycopg
import pytest
import reading

MAJORS = [15, 16, 17, 18]

OWN = "NOT LIKE ALL (ARRAY['pg\\_%', 'information\\_schema'])"

FIRST_OWN_OID = 16384
"""Objects of the server itself have smaller numbers."""

COUNTS = {
    "systems": "SELECT 1",
    "containers": f"SELECT 1 + count(*) FROM information_schema.schemata WHERE schema_name {OWN}",
    "tables": f"""
        SELECT (SELECT count(*) FROM pg_tables WHERE schemaname {OWN})
             + (SELECT count(*) FROM pg_views WHERE schemaname {OWN})
             + (SELECT count(*) FROM pg_matviews WHERE schemaname {OWN})
             + (SELECT count(*) FROM information_schema.foreign_tables)""",
    "columns": f"""
        SELECT sum(relnatts) - (
            SELECT count(*) FROM pg_attribute WHERE attisdropped AND attrelid >= {FIRST_OWN_OID}
        )
        FROM pg_class
        WHERE relkind NOT IN ('i', 'I', 'S', 'c', 't') AND oid >= {FIRST_OWN_OID}""",
    "constraints": f"""
        SELECT (SELECT sum(relchecks) FROM pg_class)
             + (SELECT count(DISTINCT objid) FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_constraint'::regclass
                  AND deptype = 'i' AND objid >= {FIRST_OWN_OID})
             + (SELECT count(*) FROM pg_trigger WHERE tgfoid = '"RI_FKey_check_ins"'::regproc)""",
    "indexes": f"SELECT count(*) FROM pg_indexes WHERE schemaname {OWN}",
    "routines": f"""
        SELECT count(*) FROM information_schema.routines WHERE specific_schema {OWN}""",
    "triggers": """
        SELECT count(DISTINCT (d.classid, d.objid)) FROM pg_depend AS d
        WHERE d.classid IN ('pg_trigger'::regclass, 'pg_event_trigger'::regclass)
          AND d.refclassid = 'pg_proc'::regclass
          AND NOT EXISTS (
              SELECT FROM pg_depend AS p
              WHERE p.classid = d.classid AND p.objid = d.objid AND p.deptype = 'P'
          )""",
    "sequences": f"SELECT count(*) FROM pg_sequences WHERE schemaname {OWN}",
    "types": f"""
        SELECT (SELECT count(*) FROM information_schema.domains WHERE domain_schema {OWN})
             + (SELECT count(DISTINCT enumtypid) FROM pg_enum)
             + (SELECT count(*) FROM information_schema.user_defined_types)
             + (SELECT 2 * count(*) FROM pg_range WHERE rngtypid >= {FIRST_OWN_OID})""",
    "locations": "SELECT count(*) FROM information_schema.foreign_servers",
    "policies": "SELECT count(*) FROM pg_policies",
}
"""How many records each stream should have."""

UNENFORCED = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT conenforced"
"""Foreign keys without the triggers by which the others are counted."""

LISTS = f"""
    SELECT 'database', coalesce(datacl, acldefault('d', datdba))::text[]
    FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'schema ' || oid, coalesce(nspacl, acldefault('n', nspowner))::text[]
    FROM pg_namespace WHERE nspname {OWN}
    UNION ALL
    SELECT 'sequence ' || oid, coalesce(relacl, acldefault('s', relowner))::text[]
    FROM pg_class WHERE relkind = 'S'
    UNION ALL
    SELECT 'relation ' || oid, coalesce(relacl, acldefault('r', relowner))::text[]
    FROM pg_class WHERE relkind NOT IN ('i', 'I', 't', 'c', 'S') AND oid >= {FIRST_OWN_OID}
    UNION ALL
    SELECT 'column ' || attrelid || ' ' || attnum, attacl::text[]
    FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= {FIRST_OWN_OID}
    UNION ALL
    SELECT 'routine ' || oid, coalesce(proacl, acldefault('f', proowner))::text[]
    FROM pg_proc WHERE oid >= {FIRST_OWN_OID}
    UNION ALL
    SELECT 'type ' || oid, coalesce(typacl, acldefault('T', typowner))::text[]
    FROM pg_type
    WHERE oid >= {FIRST_OWN_OID} AND typtype <> 'p' AND typcategory <> 'A'
      AND (typrelid = 0 OR (SELECT relkind = 'c' FROM pg_class WHERE pg_class.oid = typrelid))
    UNION ALL
    SELECT 'server ' || oid, coalesce(srvacl, acldefault('S', srvowner))::text[]
    FROM pg_foreign_server"""
"""The access lists of all objects, as texts such as `"a role"=r*w/owner`."""

ITEM = re.compile(r'((?:"(?:[^"]|"")*"|[^="])*)=((?:[a-zA-Z][*]?)*)/')

PRIVILEGES = {
    "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "D": "TRUNCATE", "t": "TRIGGER",
    "x": "REFERENCES", "m": "MAINTAIN", "X": "EXECUTE", "U": "USAGE", "C": "CREATE",
    "c": "CONNECT", "T": "TEMPORARY",
}  # fmt: skip

REFERENCES = (
    "table_urn", "container_urn", "parent_urn", "partition_of_urn", "referenced_table_urn",
    "owned_by", "object_urn", "grantee_urn", "applies_to", "member_of",
)  # fmt: skip
"""Fields that hold URNs of other records."""


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("stream", COUNTS)
def test_stream_has_a_record_for_each_object(hostiles: Any, major: int, stream: str) -> None:
    found = hostiles[major]
    expected = _count(found.url, COUNTS[stream])
    if stream == "constraints" and major >= 18:
        expected += _count(found.url, UNENFORCED)
    assert len(found.reading[stream]) == expected, f"seed {found.seed}"


@pytest.mark.parametrize("major", MAJORS)
def test_principals_are_the_roles_of_the_server(hostiles: Any, major: int, tmp_path: Path) -> None:
    """They belong to the server, which other tests use too: so they are read again."""
    found = hostiles[major]
    read = reading.read(reading.config(found.server, found.database), tmp_path)
    assert len(read["principals"]) == _count(found.url, "SELECT count(*) FROM pg_authid")


@pytest.mark.parametrize("major", MAJORS)
def test_grants_are_the_letters_of_the_access_lists(hostiles: Any, major: int) -> None:
    found = hostiles[major]
    with psycopg.connect(found.url) as connection:
        lists = connection.execute(LISTS.encode()).fetchall()
    granted: dict[tuple[str, str, str], bool] = defaultdict(bool)
    for where, items in lists:
        for match in filter(None, map(ITEM.match, items)):
            for letter in re.findall("[a-zA-Z][*]?", match[2]):
                privilege = (where, _role(match[1]), PRIVILEGES[letter[0]])
                granted[privilege] |= letter.endswith("*")
    sent = Counter(
        (reading.parts(it["grantee_urn"])[0], it["privilege"], it["grantable"])
        for it in found.reading["grants"]
    )
    by_role = Counter((role, name, grantable) for (_, role, name), grantable in granted.items())
    assert sent == by_role, f"seed {found.seed}"
    assert any("grantors" in it["extra"] for it in found.reading["grants"])


@pytest.mark.parametrize("major", MAJORS)
def test_every_object_has_its_own_key(hostiles: Any, major: int) -> None:
    found = hostiles[major]
    assets = [it for kind in COUNTS for it in found.reading[kind] if "urn" in it]
    assert len({it["urn"] for it in assets}) == len(assets) >= 600, f"seed {found.seed}"
    grants = found.reading["grants"]
    keys = {(it["grantee_urn"], it["object_urn"], it["privilege"]) for it in grants}
    assert len(keys) == len(grants)
    groups = [it["member_of"] for it in found.reading["principals"]]
    assert all(len(set(one)) == len(one) for one in groups)


@pytest.mark.parametrize("major", MAJORS)
def test_references_lead_to_records(hostiles: Any, major: int) -> None:
    """What a record refers to by URN was sent too, so that no part of a reference is wrong."""
    found = hostiles[major]
    lost = {
        urn
        for stream in (*COUNTS, "grants", "principals")
        for record in found.reading[stream]
        for urn in _references(record)
        if urn not in found.reading.by_urn and not urn.endswith("/~principal/public")
    }
    assert not lost, f"seed {found.seed}"


def _role(text: str) -> str:
    """The name of a grantee as it stands in an access list; nobody in particular is PUBLIC."""
    return text[1:-1].replace('""', '"') if text.startswith('"') else text or "public"


def _references(record: reading.Json) -> set[str]:
    values = [record.get(field) for field in REFERENCES]
    lists = [value if isinstance(value, list) else [value] for value in values]
    return {urn for urns in lists for urn in urns if urn}


def _count(url: str, statement: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])
