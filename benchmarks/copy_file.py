"""The floor of a load: a ready file sent to a table by COPY.

python -m benchmarks.copy_file URL TABLE < FILE
"""

from __future__ import annotations

import sys

import psycopg

BLOCK = 1 << 20


def main(url: str, table: str) -> None:
    """Send all blocks of the input."""
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy,
    ):
        while block := sys.stdin.buffer.read(BLOCK):
            copy.write(block)


if __name__ == "__main__":
    main(*sys.argv[1:])
