"""The floor of a tap: its statements in a bare loop of driver and msgspec, a line a row on stdout.

python -m benchmarks.floor FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

Answer: TypeAlias = tuple[Sequence[str], Iterator[Sequence[Any]]]


def main(file: str) -> None:
    """Run what the file names, with the driver and the settings that it names."""
    given = json.loads(Path(file).read_text(encoding="utf-8"))
    encode = msgspec.json.Encoder().encode
    out = sys.stdout.buffer
    for names, rows in DRIVERS[given["driver"]](given["connect"], given["statements"]):
        for row in rows:
            out.write(encode(dict(zip(names, row, strict=True))) + b"\n")


def _postgres(connect: Mapping[str, Any], statements: Sequence[str]) -> Iterator[Answer]:
    import psycopg

    with psycopg.connect(**connect) as connection:
        for statement in statements:
            with connection.cursor("floor") as cursor:
                cursor.itersize = 5000
                cursor.execute(statement.encode())
                yield [column.name for column in cursor.description or ()], iter(cursor)


def _mysql(connect: Mapping[str, Any], statements: Sequence[str]) -> Iterator[Answer]:
    import pymysql
    from pymysql.cursors import SSCursor

    with pymysql.connect(**connect) as connection:
        for statement in statements:
            with connection.cursor(SSCursor) as cursor:
                cursor.execute(statement)
                yield [column[0] for column in cursor.description], iter(cursor)


def _redshift(connect: Mapping[str, Any], statements: Sequence[str]) -> Iterator[Answer]:
    import psycopg

    with psycopg.connect(
        **connect, cursor_factory=psycopg.ClientCursor, prepare_threshold=None
    ) as connection:
        for statement in statements:
            cursor = connection.cursor()
            rows = cursor.stream(statement.encode())
            first = list(islice(rows, 1))
            yield [column.name for column in cursor.description or ()], chain(first, rows)


DRIVERS: dict[str, Callable[[Mapping[str, Any], Sequence[str]], Iterator[Answer]]] = {
    "postgres": _postgres,
    "mysql": _mysql,
    "redshift": _redshift,
}

if __name__ == "__main__":
    main(sys.argv[1])
