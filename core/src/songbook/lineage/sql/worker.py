"""A worker process: `python -m songbook.lineage.sql.worker`, which analyzes what it is sent.

It reads frames on stdin: first the known columns, then one definition after another, each of
which it answers with its analysis on stdout.
"""

from __future__ import annotations

import sys

import msgspec

from songbook.errors import SongbookError
from songbook.lineage.sql.analysis import analysis_of
from songbook.lineage.sql.definition import Analysis, Definition, failed
from songbook.lineage.sql.frames import framed, next_frame


def main() -> None:
    """Answer until nobody asks any more."""
    schema = msgspec.msgpack.decode(
        next_frame(sys.stdin.buffer) or b"\x80", type=dict[str, list[str]]
    )
    while frame := next_frame(sys.stdin.buffer):
        definition = msgspec.msgpack.decode(frame, type=Definition)
        sys.stdout.buffer.write(framed(_answer(definition, schema)))
        sys.stdout.buffer.flush()


def _answer(definition: Definition, schema: dict[str, list[str]]) -> Analysis:
    try:
        return analysis_of(definition, schema)
    except SongbookError as error:
        return failed(str(error))


if __name__ == "__main__":
    main()
