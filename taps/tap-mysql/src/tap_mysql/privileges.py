"""What an account may do, read from SHOW GRANTS."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

ALL = "ALL PRIVILEGES"
EVERYWHERE = "*.*"
ROUTINES = "`mysql`.`proc`"
"""Where MariaDB and MySQL 5.7 keep the source of routines."""

_LINE = re.compile(r"(GRANT|REVOKE) (.+?) ON (\S.*?) (?:TO|FROM) [`'\"]", re.DOTALL)
_COLUMNS = re.compile(r"\([^)]*\)")
_NAME = re.compile(r"`((?:[^`]|``)*)`")


@dataclass(frozen=True, slots=True)
class Privilege:
    """Privileges on the databases with one name, or with names like a pattern."""

    names: frozenset[str]
    on: str
    """`*.*`, the pattern of a database's name, or the quoted name of a table."""

    def gives(self, name: str, database: str | None) -> bool:
        """Whether it gives a privilege on a database, or on all when there is none."""
        covers = self.on == EVERYWHERE or (database is not None and like(database, self.on))
        return covers and bool({name, ALL} & self.names)


class Privileges:
    """The privileges of an account, as `SHOW GRANTS` lists them."""

    def __init__(self, lines: Iterable[str]) -> None:
        found = [match.groups() for match in map(_LINE.match, lines) if match]
        self._given = [_privilege(names, on) for verb, names, on in found if verb == "GRANT"]
        self._taken = [_privilege(names, on) for verb, names, on in found if verb == "REVOKE"]

    def cover(self, names: Collection[str], databases: Sequence[str] | None) -> bool:
        """Whether one of the privileges is there for each database; None means all there are."""
        return all(
            any(self._has(name, database) for name in names)
            for database in ([None] if databases is None else databases)
        )

    def show_routines(self) -> bool:
        """Whether all routines are shown with their source: by the server's own table, or by the
        privilege that MySQL 8 has for it."""
        of_table = any("SELECT" in one.names and one.on == ROUTINES for one in self._given)
        return of_table or self.cover(("SELECT",), ["mysql"]) or self.cover(("SHOW_ROUTINE",), None)

    def _has(self, name: str, database: str | None) -> bool:
        taken = any(
            database is None or like(database, one.on)
            for one in self._taken
            if {name, ALL} & one.names
        )
        return not taken and any(one.gives(name, database) for one in self._given)


def _privilege(names: str, on: str) -> Privilege:
    words = frozenset(one.strip() for one in _COLUMNS.sub("", names).split(","))
    parts = _NAME.findall(on)
    is_database = on.endswith(".*") and len(parts) == 1
    return Privilege(words, parts[0].replace("``", "`") if is_database else on)


def like(name: str, pattern: str) -> bool:
    r"""Whether a name is like a pattern of GRANT, in which `%` and `_` are wild unless escaped."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    text = "".join(wild.get(part) or re.escape(part[-1]) for part in parts)
    return re.fullmatch(text, name, re.DOTALL) is not None


def quoted(identifier: str) -> str:
    """An identifier as it may stand in a statement for people to run."""
    return "`" + identifier.replace("`", "``") + "`"
