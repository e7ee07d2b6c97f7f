"""The floor of a pipe: lines of a tap decoded by msgspec, validated, and sent to a table by COPY.

python -m benchmarks.bare_load URL TABLE < LINES
"""

from __future__ import annotations

import sys

import jsonschema_rs
import msgspec
import psycopg

from target_catalog.streams import bundled


class Line(msgspec.Struct):
    """What matters of a message."""

    stream: str = ""
    record: dict[str, object] = {}


def main(url: str, table: str) -> None:
    """Load the records of columns; all other lines are only decoded."""
    stream = bundled()["column"]
    is_valid = jsonschema_rs.validator_for(stream.schema, validate_formats=True).is_valid
    decode = msgspec.json.Decoder(Line).decode
    encode = msgspec.json.Encoder().encode
    names = stream.column_names
    columns = ", ".join(f'"{name}"' for name in names)
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy,
    ):
        for line in sys.stdin.buffer:
            message = decode(line)
            record = message.record
            if message.stream == stream.name and is_valid(record):
                copy.write_row(
                    [
                        encode(value).decode() if isinstance(value, dict | list) else value
                        for value in map(record.get, names)
                    ]
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
