"""The floor: the tap's own statements in a bare loop of psycopg and msgspec, written to stdout.

python -m benchmarks.floor URL
"""

from __future__ import annotations

import sys

import msgspec
import psycopg

from tap_postgres import connector

PARAMS = {"schemas": None, "tables": None}


def main(url: str) -> None:
    """Read all default streams and write one line a row."""
    encode = msgspec.json.Encoder().encode
    out = sys.stdout.buffer
    with psycopg.connect(
        url, options="-c search_path= -c jit=off -c cursor_tuple_fraction=1"
    ) as connection:
        for stream in connector.streams:
            if not stream.yields[0].DEFAULT or stream.statement is None:
                continue
            with connection.cursor("floor") as cursor:
                cursor.itersize = 5000
                cursor.execute(stream.statement.encode(), PARAMS)
                names = [column.name for column in cursor.description or ()]
                for row in cursor:
                    out.write(encode(dict(zip(names, row, strict=True))) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
