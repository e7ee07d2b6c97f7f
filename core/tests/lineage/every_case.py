"""Prints the lineage of every case, in the order it was found.

python every_case.py CASES_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import case_files

from songbook.lineage.sql import analyze


def main(folder: str) -> None:
    """One line for each part of a lineage; the sets are sorted, the rest is left as it came."""
    for path in sorted(Path(folder).glob("*/*.cases")):
        for case in case_files.read(path):
            found = analyze(
                case.sql,
                dialect=case.dialect,
                default_database=case.default_database,
                default_schema=case.default_schema,
                schema=case.schema,
            )
            parts = (*found.columns, *found.indirect, *found.errors, found.confidence)
            tables = (sorted(found.tables_in), sorted(found.tables_out))
            for part in (case.name, *tables, *parts):
                sys.stdout.write(f"{part!r}\n")


if __name__ == "__main__":
    main(sys.argv[1])
