"""A database with every kind of object that PostgreSQL has, under names that break careless code.

`build` is deterministic: the same seed gives the same objects on every server, except for the names
of roles, which belong to the whole server and so end with the database's name.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import psycopg
from psycopg import sql

SCHEMAS = 5
"""How often the script of all kinds runs, each time in a schema of its own."""
TABLES = 8
"""Tables with random columns in each schema."""
LONGEST = 63
"""Bytes of a name, at most."""

FRAGMENTS = (
    "plain", "UPPER", "Mixed Case", "it's", 'say "hi"', "a.b", "a/b", "back\\slash", "100%",
    "%(schemas)s", "%s", "~tilde", "#hash", "new\nline", "tab\tbed", "music 🎵", "select",
    "from", "ünïcödé", "日本語", "a,b", "(open", "close)", "[square]", "{curly}", "$dollar$",
    "semi;colon", "-- comment", "/* comment */", " leading", "trailing ", "''", '""', ":colon",
    "question?", "a&b", "null", "user", "table", "E'\\n'", "a=b", "|pipe|", "<tag>",
    "back`tick",
)  # fmt: skip

TYPES = (
    "smallint", "integer", "bigint", "real", "double precision", "numeric", "numeric(10,2)",
    "numeric(7)", "numeric(3,5)", "numeric(5,-2)", "money", "boolean", "text",
    "character varying", "character varying(20)", "character(7)", "bpchar", '"char"', "name",
    "bytea", "bit(5)", "bit varying", "bit varying(9)", "date", "time", "time(3)",
    "time(2) with time zone", "timestamp", "timestamp(0)", "timestamp(6) with time zone",
    "timestamp with time zone", "interval", "interval(4)", "interval year to month",
    "interval day to second(2)", "json", "jsonb", "uuid", "inet", "xml", "tsvector", "oid",
    "regclass", "point", "polygon", "int4range", "tstzmultirange", "integer[]",
    "character varying(5)[]", "numeric(6,1)[]", "text[][]", "@s.@enum", "@s.@domain",
    "@s.@upper_domain", "@s.@text_domain", "@s.@composite", "@s.@range", "@s.@enum[]",
    "@s.@domain[]",
)  # fmt: skip

DEFAULTS = ("", "", "", "", "NOT NULL", "DEFAULT NULL")


class Names:
    """Gives words hostile names: all different, some as long as PostgreSQL lets them be."""

    def __init__(self, dice: random.Random, database: str) -> None:
        self._dice = dice
        self._database = database
        self._count = 0
        self._shared: dict[str, str] = {}

    def schema(self) -> Words:
        """Words of one more schema."""
        return Words(self)

    def shared(self, word: str) -> str:
        """The name of something that all schemas share."""
        if word not in self._shared:
            tail = f" {self._database}" if word.startswith("role_") else ""
            self._shared[word] = self.fresh() + tail
        return self._shared[word]

    def fresh(self) -> str:
        """A name that was not given before."""
        self._count += 1
        name = f"{self._dice.choice(FRAGMENTS)}{self._count}"
        is_long = self._count % 11 == 0
        return name + "x" * (LONGEST - len(name.encode())) if is_long else name


class Words:
    """The names of one schema's words."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._own: dict[str, str] = {}

    def fill(self, script: str) -> str:
        """The script with a quoted name for each @word."""
        return re.sub(r"@([a-z][a-z_0-9]*)", lambda match: self._quoted(match[1]), script)

    def _quoted(self, word: str) -> str:
        if word.startswith(("db_", "role_")):
            name = self._names.shared(word)
        else:
            if word not in self._own:
                self._own[word] = self._names.fresh()
            name = self._own[word]
        return '"' + name.replace('"', '""') + '"'


def build(connection: psycopg.Connection, seed: int) -> None:
    """Fill an empty database; the connection is a superuser's and commits by itself."""
    dice = random.Random(seed)  # names, not keys
    names = Names(dice, connection.info.dbname)
    version = connection.info.server_version // 10000
    sections = _sections()
    connection.execute("SET check_function_bodies = off")
    for section in ("once", *(["once since 16"] if version >= 16 else [])):
        connection.execute(_as_is(names.schema().fill(sections[section])))
    for _ in range(SCHEMAS):
        words = names.schema()
        wanted = ["always", *(f"since {since}" for since in (15, 18) if version >= since)]
        for section in wanted:
            connection.execute(_as_is(words.fill(sections[section])))
        for number in range(TABLES):
            connection.execute(_as_is(words.fill(_table(dice, number))))
        connection.execute(_as_is(words.fill("ANALYZE @s.@parent; ANALYZE @s.@random_1")))
    connection.execute(_as_is(names.schema().fill(sections["at the end"])))


def _sections() -> dict[str, str]:
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    _, *parts = re.split(
        r"^-- ((?:once|always|at the end)(?: since \d+)?|since \d+)$", script, flags=re.MULTILINE
    )
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _table(dice: random.Random, number: int) -> str:
    columns = [f"random_{number}_{position}" for position in range(dice.randint(1, 14))]
    defined = [f"@{column} {dice.choice(TYPES)} {dice.choice(DEFAULTS)}" for column in columns]
    table = f"CREATE TABLE @s.@random_{number} ({', '.join(defined)})"
    comments = [
        f"COMMENT ON COLUMN @s.@random_{number}.@{column} IS 'About {column}'"
        for column in columns[::3]
    ]
    return "; ".join((table, *comments))


def _as_is(script: str) -> sql.SQL:
    return sql.SQL(script)  # a file of ours
