"""How much a run of the benchmarks measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of what is built, and how often each program runs."""

    tables: tuple[int, ...]
    records: tuple[int, ...]
    rounds: int
    startups: int
    """How often programs run that only start."""
    warehouse: tuple[int, int]
    """Layers of the catalog whose lineage is asked for, and tables of each."""
    peers: bool
    """Whether other people's programs are installed and measured as well."""


FULL = Scale(
    tables=(1_000, 5_000, 20_000),
    records=(10_000, 100_000, 1_000_000),
    rounds=3,
    startups=15,
    warehouse=(25, 1_000),
    peers=True,
)
SMALL = Scale(
    tables=(10, 20),
    records=(1_000, 2_000),
    rounds=1,
    startups=1,
    warehouse=(5, 20),
    peers=False,
)
"""Enough to see that each measurement runs."""
