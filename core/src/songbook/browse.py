"""Looking around in a source: the same reads, narrowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from songbook.connector import Connector, Gap, Item, Request
from songbook.errors import NotSupported, SourceError
from songbook.extract import Allowance, parse
from songbook.records import Column, Container, Record, Table
from songbook.settings import Settings

AnyRecord = TypeVar("AnyRecord", bound=Record)


def browse(connector: Connector, config: Settings | Mapping[str, Any]) -> Browser:
    """A view of a source; each call connects, asks and disconnects."""
    return Browser(connector, parse(connector, config))


class Browser:
    """Answers what there is, one level at a time."""

    def __init__(self, connector: Connector, settings: Settings) -> None:
        self._connector = connector
        self._settings = settings

    def schemas(self) -> Iterator[Container]:
        """The databases, schemas or other containers."""
        return self._read(Container, Request())

    def tables(self, schema: str) -> Iterator[Table]:
        """The relations of a schema."""
        return self._read(Table, Request(schemas=(schema,)))

    def columns(self, schema: str, table: str) -> Iterator[Column]:
        """The columns of a relation."""
        return self._read(Column, Request(schemas=(schema,), tables=(table,)))

    def changed(self, since: datetime) -> Iterator[Record]:
        """What changed after a time, by the source's own clock.

        Raises NotSupported for a source that has none: the catalog's change feed knows.
        """
        clocked = [one for one in self._connector.streams if one.changed_at]
        if not clocked:
            raise NotSupported(
                f"{self._connector.title} keeps no time of changes.",
                hint="Load it into a catalog and read catalog.changes.",
            )
        marks = {kind.STREAM: since for one in clocked for kind in one.yields}
        return self._run([kind for one in clocked for kind in one.yields], Request(since=marks))

    def _read(self, kind: type[AnyRecord], request: Request) -> Iterator[AnyRecord]:
        for record in self._run([kind], request):
            if isinstance(record, kind):
                yield record

    def _run(self, kinds: list[type[Record]], request: Request) -> Iterator[Record]:
        """The records of some types, of all parts that can be read.

        Raises where there is none of those, or a read sees only half: nobody reads coverage here.
        """
        allowance = Allowance(self._connector, self._settings)
        errors, answers = [], 0
        with self._connector.connect(self._settings) as client:
            for part in self._connector.parts(client, allowance.wants):
                if part.error is not None:
                    errors.append(part.error)
                    continue
                answers += 1
                for stream in self._connector.streams:
                    if {kind.STREAM for kind in {*stream.yields} & {*kinds}} - part.skip:
                        yield from _seen(stream.read(part.client, request), kinds, allowance)
        if errors and not answers:
            raise errors[0]


def _seen(
    items: Iterable[Item], kinds: list[type[Record]], allowance: Allowance
) -> Iterator[Record]:
    for item in items:
        if isinstance(item, Gap):
            raise SourceError(item.diagnostic.title, hint=item.diagnostic.remediation)
        if type(item) in kinds and allowance.admits(item):
            yield item
