"""What taps write, in the words of other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from songbook import reading


def openlineage(lines: Iterable[bytes]) -> Iterator[str]:
    """Singer messages as OpenLineage's dataset events, in JSON."""
    from songbook.export import to_openlineage  # says what is missing, where the client is

    from openlineage.client.serde import Serde  # isort: skip

    for event in to_openlineage(reading.read(lines)):
        yield Serde.to_json(event)
