"""A hundred random tables under hostile names, compared field by field with what was seeded."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from dressed import Dressed
from psycopg import sql
from redshift_reading import Reading, read

from songbook import urn

TABLES = 100

FRAGMENTS = (
    "plain", "UPPER", "Mixed Case", "it's", 'say "hi"', "a.b", "a/b", "back\\slash", "100%",
    "%(schemas)s", "%s", "~tilde", "#hash", "new\nline", "tab\tbed", "music 🎵", "select",
    "ünïcödé", "日本語", "a,b", "(open", "$dollar$", "semi;colon", "-- comment", "/* comment */",
    " leading", "trailing ", "''", '""', "{curly}", "pg_catalog.x", "null",
)  # fmt: skip

TYPES: dict[str, tuple[str, str, int | None, int | None, int | None]] = {
    "smallint": ("smallint", "integer", None, None, None),
    "integer": ("integer", "integer", None, None, None),
    "bigint": ("bigint", "integer", None, None, None),
    "numeric(12,3)": ("numeric(12,3)", "decimal", None, 12, 3),
    "numeric(38)": ("numeric(38,0)", "decimal", None, 38, 0),
    "real": ("real", "float", None, None, None),
    "float8": ("double precision", "float", None, None, None),
    "boolean": ("boolean", "boolean", None, None, None),
    "char(7)": ("character(7)", "string", 7, None, None),
    "varchar(255)": ("character varying(255)", "string", 255, None, None),
    "varchar": ("character varying", "string", None, None, None),
    "date": ("date", "date", None, None, None),
    "time": ("time without time zone", "time", None, None, None),
    "timetz": ("time with time zone", "time", None, None, None),
    "timestamp": ("timestamp without time zone", "timestamp", None, None, None),
    "timestamptz": ("timestamp with time zone", "timestamp", None, None, None),
}
"""How a type is declared; how it is shown, its class, length, precision and scale."""

STYLES = {0: "even", 1: "key", 8: "all", 10: "auto(all)", 11: "auto(even)", 12: "auto(key)"}
ENCODINGS = ("none", "lzo", "az64", "zstd", "bytedict", "runlength", "text255", "delta")


@dataclass
class Seeds:
    """Makes random tables and remembers what they are."""

    dice: random.Random
    schema: str
    names: int = 0
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    columns: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    constraints: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def name(self) -> str:
        """A name that was not given before."""
        self.names += 1
        return f"{self.dice.choice(FRAGMENTS)}{self.names}"

    def sow(self, admin: Any) -> None:
        """Make one more table."""
        table = self.name()
        columns = [self.name() for _ in range(self.dice.randint(1, 9))]
        style = self.dice.choice(list(STYLES))
        key = self.dice.choice(columns) if STYLES[style] in ("key", "auto(key)") else None
        sort = self.dice.sample(columns, self.dice.randint(0, min(3, len(columns))))
        interleaved = bool(len(sort) > 1 and self.dice.getrandbits(1))
        described = [self._column(table, name, key, sort, interleaved) for name in columns]
        create = sql.SQL("CREATE TABLE {}.{} ({})").format(
            sql.Identifier(self.schema),
            sql.Identifier(table),
            sql.SQL(", ").join(sql.SQL(text) for text in described),
        )
        admin.execute(create)
        self._design(admin, table, columns, style)
        self._comment(admin, table, columns)
        self._key(admin, table, columns)
        rows = self.dice.choice([None, self.dice.randint(1, 10**9)])
        self._size(admin, table, rows)
        self.tables[table] |= {
            "distribution": {"style": STYLES[style], **({"key": _path(key)} if key else {})},
            "sort_keys": [_path(one) for one in sort],
            "extra": {"sort_style": "interleaved" if interleaved else "compound"} if sort else {},
            "row_count": rows,
            "size_bytes": None if rows is None else 3 * 1048576,
            "table_type": "table",
            "name": table,
        }

    def _column(
        self, table: str, name: str, key: str | None, sort: list[str], interleaved: bool
    ) -> str:
        declared = self.dice.choice(list(TYPES))
        shown, type_class, length, precision, scale = TYPES[declared]
        not_null = bool(self.dice.getrandbits(1))
        position = sort.index(name) + 1 if name in sort else 0
        sign = -1 if interleaved and position % 2 else 1
        encoding = self.dice.choice(ENCODINGS)
        extra = {
            "encoding": encoding,
            "distribution_key": True if name == key else None,
            "sort_key": sign * position or None,
        }
        self.columns[table, name] = {
            "name": name,
            "field_path": _path(name),
            "data_type": shown,
            "type_class": type_class,
            "length": length,
            "precision": precision,
            "scale": scale,
            "nullable": not not_null,
            "default": None,
            "description": None,
            "identity": None,
            "extra": {one: value for one, value in extra.items() if value is not None},
        }
        words = f"{_quoted(name)} {declared}{' NOT NULL' if not_null else ''}"
        if declared == "integer" and self.dice.getrandbits(1):
            self.columns[table, name]["default"] = "42"
            words += " DEFAULT 42"
        return words

    def _design(self, admin: Any, table: str, columns: list[str], style: int) -> None:
        admin.execute(
            "INSERT INTO seed.table_design (schema_name, table_name, style) VALUES (%s, %s, %s)",
            [self.schema, table, style],
        )
        for name in columns:
            extra = self.columns[table, name]["extra"]
            admin.execute(
                "INSERT INTO seed.column_design VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    self.schema, table, name, extra["encoding"],
                    extra.get("distribution_key", False), extra.get("sort_key", 0),
                ],
            )  # fmt: skip

    def _comment(self, admin: Any, table: str, columns: list[str]) -> None:
        self.tables[table] = {"description": self.dice.choice([None, f"About {table}"])}
        where = sql.Identifier(self.schema, table)
        text = sql.Literal(self.tables[table]["description"])
        admin.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(where, text))
        for name in columns[::3]:
            self.columns[table, name]["description"] = f"About {name}"
            admin.execute(
                sql.SQL("COMMENT ON COLUMN {} IS {}").format(
                    sql.Identifier(self.schema, table, name), sql.Literal(f"About {name}")
                )
            )

    def _key(self, admin: Any, table: str, columns: list[str]) -> None:
        kind = self.dice.choice(["primary_key", "unique", None])
        if kind is None:
            return
        name, own = self.name(), self.dice.sample(columns, self.dice.randint(1, len(columns)))
        admin.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} ({})").format(
                sql.Identifier(self.schema, table),
                sql.Identifier(name),
                sql.SQL(kind.replace("_", " ").upper()),
                sql.SQL(", ").join(map(sql.Identifier, own)),
            )
        )
        self.constraints[table, name] = {
            "name": name,
            "constraint_type": kind,
            "columns": [_path(one) for one in own],
            "referenced_table_urn": None,
            "enforced": False,
        }
        if kind == "primary_key":
            for one in own:
                self.columns[table, one]["nullable"] = False

    def _size(self, admin: Any, table: str, rows: int | None) -> None:
        if rows is not None:
            admin.execute(
                'INSERT INTO rs_catalog.svv_table_info ("database", "schema", "table", size,'
                " tbl_rows) VALUES (current_database(), %s, %s, 3, %s)",
                [self.schema, table, rows],
            )


def _path(name: str) -> str:
    """A name as a path of fields is written."""
    return '"' + name.replace('"', '""') + '"' if "." in name or '"' in name else name


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def sown(
    redshift: Dressed, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Seeds, Reading, str, int]:
    seed = random.SystemRandom().randrange(1_000_000)
    seeds = Seeds(random.Random(seed), "Hostile/Schema's")
    database = redshift.create_database()
    with redshift.admin(database) as admin:
        admin.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(seeds.schema)))
        for _ in range(TABLES):
            seeds.sow(admin)
    redshift.statements.clear()
    found = read(redshift.settings(database), tmp_path_factory.mktemp("truth"))
    root = f"redshift://127.0.0.1:{redshift.port}"
    return seeds, found, urn.join(root, [database, seeds.schema]), seed


def _differences(found: Reading, key: str, truth: dict[str, Any]) -> dict[str, Any]:
    record = found.by_urn[key]
    return {name: (record[name], value) for name, value in truth.items() if record[name] != value}


def test_tables(sown: tuple[Seeds, Reading, str, int]) -> None:
    seeds, found, schema, seed = sown
    assert len(found["tables"]) == TABLES, seed
    for name, truth in seeds.tables.items():
        key = f"{schema}/{urn.encode(name)}"
        assert not _differences(found, key, truth), seed


def test_columns(sown: tuple[Seeds, Reading, str, int]) -> None:
    seeds, found, schema, seed = sown
    assert len(found["columns"]) == len(seeds.columns), seed
    for (table, name), truth in seeds.columns.items():
        key = f"{schema}/{urn.encode(table)}#{urn.encode(_path(name))}"
        assert not _differences(found, key, truth), seed


def test_constraints(sown: tuple[Seeds, Reading, str, int]) -> None:
    seeds, found, schema, seed = sown
    assert len(found["constraints"]) == len(seeds.constraints), seed
    for (table, name), truth in seeds.constraints.items():
        key = f"{schema}/{urn.encode(table)}/~constraint/{urn.encode(name)}"
        assert not _differences(found, key, truth), seed


def test_a_run_asks_a_fixed_number_of_questions(
    sown: tuple[Seeds, Reading, str, int], redshift: Dressed
) -> None:
    """One for each statement of a stream, however many tables there are."""
    asked = [one for one in redshift.statements if "SELECT" in one]
    assert len(asked) <= 35
