"""Which functions aggregate, where the parser does not say."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

POSITIONAL: Final = (
    exp.CumeDist,
    exp.DenseRank,
    exp.FirstValue,
    exp.Lag,
    exp.LastValue,
    exp.Lead,
    exp.NthValue,
    exp.Ntile,
    exp.PercentRank,
    exp.Rank,
)
"""Functions that the parser counts among the aggregates and that pick or number rows."""

AGGREGATE_NAMES: Final = frozenset(
    (
        "ANY_VALUE",
        "APPROXIMATE_COUNT_DISTINCT",
        "APPROX_COUNT_DISTINCT",
        "APPROX_PERCENTILE",
        "ARRAY_AGG",
        "BITMAP_AGG",
        "BITMAP_CONSTRUCT_AGG",
        "BITMAP_OR_AGG",
        "BIT_AND",
        "BIT_OR",
        "BIT_XOR",
        "BOOL_AND",
        "BOOL_OR",
        "COLLECT_LIST",
        "COLLECT_SET",
        "COUNT_IF",
        "EVERY",
        "GROUP_CONCAT",
        "HASH_AGG",
        "HLL",
        "HLL_ACCUMULATE",
        "HLL_COMBINE",
        "HLL_SKETCH_AGG",
        "HLL_UNION_AGG",
        "JSONB_AGG",
        "JSONB_OBJECT_AGG",
        "JSON_AGG",
        "JSON_ARRAYAGG",
        "JSON_GROUP_ARRAY",
        "JSON_GROUP_OBJECT",
        "JSON_OBJECTAGG",
        "JSON_OBJECT_AGG",
        "LISTAGG",
        "MAP_AGG",
        "MAX_BY",
        "MEDIAN",
        "MIN_BY",
        "MODE",
        "MULTIMAP_AGG",
        "PERCENTILE",
        "PERCENTILE_APPROX",
        "RANGE_AGG",
        "RANGE_INTERSECT_AGG",
        "REGR_COUNT",
        "STD",
        "STDDEV",
        "STDDEV_POP",
        "STDDEV_SAMP",
        "STRING_AGG",
        "ST_COLLECT",
        "ST_UNION",
        "ST_UNION_AGG",
        "SUM_DISTINCT",
        "VARIANCE",
        "VAR_POP",
        "VAR_SAMP",
        "XMLAGG",
    )
)
"""Aggregates of the vendors' function lists that may reach us as functions without a meaning."""
