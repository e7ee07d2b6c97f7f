"""Sources: the items of a FROM clause, read into a scope one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from songbook.lineage.sql.aliases import alias_columns, alias_name, named
from songbook.lineage.sql.expressions import flow_of, origins_of
from songbook.lineage.sql.flows import (
    ELEMENT,
    TRANSFORMED,
    RowUse,
    merged,
    rows_of,
)
from songbook.lineage.sql.joins import array_join, hide, merge, shared_columns, using_columns
from songbook.lineage.sql.pivots import pivoted
from songbook.lineage.sql.relations import Anything, Field, Item, Relation, renamed
from songbook.lineage.sql.scope import Scope, Source
from songbook.lineage.sql.table_functions import exploded, function_source
from songbook.lineage.sql.tables import is_dynamic, table_source


def add_from(scope: Scope, node: exp.Expr | None) -> None:
    """Read one item of a FROM clause, with the joins and laterals that hang on it."""
    if node is None:
        return
    source = _source(node, scope)
    if source is not None:
        scope.add(source)
    add_joins(scope, node)


def add_joins(scope: Scope, node: exp.Expr) -> None:
    """Read the joins and lateral views of a query, or of one item of its FROM clause."""
    for join in node.args.get("joins") or []:
        _join(scope, join)
    for lateral in node.args.get("laterals") or []:
        add_from(scope, lateral)


def _join(scope: Scope, join: exp.Join) -> None:
    first = len(scope.sources)
    if join.kind == "ARRAY":
        array_join(scope, join)
        return
    add_from(scope, join.this)
    if join.is_semi_or_anti_join:
        hide(scope, first)
    for condition in (join.args.get("on"), join.args.get("match_condition")):
        if condition is not None:
            scope.rows |= rows_of("JOIN", origins_of(condition, scope))
    using = join.args.get("using")
    if using:
        merge(scope, join, first, using_columns(using, scope))
    elif join.method == "NATURAL":
        merge(scope, join, first, shared_columns(scope, first))
    if join.is_semi_or_anti_join:
        scope.sources[first:] = [source._replace(key="") for source in scope.sources[first:]]


def _source(node: exp.Expr, scope: Scope) -> Source | None:
    reader = _READERS.get(type(node))
    if reader is not None:
        source = reader(node, scope)
    elif isinstance(node, exp.Query):
        source = Source("", (), scope.derived(node))
    else:
        source = function_source(node, scope)
    if source is None:
        return None
    for pivot in node.args.get("pivots") or []:
        source = _pivot(pivot, source, scope)
    return source


def _pivot(pivot: exp.Pivot, source: Source, scope: Scope) -> Source:
    relation = pivoted(pivot, source.relation, scope)
    alias = pivot.args.get("alias")
    if alias is None:
        return source._replace(relation=relation)
    return named(alias, relation, scope)


def _table(node: exp.Table, scope: Scope) -> Source | None:
    if node.args.get("rows_from"):
        return named(node.args.get("alias"), _all_of(node.args["rows_from"], scope), scope)
    is_call = isinstance(node.this, exp.Func | exp.SemanticView)
    if is_call and not is_dynamic(node.this):
        return function_source(node, scope)
    source = table_source(node, scope)
    read_tables(node.args.get("sample"), scope)
    columns = alias_columns(node.args.get("alias"), scope)
    if columns:
        return source._replace(relation=renamed(source.relation, columns))
    return source


def _derived(node: exp.Subquery, scope: Scope) -> Source:
    inner = node.this
    if _is_from_item(inner):
        return _parenthesized(node, inner, scope)
    whole = not (node.args.get("pivots") or node.args.get("joins"))
    return named(node.args.get("alias"), scope.derived(node if whole else inner), scope)


def _is_from_item(node: exp.Expr) -> bool:
    """Whether what stands in parentheses is a table, a named query or a join, not just a query."""
    if isinstance(node, exp.Subquery):
        is_joined = bool(node.alias or node.args.get("joins"))
        return is_joined or _is_from_item(node.this)
    return isinstance(node, exp.Table)


def _parenthesized(node: exp.Subquery, inner: exp.Expr, scope: Scope) -> Source:
    """A join in parentheses: `(a JOIN b USING (id)) AS j`, `((a JOIN b) JOIN c)`."""
    within = Scope(scope.context, scope.ctes, scope.parent, scope.read_query)
    add_from(within, inner)
    alias = node.args.get("alias")
    if alias is None:
        *others, last = within.sources
        before = len(scope.sources)
        scope.merges |= {before + place: merges for place, merges in within.merges.items()}
        for source in others:
            scope.add(source)
        scope.merged |= within.merged
        scope.rows |= within.rows
        return last
    items = [item for source in within.sources for item in source.relation.items]
    return named(alias, Relation(items, frozenset(within.rows)), scope)


def _lateral(node: exp.Lateral, scope: Scope) -> Source:
    inner = node.this
    alias = node.args.get("alias")
    if isinstance(inner, (exp.Subquery, exp.Query)):
        return named(alias, scope.query(inner), scope)
    if isinstance(inner, exp.Unnest):
        return _unnest(inner, scope, alias)
    return exploded(inner, alias, scope)


def _unnest(node: exp.Unnest, scope: Scope, alias: exp.Expr | None = None) -> Source:
    alias = alias or node.args.get("alias")
    flows = [merged([flow_of(array, scope)], ELEMENT) for array in node.expressions]
    names = alias_columns(alias, scope)
    offset = node.args.get("offset")
    whole = merged(flows)
    if not names:
        label = alias_name(alias, scope)
        items: list[Item] = [Anything(whole)]
        if label and len(flows) == 1:
            items = [Field(label, scope.context.names.key(label), whole)]
    else:
        by_position = flows if len(flows) >= len(names) else [whole] * len(names)
        items = [Field(*name, flow) for name, flow in zip(names, by_position, strict=False)]
    if isinstance(offset, exp.Identifier):
        label = scope.context.names.fold(offset)
        items.append(Field(label, scope.context.names.key(label), merged([whole], TRANSFORMED)))
    element = whole if len(flows) == 1 and len(names) < 2 else None
    key = scope.context.names.key(alias_name(alias, scope) or (names[0][0] if names else ""))
    rows = rows_of("JOIN", whole.origins())
    return Source(key, (), Relation(items, rows), element=element)


def _all_of(functions: list[exp.Expr], scope: Scope) -> Relation:
    items: list[Item] = []
    rows: set[RowUse] = set()
    for item in functions:
        relation = function_source(item, scope).relation
        whole = relation.whole()
        rows |= relation.rows
        items.append(Field("", "", whole) if len(functions) > 1 else Anything(whole))
    return Relation(items, frozenset(rows))


def _values(node: exp.Values, scope: Scope) -> Source:
    return named(node.args.get("alias"), scope.derived(node), scope)


def _wrapped(node: exp.Expr, scope: Scope) -> Source | None:
    """STREAM(table): the table itself."""
    inner = node.this
    if not isinstance(inner, exp.Subquery):
        return _source(inner, scope)
    source = _source(inner.this, scope)
    alias = alias_name(inner.args.get("alias"), scope)
    return source._replace(key=scope.context.names.key(alias)) if source and alias else source


def _at_index(node: exp.AtIndex, scope: Scope) -> Source | None:
    """Redshift's `array AS element AT index`."""
    alias, names = node.this, scope.context.names
    flow = merged([flow_of(alias.this, scope)], ELEMENT)
    key = names.key(names.fold(alias.args["alias"]))
    index = names.fold(node.expression)
    items: list[Item] = [Field(index, names.key(index), merged([flow], TRANSFORMED))]
    return Source(key, (), Relation(items, rows_of("JOIN", flow.origins())), element=flow)


def read_tables(node: exp.Expr | None, scope: Scope) -> None:
    """Read the queries in a clause that no column flows through: LIMIT, TABLESAMPLE."""
    if node is not None and not isinstance(node.args.get("expression"), exp.Literal):
        for query in node.find_all(exp.Subquery):
            scope.query(query)


_READERS: dict[type[exp.Expr], Callable[[Any, Scope], Source | None]] = {
    exp.AtIndex: _at_index,
    exp.Lateral: _lateral,
    exp.Stream: _wrapped,
    exp.Subquery: _derived,
    exp.Table: _table,
    exp.Unnest: _unnest,
    exp.Values: _values,
}
