"""Statements that an edition or a user may not have: what fails is said, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from songbook import Gap, Request
from songbook.connector import Item
from songbook.errors import PermissionMissing, SourceError
from songbook.records import Diagnostic, Record
from songbook.sql import params, statements
from tap_redshift.client import Database, quote

SQL = statements("tap_redshift")
"""The statements by the names of their files."""


class Source(NamedTuple):
    """One statement of several that a stream is made of."""

    name: str
    """The name of its file."""
    of: type[Record]
    relation: str
    """The view that it reads, as a GRANT names it."""
    finds: str
    """What is missing without it."""
    fields: tuple[str, ...] = ()
    """The fields that it fills; when there are none, it finds records."""
    is_extra: bool = False
    """Whether the stream is complete without its records, because they come and go with time."""

    @property
    def statement(self) -> str:
        """Its text."""
        return SQL[self.name]

    def gap(self, database: Database, error: PermissionMissing | SourceError) -> Gap:
        """What is missing, and how to get it."""
        denied = isinstance(error, PermissionMissing)
        grant = f"GRANT SELECT ON {self.relation} TO {quote(database.user)};"
        is_complete = bool(self.fields) or self.is_extra
        return Gap(
            outcome=None if is_complete else "denied" if denied else "failed",
            diagnostic=Diagnostic(
                code=f"REDSHIFT_{self.name.upper()}_{'DENIED' if denied else 'NOT_READ'}",
                stream=self.of.STREAM,
                scope_urn=database.urn,
                severity="warning" if is_complete else "error",
                title=f"{self.finds} could not be read.",
                detail=str(error),
                remediation=grant if denied else None,
                count=1,
            ),
            unread_fields=self.fields,
        )


def attempt(source: Source, database: Database, items: Iterator[Item]) -> Iterator[Item]:
    """What a source gives; where it fails, that it does."""
    try:
        yield from items
    except (PermissionMissing, SourceError) as error:
        yield source.gap(database, error)


def facts(
    source: Source, database: Database, request: Request
) -> tuple[list[dict[str, Any]], list[Gap]]:
    """The rows of a source, or that there are none to be had."""
    try:
        return database.ask(source.statement, **params(request)), []
    except (PermissionMissing, SourceError) as error:
        return [], [source.gap(database, error)]
