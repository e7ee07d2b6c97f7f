"""Databases with every kind of object there is, under names that break careless code.

`build` is deterministic: the same seed gives the same objects.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mysql_servers import Server, quoted

DATABASES = 4
"""How often the script of all kinds runs, each time in a database of its own."""
TABLES = 26
"""Tables with random columns in each database."""
LONGEST = 64
"""Characters of a name, at most."""
SHORTER = {"account": 32, "role": 32, "parent": 50}
"""Words whose names are shorter: MySQL's accounts, and a table whose name others begin with."""

FRAGMENTS = (
    "plain", "UPPER", "Mixed Case", "it's", 'say "hi"', "a.b", "a/b", "back\\slash", "100%",
    "%(databases)s", "%s", "~tilde", "#hash", "new\nline", "tab\tbed", "note ♫", "select",
    "from", "ünïcödé", "日本語", "a,b", "(open", "close)", "[square]", "{curly}", "$dollar$",
    "semi;colon", "-- comment", "/* comment */", " leading", "''", '""', ":colon",
    "question?", "a&b", "null", "user", "table", "a=b", "|pipe|", "<tag>", "back`tick", "a_b",
)  # fmt: skip

TYPES = (
    "tinyint", "tinyint(1)", "smallint unsigned", "mediumint(5)", "int", "int(9) zerofill",
    "bigint", "bigint unsigned", "decimal", "decimal(10,2)", "decimal(7,0) unsigned", "float",
    "float(7,3)", "double", "double(9,4) unsigned", "bit", "bit(13)", "year", "date", "time",
    "time(3)", "datetime", "datetime(6)", "timestamp null", "char(7)", "varchar(20)",
    "varchar(30) character set utf8mb4 collate utf8mb4_bin", "varchar(9) character set latin1",
    "tinytext", "text", "mediumtext", "longtext", "binary(4)", "varbinary(9)", "tinyblob", "blob",
    "longblob", "json", "enum('plain','it''s','a,b')", "set('x','y z')", "point", "geometry",
    "polygon", "/*!80000 point srid 4326 */ /*M! uuid */", "/*!90000 vector(3) */ /*M! inet6 */",
)  # fmt: skip
"""What MySQL and MariaDB call differently stands in comments that the one takes for code."""

TRAITS = (
    "", "", "", "not null", "comment 'it''s \"about\" \\\\ this'",
    "/*M! invisible */ /*!80023 invisible */",
)  # fmt: skip


class Names:
    """Gives words hostile names: all different, some as long as names may be."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._count = 0

    def fresh(self, longest: int = LONGEST) -> str:
        """A name that was not given before."""
        self._count += 1
        name = f"{self._dice.choice(FRAGMENTS)}{self._count}"
        return name + "x" * (longest - len(name)) if self._count % 11 == 0 else name


def build(server: Server, seed: int) -> tuple[str, ...]:
    """Fill new databases and give their names."""
    dice = random.Random(seed)  # names, not keys
    names = Names(dice)
    return tuple(_build_one(server, dice, names) for _ in range(DATABASES))


def _build_one(server: Server, dice: random.Random, names: Names) -> str:
    own: dict[str, str] = {}

    def fill(script: str) -> str:
        for word in re.findall(r"@([a-z][a-z_0-9]*)", script):
            if word not in own:
                own[word] = names.fresh(SHORTER.get(word, LONGEST))
        return re.sub(r"@([a-z][a-z_0-9]*)", lambda match: quoted(own[match[1]]), script)

    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    statements = [*script.split(";;\n"), *(_table(dice, number) for number in range(TABLES))]
    with server.connect() as connection, connection.cursor() as cursor:
        for statement in statements:
            if text := _for(server, statement).strip():
                cursor.execute(fill(text))
    return own["s"]


def _for(server: Server, statement: str) -> str:
    """A statement without the comments that the server takes for code, or not: names that come
    later may end a comment."""
    code, other = (r"M!", r"!\d+") if server.is_mariadb else (r"!\d+", r"M!")
    without = re.sub(rf"/\*{other} .*? \*/", "", statement, flags=re.DOTALL)
    return re.sub(rf"/\*{code} (.*?) \*/", r"\1", without, flags=re.DOTALL)


@contextmanager
def swept(server: Server) -> Iterator[None]:
    """Drop afterwards what came to the server in between: databases, accounts and roles."""
    databases, accounts = _databases(server), _accounts(server)
    try:
        yield
    finally:
        server.run(*(f"DROP DATABASE {quoted(one)}" for one in _databases(server) - databases))
        for user, host in _accounts(server) - accounts:
            kind, at = ("USER", f"@{quoted(host)}") if host else ("ROLE", "")
            server.run(f"DROP {kind} {quoted(user)}{at}")


def _databases(server: Server) -> set[str]:
    return {name for (name,) in server.run("SHOW DATABASES")}


def _accounts(server: Server) -> set[tuple[str, str]]:
    return set(server.run("SELECT user, host FROM mysql.user"))


def _table(dice: random.Random, number: int) -> str:
    """A table of random columns and keys on them."""
    columns = [f"r_{number}_{position}" for position in range(dice.randint(1, 14))]
    defined = [f"@{column} {dice.choice(TYPES)} {dice.choice(TRAITS)}" for column in columns]
    defined.append(f"@r_{number}_id bigint unsigned not null auto_increment")
    defined.append(f"@r_{number}_code varchar(40) not null default 'it''s \\\\ %'")
    defined.append(f"primary key (@r_{number}_id)")
    defined.append(f"unique key @r_{number}_u (@r_{number}_code(9), @r_{number}_id desc)")
    defined.append(
        f"constraint @r_{number}_f foreign key (@r_{number}_id) references @s.@parent (@id)"
        f" on delete {dice.choice(('cascade', 'restrict', 'no action'))}"
    )
    defined.append(f"constraint @r_{number}_c check (@r_{number}_code <> '{number}')")
    return f"create table @s.@random_{number} ({', '.join(defined)}) comment 'it''s table {number}'"
