"""`make bench`: measure whole programs, and write RESULTS.md.

python -m benchmarks [--small] [SECTION ...]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import report, taps
from benchmarks.scale import FULL, SMALL, Scale

RESULTS = Path(__file__).parent / "RESULTS.md"

SECTIONS: dict[str, Callable[[Scale], str]] = {
    "taps": taps.section,
}
"""Each measures something and gives a section of the report, which begins with its `##` heading."""


def main(args: Sequence[str]) -> None:
    """Measure the named sections, or all, and put each into the report when it is done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--output", type=Path, default=RESULTS)
    given = parser.parse_args(args)
    for name in given.sections or SECTIONS:
        if name not in SECTIONS:
            parser.error(f"no section {name}; there are {', '.join(SECTIONS)}")
        section = SECTIONS[name](SMALL if given.small else FULL)
        report.put(given.output, section)
        sys.stdout.write(f"{section}\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
