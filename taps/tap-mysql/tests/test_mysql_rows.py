"""What only MySQL shows, as rows of the documented shape: no server of its kind is at hand.

https://dev.mysql.com/doc/refman/8.4/en/information-schema.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from songbook.connector import Gap, Item
from songbook.records import Constraint, Index, Principal, Routine, Sequence, Table
from tap_mysql import accounts, columns, keys, programs, relations
from tap_mysql.privileges import Privileges

NAMESPACE = "mysql://it:3306"


@dataclass
class Session:
    """A session with a server of a certain version, as far as readers of rows look at it."""

    namespace: str = NAMESPACE
    scope: str = NAMESPACE
    is_mariadb: bool = False
    account: str = "'u'@'%'"
    granted_on: str = "*.*"
    routine_grant: str = "SHOW_ROUTINE ON *.*"
    sequences: frozenset[tuple[str, str]] = frozenset()
    escapes_expressions: bool = True


COLUMN = {
    "table_catalog": "def", "table_schema": "app", "table_name": "t", "column_name": "c",
    "ordinal_position": 1, "column_default": None, "is_nullable": "YES", "data_type": "varchar",
    "character_maximum_length": 20, "character_octet_length": 80, "numeric_precision": None,
    "numeric_scale": None, "datetime_precision": None, "character_set_name": "utf8mb4",
    "collation_name": "utf8mb4_0900_ai_ci", "column_type": "varchar(20)", "column_key": "",
    "extra": "", "privileges": "select,insert", "column_comment": "", "generation_expression": "",
    "srs_id": None,
}  # fmt: skip


def column(**changes: Any) -> Any:
    return columns.column(Session(), COLUMN | changes)


TIME = {"data_type": "datetime", "column_type": "datetime(3)", "datetime_precision": 3}
NUMBER = {"data_type": "int", "column_type": "int", "numeric_precision": 10, "numeric_scale": 0}
BITS = {"data_type": "bit", "column_type": "bit(3)", "numeric_precision": 3}


@pytest.mark.parametrize(
    ("row", "default"),
    [
        ({"column_default": "it's \\ so"}, "'it''s \\\\ so'"),
        ({"column_default": ""}, "''"),
        ({"column_default": "NULL"}, "'NULL'"),
        ({"column_default": None}, None),
        ({"column_default": "uuid()", "extra": "DEFAULT_GENERATED"}, "uuid()"),
        (NUMBER | {"column_default": "5"}, "5"),
        (BITS | {"column_default": "b'101'"}, "b'101'"),
        (TIME | {"column_default": "CURRENT_TIMESTAMP(3)"}, "CURRENT_TIMESTAMP(3)"),
        (TIME | {"column_default": "2020-01-01 00:00:00.000"}, "'2020-01-01 00:00:00.000'"),
        ({"column_default": "CURRENT_TIMESTAMP"}, "'CURRENT_TIMESTAMP'"),
    ],
)
def test_a_default_is_an_expression(row: dict[str, Any], default: str | None) -> None:
    assert column(**row).default == default


BYTES = {"data_type": "varbinary", "column_type": "varbinary(5)", "character_set_name": None}


def test_bytes_are_digits() -> None:
    assert column(**BYTES, column_default="0x6162").default == "0x6162"
    assert column(column_default="0x6162").default == "'0x6162'", "a text"


# As MySQL 9.7 shows them: escaped once more, and each byte taken for a character.
EXPRESSIONS = [
    (r"concat(_utf8mb4\'it\\\'s\')", r"concat(_utf8mb4'it\'s')"),
    ("(`a\\nb` + `c\\\\d`)", "(`a\nb` + `c\\d`)"),
    ("(`note \xe2\x99\xab` > 1)", "(`note ♫` > 1)"),
    ("(`é` > 1)", "(`é` > 1)"),
]


@pytest.mark.parametrize(("shown", "meant"), EXPRESSIONS)
def test_expressions_are_as_they_were_written(shown: str, meant: str) -> None:
    stored = column(extra="STORED GENERATED", generation_expression=shown)
    assert stored.generation_expression == meant
    filled = column(extra="DEFAULT_GENERATED", column_default=shown)
    assert filled.default == meant
    row = {"table_schema": "a", "table_name": "t", "constraint_name": "c", "check_clause": shown}
    (check,) = _read(keys.checks, [row])
    assert check.expression == meant
    part = PART | {"column_name": None, "expression": shown}
    assert keys.index(Session(), [part]).columns[0].expression == meant
    old = Session(escapes_expressions=False)
    same = columns.column(old, COLUMN | {"generation_expression": shown})
    assert same.generation_expression == shown


def test_partitions_by_the_primary_key() -> None:
    table = dict.fromkeys((
        "engine", "row_format", "table_rows", "data_length", "auto_increment", "create_time",
        "update_time", "table_collation", "create_options", "table_comment",
    ))  # fmt: skip
    name = {"table_schema": "app", "table_name": "t"}
    whole = name | table | {"table_type": "BASE TABLE", "is_partition": 0}
    part = name | {
        "is_partition": 1, "partition_name": "p0", "subpartition_name": None,
        "partition_method": "KEY", "partition_expression": "", "subpartition_method": None,
        "subpartition_expression": None, "partition_description": None, "partition_comment": "",
    }  # fmt: skip
    (made,) = _read(relations.tables, [whole, part])
    assert isinstance(made, Table)
    assert [(one.expression, one.kind) for one in made.partition_keys] == [("()", "key")]


def test_what_extra_says_of_a_column() -> None:
    moved = column(**TIME, extra="DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)")
    assert moved.extra["on_update"] == "CURRENT_TIMESTAMP(3)"
    assert column(extra="INVISIBLE").hidden
    assert column(**NUMBER, extra="auto_increment").identity is not None
    stored = column(extra="STORED GENERATED", generation_expression="lower(`a`)")
    assert (stored.generated, stored.generation_expression) == ("stored", "lower(`a`)")
    virtual = column(extra="VIRTUAL GENERATED INVISIBLE", generation_expression="1")
    assert (virtual.generated, virtual.hidden) == ("virtual", True)


@pytest.mark.parametrize(
    ("data_type", "column_type", "kind"),
    [
        ("json", "json", "json"),
        ("tinyint", "tinyint(1)", "boolean"),
        ("tinyint", "tinyint", "integer"),
        ("bigint", "bigint unsigned", "integer"),
        ("geomcollection", "geomcollection", "geo"),
        ("vector", "vector(3)", "array"),
        ("set", "set('a')", "other"),
    ],
)
def test_types_without_display_width(data_type: str, column_type: str, kind: str) -> None:
    made = column(data_type=data_type, column_type=column_type)
    assert made.type_class == kind
    assert made.extra.get("unsigned", False) == ("unsigned" in column_type)


def test_a_spatial_column_has_its_reference_system() -> None:
    made = column(data_type="point", column_type="point", srs_id=4326, character_set_name=None)
    assert (made.type_class, made.extra) == ("geo", {"srs_id": 4326})


PART = {
    "table_schema": "app", "table_name": "t", "non_unique": 1, "index_schema": "app",
    "index_name": "i", "seq_in_index": 1, "column_name": "a", "collation": "A",
    "cardinality": 7, "sub_part": None, "packed": None, "nullable": "YES", "index_type": "BTREE",
    "comment": "", "index_comment": "", "is_visible": "YES", "expression": None,
}  # fmt: skip


def test_a_functional_index_that_is_invisible() -> None:
    hidden = PART | {"is_visible": "NO"}
    functional = {"column_name": None, "expression": "lower(`b`)", "collation": "D"}
    made = keys.index(Session(), [hidden, hidden | functional])
    assert isinstance(made, Index)
    assert [(one.field_path, one.expression, one.order) for one in made.columns] == [
        ("a", None, "ASC"),
        (None, "lower(`b`)", "DESC"),
    ]
    assert made.extra == {"visible": False}
    assert keys.index(Session(), [PART]).extra == {}


def test_a_check_may_not_be_enforced() -> None:
    row = {"table_schema": "app", "table_name": "t", "constraint_name": "positive"}
    row |= {"enforced": "NO", "check_clause": "(`a` > 0)"}
    (made,) = _read(keys.checks, [row])
    assert isinstance(made, Constraint)
    assert (made.enforced, made.expression, made.extra) == (False, "(`a` > 0)", {})
    assert made.urn == f"{NAMESPACE}/app/t/~constraint/check%3Apositive"


def test_a_database_may_be_encrypted() -> None:
    row = {"schema_name": "app", "default_character_set_name": "utf8mb4", "sql_path": None}
    row |= {"default_collation_name": "utf8mb4_0900_ai_ci", "default_encryption": "YES"}
    (made,) = _read(relations.containers, [row])
    assert made.extra["encryption"] is True


def test_a_view_without_an_algorithm() -> None:
    row = {
        "table_schema": "app", "table_name": "v", "view_definition": "select 1 AS `1`",
        "check_option": "LOCAL", "is_updatable": "NO", "definer": "u@%",
        "security_type": "INVOKER",
    }  # fmt: skip
    (made,) = _read(relations.views, [row])
    assert isinstance(made, Table)
    assert made.extra == {
        "check_option": "local", "definer": "u@%", "security": "invoker", "updatable": False,
    }  # fmt: skip


def test_roles_are_accounts() -> None:
    rows = [
        {"user": "ann", "host": "%", "is_role": "N", "role": "reader", "role_host": "%"},
        {"user": "ann", "host": "%", "is_role": "N", "role": "writer", "role_host": "10.%"},
        {"user": "reader", "host": "%", "is_role": "Y", "role": None, "role_host": None},
    ]
    ann, reader = _read(accounts.principals, rows)
    assert isinstance(ann, Principal)
    assert isinstance(reader, Principal)
    assert (ann.name, ann.principal_type, reader.principal_type) == ("'ann'@'%'", "user", "role")
    assert ann.member_of == [reader.urn, f"{NAMESPACE}/~principal/%27writer%27%40%2710.%25%27"]


def test_a_routine_whose_source_is_hidden() -> None:
    row = {
        "routine_schema": "app", "routine_name": "f", "routine_type": "FUNCTION",
        "is_parameter": 0, "position": 0, "dtd_identifier": "int", "parameter_name": None,
        "parameter_mode": None, "routine_body": "SQL", "external_language": "SQL",
        "routine_definition": None, "is_deterministic": "YES", "sql_data_access": "NO SQL",
        "security_type": "DEFINER", "definer": "u@%", "sql_mode": "", "routine_comment": "",
        "created": None, "last_altered": None,
    }  # fmt: skip
    routine, gap = _read(programs.routines, [row])
    assert isinstance(routine, Routine)
    assert isinstance(gap, Gap)
    assert gap.diagnostic.remediation == "GRANT SHOW_ROUTINE ON *.* TO 'u'@'%';"
    assert gap.unread_fields == ("definition",)


def test_numbers_of_a_sequence() -> None:
    """MariaDB 11.5 and later."""
    row = {
        "sequence_schema": "app", "sequence_name": "s", "data_type": "bigint",
        "numeric_precision": 64, "start_value": 100, "minimum_value": 1, "maximum_value": 900,
        "increment": 10, "cycle_option": 1,
    }  # fmt: skip
    (made,) = _read(relations.sequences, [row])
    assert isinstance(made, Sequence)
    assert (made.start, made.increment, made.min, made.max) == (100, 10, 1, 900)
    assert made.extra == {"cycle": True}


EIGHT = (
    "GRANT SELECT, SHOW VIEW ON *.* TO `u`@`%`",
    "GRANT SHOW_ROUTINE ON *.* TO `u`@`%`",
    "GRANT EVENT, TRIGGER ON `a\\_b`.* TO `u`@`%` WITH GRANT OPTION",
    "GRANT EXECUTE ON `x%`.* TO `u`@`%`",
    "GRANT SELECT (`ON`), INSERT ON `q`.`t` TO `u`@`%`",
    "GRANT ALL PRIVILEGES ON `mine``.*`.* TO `u`@`%`",
    "REVOKE SELECT ON `secret`.* FROM `u`@`%`",
    "GRANT `reader`@`%` TO `u`@`%`",
    "GRANT PROXY ON ``@`` TO `u`@`%`",
)


@pytest.mark.parametrize(
    ("name", "databases", "is_covered"),
    [
        ("SHOW VIEW", None, True),
        ("SHOW VIEW", ["anything"], True),
        ("SELECT", ["q", "a_b"], True),
        ("SELECT", ["q", "secret"], False),
        ("SELECT", None, False),
        ("EVENT", ["a_b"], True),
        ("EVENT", ["axb"], False),
        ("EVENT", None, False),
        ("EXECUTE", ["xyz"], True),
        ("INSERT", ["q"], False),
        ("TRIGGER", ["mine`.*"], True),
        ("DROP", ["mine`.*"], True),
    ],
)
def test_privileges(name: str, databases: list[str] | None, is_covered: bool) -> None:
    assert Privileges(EIGHT).cover((name,), databases) == is_covered


def test_who_sees_routines() -> None:
    assert Privileges(EIGHT).show_routines()
    assert Privileges(["GRANT SELECT ON `mysql`.`proc` TO `u`@`%`"]).show_routines()
    assert Privileges(["GRANT SELECT ON `mysql`.* TO `u`@`%`"]).show_routines()
    assert Privileges(["GRANT ALL PRIVILEGES ON *.* TO `u`@`%`"]).show_routines()
    assert not Privileges(["GRANT SELECT ON `app`.* TO `u`@`%`"]).show_routines()
    assert not Privileges(["GRANT SELECT ON `mysql`.`procs_priv` TO `u`@`%`"]).show_routines()


def _read(read: Any, rows: list[dict[str, Any]]) -> list[Any]:
    items: Iterator[Item] = read(Session(), iter(rows))
    return list(items)
