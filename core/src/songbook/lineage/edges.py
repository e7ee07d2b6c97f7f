"""The results that every language of `songbook.lineage` gives: edges between columns.

The subtypes are OpenLineage's (https://openlineage.io/docs/spec/facets/dataset-facets/column_lineage_facet).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direct = Literal["IDENTITY", "TRANSFORMATION", "AGGREGATION"]
Indirect = Literal["JOIN", "GROUP_BY", "FILTER", "SORT", "WINDOW", "CONDITIONAL"]

STAR = "*"
"""The column of an edge that stands for all columns of a table that nobody has listed."""


@dataclass(frozen=True, slots=True)
class ColumnEdge:
    """One column that depends on another.

    `downstream_table` is None for a bare query, `downstream_column` is None where the upstream
    column decides which rows there are. `expression` is the text of the output column where it is
    more than a copy.
    """

    downstream_table: str | None
    downstream_column: str | None
    upstream_table: str
    upstream_column: str
    subtype: Direct | Indirect
    expression: str | None = None

    @property
    def type(self) -> Literal["DIRECT", "INDIRECT"]:
        """Whether values flow, or only decide."""
        return (
            "DIRECT"
            if self.subtype in ("IDENTITY", "TRANSFORMATION", "AGGREGATION")
            else "INDIRECT"
        )
