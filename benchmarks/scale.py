"""How much a run of the benchmarks measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of what is built, and how often each program runs."""

    tables: tuple[int, ...]
    records: tuple[int, ...]
    rounds: int
    peers: bool
    """Whether other people's programs are installed and measured as well."""


FULL = Scale(
    tables=(1_000, 5_000, 20_000), records=(10_000, 100_000, 1_000_000), rounds=3, peers=True
)
SMALL = Scale(tables=(10, 20), records=(200, 400), rounds=1, peers=False)
"""Enough to see that each measurement runs."""
