"""`make bench`: measure whole programs, and write RESULTS.md.

python -m benchmarks [--small] [SECTION ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks import graph, lineage, peers, pipe, report, startup, taps, target
from benchmarks.scale import FULL, SMALL, Scale

COMPUTER = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
RESULTS = Path(__file__).parent / "RESULTS.md"

SECTIONS: dict[str, Callable[[Scale], str]] = {
    **{tap: partial(taps.section, tap) for tap in taps.SOURCES},
    "target": target.section,
    "pipe": pipe.section,
    "startup": startup.section,
    "peers": peers.section,
    "lineage": lineage.section,
    "graph": graph.section,
}
"""Each measures something and gives a section of the report, which begins with its `##` heading."""


def main(args: Sequence[str]) -> None:
    """Measure the named sections, or all, and put each into the report when it is done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--output", type=Path, default=RESULTS)
    given = parser.parse_args(args)
    scale = SMALL if given.small else FULL
    for name in given.sections or SECTIONS:
        if name not in SECTIONS:
            parser.error(f"no section {name}; there are {', '.join(SECTIONS)}")
        section = f"{SECTIONS[name](scale)}\n\nMeasured on {COMPUTER}."
        report.put(given.output, section)
        sys.stdout.write(f"{section}\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
