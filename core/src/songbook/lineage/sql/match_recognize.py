"""MATCH_RECOGNIZE: rows that match a pattern, as what is measured of them."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.aliases import named
from songbook.lineage.sql.expressions import flow_of
from songbook.lineage.sql.flows import TRANSFORMED, merged
from songbook.lineage.sql.relations import Field, Item, Relation
from songbook.lineage.sql.scope import Scope


def recognize(scope: Scope, match: exp.MatchRecognize) -> None:
    """MATCH_RECOGNIZE: its partition and measures, and with ALL ROWS the table's columns too."""
    names = scope.context.names
    for pattern in match.args.get("define") or []:
        name = pattern.args.get("alias")
        if isinstance(name, exp.Identifier):
            scope.sources.append(
                scope.sources[0]._replace(key=names.key(names.fold(name)), hidden=True)
            )
    everything = "ALL" in (match.args["rows"].name if match.args.get("rows") else "").upper()
    items: list[Item] = list(scope.sources[0].relation.items) if everything else []
    partition = [] if everything else match.args.get("partition_by") or []
    items += [scope.column(node) for node in partition if isinstance(node, exp.Column)]
    for measure in match.args.get("measures") or []:
        label = names.fold(measure.this.args["alias"])
        value = measure.this.this
        navigates = isinstance(value, exp.First | exp.Last)
        flow = (
            merged([flow_of(value.this, scope)], TRANSFORMED)
            if navigates
            else flow_of(value, scope)
        )
        items.append(Field(label, names.key(label), flow, value))
    relation = Relation(items, frozenset(scope.rows))
    scope.sources = []
    scope.add(named(match.args.get("alias"), relation, scope))
