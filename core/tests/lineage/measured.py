"""Analyzes a text in a process of its own, and tells what was found and what it cost.

python measured.py DIALECT SCHEMA.json < text > answer.json

The process may take 4 GB and a minute of CPU time; beyond that it dies.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from pathlib import Path

from songbook.lineage.sql import SqlLineage, analyze

MEMORY = 4 << 30
SECONDS = 60
EDGES_TOLD = 3000


def main(dialect: str, schema: str) -> None:
    """Do the work in a thread, whose stack is smaller than that of a process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    columns = json.loads(Path(schema).read_bytes())
    sql = sys.stdin.buffer.read().decode()
    found: list[SqlLineage] = []
    before, started = peak(), time.process_time()
    thread = threading.Thread(
        target=lambda: found.append(analyze(sql, dialect=dialect, schema=columns))
    )
    thread.start()
    thread.join()
    cost = {"seconds": time.process_time() - started, "megabytes": peak() - before}
    json.dump(cost | told(found[0]), sys.stdout)


def told(found: SqlLineage) -> dict[str, object]:
    """What was found, as JSON; of very many edges only the first."""
    return {
        "tables_in": sorted(found.tables_in),
        "columns": sorted(
            f"{it.downstream_column} <- {it.upstream_table}.{it.upstream_column}"
            for it in found.columns[:EDGES_TOLD]
        ),
        "errors": found.errors,
    }


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
