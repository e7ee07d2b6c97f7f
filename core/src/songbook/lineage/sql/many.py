"""Many definitions: from the cache where they are in it, else computed, over the cores."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from songbook.lineage.sql.analysis import analysis_of
from songbook.lineage.sql.cache import Cache
from songbook.lineage.sql.definition import Analysis, Definition, KnownColumns
from songbook.lineage.sql.pool import Pool
from songbook.lineage.sql.result import SqlLineage

BATCH: Final = 2_000
"""Definitions that are looked up, and if need be handed out, together."""
FEW: Final = 64
"""Up to so many definitions are computed faster here than processes are started."""


def analyze_many(
    definitions: Iterable[Definition],
    *,
    schema: KnownColumns | None = None,
    cache_dir: Path | None = None,
    processes: int | None = None,
) -> Iterator[SqlLineage]:
    """The lineage of each definition, in their order, streamed.

    `processes` is how many work at once (as many as there are cores, if None); what ends one of
    them or takes too long is an error in its result. Raises ConfigError for an unknown dialect.
    """
    for analysis in _analyses(definitions, schema or {}, cache_dir, processes):
        yield analysis.lineage


def tables_of_many(
    definitions: Iterable[Definition],
    *,
    cache_dir: Path | None = None,
    processes: int | None = None,
) -> frozenset[str]:
    """The tables whose columns `analyze_many` would ask for, of all definitions together."""
    found: set[str] = set()
    for analysis in _analyses(definitions, {}, cache_dir, processes):
        found.update(analysis.asked)
    return frozenset(found)


def _analyses(
    definitions: Iterable[Definition],
    schema: KnownColumns,
    cache_dir: Path | None,
    processes: int | None,
) -> Iterator[Analysis]:
    cache = Cache(cache_dir) if cache_dir is not None else None
    pool = Pool(schema, processes or os.cpu_count() or 1)
    waiting = iter(definitions)
    try:
        while batch := list(islice(waiting, BATCH)):
            yield from _batch(batch, schema, cache, pool)
    finally:
        pool.close()
        if cache is not None:
            cache.close()


def _batch(
    batch: list[Definition], schema: KnownColumns, cache: Cache | None, pool: Pool
) -> Iterator[Analysis]:
    """What the cache has, and between that, in its turn, what had to be computed."""
    kept = [cache.get(definition, schema) if cache else None for definition in batch]
    missing = [definition for definition, it in zip(batch, kept, strict=True) if it is None]
    computed = _computed(missing, schema, pool)
    for definition, analysis in zip(batch, kept, strict=True):
        if analysis is not None:
            yield analysis
            continue
        fresh = next(computed)
        if cache is not None:
            cache.put(definition, schema, fresh)
        yield fresh


def _computed(missing: list[Definition], schema: KnownColumns, pool: Pool) -> Iterator[Analysis]:
    if pool.size == 1 or len(missing) <= FEW:
        return (analysis_of(definition, schema) for definition in missing)
    return pool.run(missing)
