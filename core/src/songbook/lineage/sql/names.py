"""Names: folded by the dialect's rules, qualified with the defaults, written with dots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from songbook.lineage.sql.dialects import SqlDialect
from songbook.urn import field_path

Schema = Mapping[str, Sequence[str]] | Callable[[str], Sequence[str] | None]
"""The columns of tables by their dotted names; a callable gives None for a table it lacks."""


@dataclass(slots=True)
class Names:
    """How names are read in one place of a script: its dialect and its current defaults."""

    dialect: SqlDialect
    database: str | None = None
    schema: str | None = None
    _insensitive: bool = field(init=False)

    def __post_init__(self) -> None:
        self._insensitive = self.dialect.identifiers.columns == "insensitive"
        if self.dialect.levels == 2:
            self.database, self.schema = None, self.schema or self.database

    def fold(self, identifier: exp.Expr) -> str:
        """An identifier as the platform stores it."""
        text = identifier.name
        rules = self.dialect.identifiers
        rule = rules.quoted if identifier.args.get("quoted") else rules.unquoted
        return text if rule == "keep" else text.lower() if rule == "lower" else text.upper()

    def key(self, name: str) -> str:
        """What the names of columns and aliases are compared by."""
        return name.lower() if self._insensitive else name

    def parts(self, table: exp.Table) -> list[str]:
        """The parts of a table's name as written, folded."""
        return [self.fold(part) for part in table.parts]

    def qualified(self, parts: Sequence[str]) -> str:
        """A table's dotted name, with the defaults put before it as far as they are known."""
        whole = list(parts)
        if len(whole) == 1:
            whole = self._before_table(whole[0])
        elif len(whole) > 2 and not whole[-2]:
            whole[-2] = self.dialect.empty_schema or ""
        if len(whole) == 2 and self.dialect.levels == 3 and self.database:
            whole.insert(0, self.database)
        return field_path(*whole)

    def _before_table(self, table: str) -> list[str]:
        system = self.dialect.system_schema
        if system and table.startswith("pg_"):
            return [system, table]
        return [self.schema, table] if self.schema else [table]


class Columns:
    """The known columns of tables: what the caller knows, and what the script itself creates."""

    def __init__(self, schema: Schema | None, dialect: SqlDialect) -> None:
        self._created: dict[str, list[str]] = {}
        self._exact: Callable[[str], Sequence[str] | None] = (
            schema if callable(schema) else (schema or {}).get
        )
        self._folded: dict[str, str] = {}
        if dialect.identifiers.tables == "insensitive" and isinstance(schema, Mapping):
            self._folded = {name.lower(): name for name in schema}

    def stored_name(self, table: str) -> str:
        """The table's name in the spelling of the schema."""
        return self._folded.get(table.lower(), table)

    def of(self, table: str) -> list[str] | None:
        """The columns of a table in order, or None."""
        known = self._created.get(table) or self._exact(table)
        return list(known) if known else None

    def create(self, table: str, columns: Iterable[str] | None) -> None:
        """Remember (or with None forget) the columns of a table that the script creates."""
        if columns is None:
            self._created.pop(table, None)
        else:
            self._created[table] = list(columns)
