"""How each platform compares names, as data.

`unquoted` and `quoted` say what becomes of an identifier in a statement; `tables` and `columns` say
whether two names that differ in case are two things. Sources: the vendors' pages on identifiers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The rules of one platform."""

    unquoted: Literal["lower", "upper", "keep"]
    quoted: Literal["lower", "keep"]
    tables: Literal["sensitive", "insensitive"]
    columns: Literal["sensitive", "insensitive"]

    def as_dict(self) -> dict[str, str]:
        """The rules as they stand in a `systems` record."""
        return asdict(self)


POSTGRES = Identifiers("lower", "keep", "sensitive", "sensitive")
REDSHIFT = Identifiers("lower", "lower", "insensitive", "insensitive")
MYSQL = Identifiers("keep", "keep", "sensitive", "insensitive")
SNOWFLAKE = Identifiers("upper", "keep", "sensitive", "sensitive")
BIGQUERY = Identifiers("keep", "keep", "sensitive", "insensitive")
DATABRICKS = Identifiers("lower", "lower", "insensitive", "insensitive")
