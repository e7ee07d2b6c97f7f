"""What differs between the dialects of SQL, as data.

Sources: the vendors' pages on identifiers, name resolution and the select list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from sqlglot.dialects.dialect import Dialect, NormalizationStrategy
from sqlglot.dialects.dialect import Dialects as Known

from songbook.errors import ConfigError
from songbook.identifiers import (
    BIGQUERY,
    DATABRICKS,
    MYSQL,
    POSTGRES,
    REDSHIFT,
    SNOWFLAKE,
    Identifiers,
)

Clause = Literal["select", "where", "group", "having", "order"]


@dataclass(frozen=True, slots=True)
class SqlDialect:
    """The rules of one dialect that lineage depends on.

    `aliases_in` names the clauses in which a select item can be called by its alias where no
    column has that name; `alias_first` those in which the alias wins over a column.
    `unnamed` says what an item without a name is called. `dotted_fields`: `a.b` may be a field of
    the column a; `fields_are_columns`: that field is one of the table's (nested) columns.
    """

    name: str
    sqlglot: str
    identifiers: Identifiers
    levels: Literal[2, 3] = 3
    dotted_fields: bool = True
    fields_are_columns: bool = True
    aliases_in: frozenset[Clause] = frozenset({"group", "having", "order"})
    alias_first: frozenset[Clause] = frozenset({"order"})
    unnamed: Literal["postgres", "text", "bigquery"] = "text"
    system_schema: str | None = None
    empty_schema: str | None = None
    pseudo_columns: re.Pattern[str] | None = None

    def is_pseudo_column(self, name: str) -> bool:
        """Whether tables have a column of that name that no list of columns shows."""
        return self.pseudo_columns is not None and bool(self.pseudo_columns.fullmatch(name))


_EVERYWHERE: frozenset[Clause] = frozenset({"select", "where", "group", "having", "order"})
_SELECT_LIST: frozenset[Clause] = frozenset({"select", "group", "having", "order"})
_ANY_CASE = Identifiers("keep", "keep", "insensitive", "insensitive")
_POSTGRES = SqlDialect(
    "postgres",
    "postgres",
    POSTGRES,
    dotted_fields=False,
    fields_are_columns=False,
    aliases_in=frozenset({"group", "order"}),
    pseudo_columns=re.compile("ctid|xmin|xmax|cmin|cmax|tableoid|oid"),
    unnamed="postgres",
    system_schema="pg_catalog",
)
_MYSQL = SqlDialect(
    "mysql", "mysql", MYSQL, levels=2, dotted_fields=False, fields_are_columns=False
)

_OURS = {
    "postgres": _POSTGRES,
    "redshift": replace(
        _POSTGRES,
        name="redshift",
        sqlglot="redshift",
        identifiers=REDSHIFT,
        dotted_fields=True,
        aliases_in=_SELECT_LIST,
    ),
    "mysql": _MYSQL,
    "mariadb": replace(_MYSQL, name="mariadb"),
    "snowflake": SqlDialect(
        "snowflake",
        "snowflake",
        SNOWFLAKE,
        fields_are_columns=False,
        aliases_in=_EVERYWHERE,
        empty_schema="PUBLIC",
        pseudo_columns=re.compile(r"METADATA\$\w+"),
    ),
    "bigquery": SqlDialect(
        "bigquery",
        "bigquery",
        BIGQUERY,
        unnamed="bigquery",
        pseudo_columns=re.compile(
            "_table_suffix|_partition(time|date)|_file_name|_change_(type|timestamp)", re.IGNORECASE
        ),
    ),
    "databricks": SqlDialect(
        "databricks",
        "databricks",
        DATABRICKS,
        aliases_in=_SELECT_LIST,
        pseudo_columns=re.compile("_metadata|_change_type|_commit_(version|timestamp)"),
    ),
    "duckdb": SqlDialect(
        "duckdb", "duckdb", _ANY_CASE, aliases_in=_EVERYWHERE, pseudo_columns=re.compile("rowid")
    ),
    "tsql": SqlDialect("tsql", "tsql", _ANY_CASE, dotted_fields=False, empty_schema="dbo"),
}
_BY_STRATEGY = {
    NormalizationStrategy.LOWERCASE: POSTGRES,
    NormalizationStrategy.UPPERCASE: SNOWFLAKE,
    NormalizationStrategy.CASE_SENSITIVE: Identifiers("keep", "keep", "sensitive", "sensitive"),
}


@lru_cache(maxsize=64)
def dialect_named(name: str) -> SqlDialect:
    """The rules of a dialect; raises ConfigError for a name that nobody knows."""
    if name in _OURS:
        return _OURS[name]
    if not name or name not in {known.value for known in Known}:
        raise ConfigError(
            f"There is no SQL dialect called {name!r}.", hint=f"Known are: {', '.join(known())}."
        )
    strategy = Dialect.get_or_raise(name).NORMALIZATION_STRATEGY
    return SqlDialect(name, name, _BY_STRATEGY.get(strategy, _ANY_CASE), aliases_in=_SELECT_LIST)


def known() -> list[str]:
    """The names of all dialects."""
    return sorted({*_OURS, *(known.value for known in Known if known.value)})
