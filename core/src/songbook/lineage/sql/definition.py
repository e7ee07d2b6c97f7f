"""Definitions: texts to analyze, and what an analysis of one brings back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from songbook.lineage.sql.result import SqlLineage

KnownColumns = Mapping[str, Sequence[str]]
"""The columns of tables by their dotted names."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One text, its dialect, and what its unqualified names mean."""

    sql: str
    dialect: str
    default_database: str | None = None
    default_schema: str | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The lineage of a definition, and the tables whose columns it was asked for."""

    lineage: SqlLineage
    asked: tuple[str, ...] = ()


def failed(reason: str) -> Analysis:
    """What stands for an analysis that did not come to an end."""
    return Analysis(SqlLineage(errors=(reason,), confidence=0.0))
