"""Sources: the items of a FROM clause, read into a scope one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from songbook.lineage.sql.expressions import flow_of, origins_of
from songbook.lineage.sql.flows import ELEMENT, TRANSFORMED, merged, rows_of
from songbook.lineage.sql.pivots import pivoted
from songbook.lineage.sql.relations import Anything, Field, Item, Relation, renamed
from songbook.lineage.sql.scope import Scope, Source
from songbook.lineage.sql.tables import is_dynamic, table_source

_ELEMENTS = (
    exp.Explode,
    exp.ExplodeOuter,
    exp.Posexplode,
    exp.PosexplodeOuter,
    exp.Unnest,
    exp.Inline,
)
"""Functions that give the elements of an array, whose fields are still columns."""


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
    add_from(scope, join.this)
    if join.is_semi_or_anti_join:
        _hide(scope, first)
    for condition in (join.args.get("on"), join.args.get("match_condition")):
        if condition is not None:
            scope.rows |= rows_of("JOIN", origins_of(condition, scope))
    using = join.args.get("using")
    if using:
        _merge(scope, join, first, [scope.context.names.fold(name) for name in _names(using)])
    elif join.method == "NATURAL":
        _merge(scope, join, first, _shared(scope, first))
    if join.is_semi_or_anti_join:
        scope.sources[first:] = [source._replace(key="") for source in scope.sources[first:]]


def _names(using: list[exp.Expr]) -> list[exp.Expr]:
    return [name.this if isinstance(name, exp.Column) else name for name in using]


def _hide(scope: Scope, first: int) -> None:
    scope.sources[first:] = [source._replace(hidden=True) for source in scope.sources[first:]]


def _shared(scope: Scope, first: int) -> list[str]:
    """The columns that both sides of a NATURAL JOIN have."""
    if any(source.relation.stars for source in scope.sources):
        scope.context.note("The columns that a NATURAL JOIN compares are not known.")
    right = {
        field.key: field.name
        for source in scope.sources[first:]
        for field in source.relation.fields
    }
    left = [field for source in scope.sources[:first] for field in source.relation.fields]
    return list(dict.fromkeys(field.name for field in left if field.key in right))


def _merge(scope: Scope, join: exp.Join, first: int, columns: list[str]) -> None:
    """Make one column of the two that USING names."""
    merges: list[Field] = []
    for column in columns:
        key = scope.context.names.key(column)
        left = _side(scope, scope.sources[:first], column)
        right = _side(scope, scope.sources[first:], column)
        scope.rows |= rows_of("JOIN", left.flow.origins() | right.flow.origins())
        flow = {"RIGHT": right.flow, "FULL": merged((left.flow, right.flow), TRANSFORMED)}
        if join.is_semi_or_anti_join:
            continue
        field = Field(left.name, key, flow.get(join.side, left.flow))
        merges.append(field)
    scope.merges[first] = merges
    scope.merged |= {field.key: field for field in merges}


def _side(scope: Scope, sources: list[Source], column: str) -> Field:
    """The column on one side of a join."""
    side = Scope(scope.context, scope.ctes, None, scope.read_query)
    side.sources = [source._replace(hidden=False) for source in sources]
    if sources and sources[0] is scope.sources[0]:
        side.merged = scope.merged
    return side.path([column])


def _source(node: exp.Expr, scope: Scope) -> Source | None:
    reader = _READERS.get(type(node))
    if reader is not None:
        source = reader(node, scope)
    elif isinstance(node, exp.Query):
        source = Source("", (), scope.derived(node))
    else:
        source = _function(node, scope)
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
    return _named(alias, relation, scope)


def _table(node: exp.Table, scope: Scope) -> Source | None:
    if node.args.get("rows_from"):
        return _named(node.args.get("alias"), _all_of(node.args["rows_from"], scope), scope)
    if isinstance(node.this, exp.Func) and not is_dynamic(node.this):
        return _function(node, scope)
    source = table_source(node, scope)
    columns = _alias_columns(node.args.get("alias"), scope)
    if columns:
        return source._replace(relation=renamed(source.relation, columns))
    return source


def _derived(node: exp.Subquery, scope: Scope) -> Source:
    inner = node.this
    if isinstance(inner, exp.Table):
        return _parenthesized(node, inner, scope)
    whole = not (node.args.get("pivots") or node.args.get("joins"))
    return _named(node.args.get("alias"), scope.derived(node if whole else inner), scope)


def _parenthesized(node: exp.Subquery, inner: exp.Table, scope: Scope) -> Source:
    """A join in parentheses: `(a JOIN b USING (id)) AS j`."""
    within = Scope(scope.context, scope.ctes, scope.parent, scope.read_query)
    add_from(within, inner)
    alias = node.args.get("alias")
    if alias is None:
        *others, last = within.sources
        for source in others:
            scope.add(source)
        scope.merged |= within.merged
        scope.rows |= within.rows
        return last
    items = [item for source in within.sources for item in source.relation.items]
    return _named(alias, Relation(items, frozenset(within.rows)), scope)


def _lateral(node: exp.Lateral, scope: Scope) -> Source:
    inner = node.this
    alias = node.args.get("alias")
    if isinstance(inner, (exp.Subquery, exp.Query)):
        return _named(alias, scope.query(inner), scope)
    if isinstance(inner, exp.Unnest):
        return _unnest(inner, scope, alias)
    return _exploded(inner, alias, scope)


def _unnest(node: exp.Unnest, scope: Scope, alias: exp.Expr | None = None) -> Source:
    alias = alias or node.args.get("alias")
    flows = [merged([flow_of(array, scope)], ELEMENT) for array in node.expressions]
    names = _alias_columns(alias, scope)
    offset = node.args.get("offset")
    whole = merged(flows)
    if not names:
        label = _alias_name(alias, scope)
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
    key = scope.context.names.key(_alias_name(alias, scope) or (names[0][0] if names else ""))
    rows = rows_of("JOIN", whole.origins())
    return Source(key, (), Relation(items, rows), element=element)


def _function(node: exp.Expr, scope: Scope) -> Source:
    call = node.this if isinstance(node, (exp.Table, exp.TableFromRows)) else node
    return _exploded(call, node.args.get("alias"), scope)


def _exploded(call: exp.Expr, alias: exp.Expr | None, scope: Scope) -> Source:
    """A table function: each column may come from each argument."""
    strength = ELEMENT if isinstance(call, _ELEMENTS) else TRANSFORMED
    flow = merged([flow_of(part, scope) for part in _arguments(call)], strength)
    names = _alias_columns(alias, scope) or _usual_columns(call, scope)
    items: list[Item] = [Field(*name, flow) for name in names] or [Anything(flow)]
    key = scope.context.names.key(_alias_name(alias, scope))
    if key and not names and not isinstance(call, _ELEMENTS):
        items = [Field(_alias_name(alias, scope), key, flow), *items]
    rows = rows_of("JOIN", flow.origins())
    return Source(key, (), Relation(items, rows), element=flow if len(names) < 2 else None)


def _arguments(call: exp.Expr) -> list[exp.Expr]:
    parts: list[Any] = []
    for part in call.args.values():
        parts += part if isinstance(part, list) else [part]
    nodes = [part for part in parts if isinstance(part, exp.Expr)]
    return [node.expression if isinstance(node, exp.Kwarg) else node for node in nodes]


def _usual_columns(call: exp.Expr, scope: Scope) -> list[tuple[str, str]]:
    """The names that a function gives its columns when the query gives none."""
    dialect = scope.context.names.dialect.name
    return [(name, name) for name in _USUAL_COLUMNS.get((dialect, type(call)), ())]


def _all_of(functions: list[exp.Expr], scope: Scope) -> Relation:
    return Relation(
        [Anything(merged(_function(item, scope).relation.whole() for item in functions))]
    )


def _values(node: exp.Values, scope: Scope) -> Source:
    return _named(node.args.get("alias"), scope.derived(node), scope)


def _wrapped(node: exp.Expr, scope: Scope) -> Source | None:
    """STREAM(table): the table itself."""
    inner = node.this
    return _source(inner.this if isinstance(inner, exp.Subquery) else inner, scope)


def _named(alias: exp.Expr | None, relation: Relation, scope: Scope) -> Source:
    columns = _alias_columns(alias, scope)
    if columns:
        relation = renamed(relation, columns)
    return Source(scope.context.names.key(_alias_name(alias, scope)), (), relation)


def _alias_name(alias: exp.Expr | None, scope: Scope) -> str:
    name = alias.this if alias is not None else None
    return scope.context.names.fold(name) if isinstance(name, exp.Identifier) else ""


def _alias_columns(alias: exp.Expr | None, scope: Scope) -> list[tuple[str, str]]:
    names = scope.context.names
    columns = alias.args.get("columns") or [] if alias is not None else []
    identifiers = [
        column.this if isinstance(column, (exp.ColumnDef, exp.Column)) else column
        for column in columns
    ]
    folded = [names.fold(identifier) for identifier in identifiers]
    return [(name, names.key(name)) for name in folded]


_USUAL_COLUMNS: dict[tuple[str, type[exp.Expr]], tuple[str, ...]] = {
    ("snowflake", exp.Explode): ("SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"),
    ("databricks", exp.Explode): ("col", "key", "value"),
    ("databricks", exp.ExplodeOuter): ("col", "key", "value"),
    ("databricks", exp.Posexplode): ("pos", "col", "key", "value"),
    ("databricks", exp.PosexplodeOuter): ("pos", "col", "key", "value"),
}


_READERS: dict[type[exp.Expr], Callable[[Any, Scope], Source | None]] = {
    exp.Lateral: _lateral,
    exp.Stream: _wrapped,
    exp.Subquery: _derived,
    exp.Table: _table,
    exp.Unnest: _unnest,
    exp.Values: _values,
}
