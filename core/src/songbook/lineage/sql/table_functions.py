"""Table functions: which make rows of their arguments, which read files, and which hide tables."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlglot import exp

from songbook.lineage.sql.aliases import alias_columns, alias_name, named
from songbook.lineage.sql.expressions import ELEMENTS, flow_of
from songbook.lineage.sql.flows import ELEMENT, NOWHERE, TRANSFORMED, copy_of, merged, rows_of
from songbook.lineage.sql.relations import Anything, Field, Item, Relation, Star
from songbook.lineage.sql.scope import Scope, Source
from songbook.lineage.sql.tables import table_name
from songbook.urn import field_path

_FILE_READERS: Final = re.compile(
    "read_(files|csv|csv_auto|json|json_auto|ndjson|parquet|blob|text|xlsx)|cloud_files|parquet_scan",
    re.IGNORECASE,
)
_TRANSPARENT: Final = re.compile(
    r"(generat|json|regexp_|string_|split|strtok|unnest|flatten|range|sequence|explode|posexplode"
    r"|inline|stack|pg_|ts_|xml|glob|repeat|variant_|from_|list_|map_|array_|each|skeys|svals"
    r"|openjson|numbers|aclexplode|information_schema|current_|date_range|infer_schema)\w*",
    re.IGNORECASE,
)
"""Built-in functions whose rows are made of their arguments alone."""


def _file_read_by(call: exp.Expr) -> str | None:
    """The place of the file that a function reads."""
    if isinstance(call, exp.Anonymous):
        name, arguments = call.name, call.expressions
    elif isinstance(call, exp.ReadCSV | exp.ReadParquet):
        name = "read_csv"
        arguments = [call.this] if isinstance(call, exp.ReadCSV) else call.expressions
    else:
        return None
    first = arguments[0] if arguments else None
    is_place = isinstance(first, exp.Literal) and first.is_string
    return str(first.name) if first and is_place and _FILE_READERS.fullmatch(name) else None


def _table_read_by(call: exp.Expr) -> str | None:
    """The table that a function shows the changes of, as it is written."""
    if not isinstance(call, exp.Anonymous) or call.name.upper() != "TABLE_CHANGES":
        return None
    first = call.expressions[0] if call.expressions else None
    return str(first.name) if isinstance(first, exp.Literal) else None


def _opaque(call: exp.Expr) -> str | None:
    """Why the tables that a function reads can't be told; None if it reads none."""
    if not isinstance(call, exp.Anonymous | exp.Dot):
        return None
    name = call.expression.name if isinstance(call, exp.Dot) else call.name
    if name.upper() == "RESULT_SCAN":
        return "RESULT_SCAN gives the result of an earlier query that is not known."
    if _TRANSPARENT.fullmatch(name):
        return None
    return f"What the function {name} reads is not known."


def function_source(node: exp.Expr, scope: Scope) -> Source:
    """A call of a table function in a FROM clause."""
    call = node.this if isinstance(node, (exp.Table, exp.TableFromRows)) else node
    alias = node.args.get("alias")
    if isinstance(call, exp.SemanticView):
        return _semantic_view(call, alias, scope)
    if isinstance(call, exp.Predict):
        return _predicted(call, alias, scope)
    place = _file_read_by(call)
    if place is not None:
        scope.context.tables_in.add(place)
        return named(alias, Relation([Star((place,))]), scope)._replace(table=place)
    changed = _table_read_by(call)
    if changed is not None:
        table = scope.context.named(changed)
        relation = scope.context.read_table(table)
        return named(alias, relation, scope)._replace(table=table)
    reason = _opaque(call)
    if reason is not None:
        scope.context.note(reason)
    return exploded(call, alias, scope)


def _semantic_view(node: exp.SemanticView, alias: exp.Expr | None, scope: Scope) -> Source:
    """Snowflake's SEMANTIC_VIEW(view DIMENSIONS … METRICS …): columns of the view by name."""
    names = scope.context.names
    view = table_name(node.this, scope.context)
    scope.context.read_table(view)
    items: list[Item] = []
    for kind in ("dimensions", "facts", "metrics"):
        for item in node.args.get(kind) or []:
            column = item.this if isinstance(item, exp.Alias) else item
            label = names.fold(item.args["alias"] if isinstance(item, exp.Alias) else column.this)
            flow = copy_of(view, field_path(names.fold(column.this)))
            items.append(Field(label, names.key(label), flow))
    return named(alias, Relation(items), scope)


def _predicted(node: exp.Expr, alias: exp.Expr | None, scope: Scope) -> Source:
    """BigQuery's ML functions: the columns of their input go through, others are new."""
    inner = node.args.get("expression")
    relation = scope.query(inner) if isinstance(inner, exp.Query) else Relation([])
    items = [item for item in relation.items if isinstance(item, Field)]
    return named(alias, Relation([*items, Anything(NOWHERE)], relation.rows), scope)


def exploded(call: exp.Expr, alias: exp.Expr | None, scope: Scope) -> Source:
    """A table function: each column may come from each argument."""
    strength = ELEMENT if isinstance(call, ELEMENTS) else TRANSFORMED
    flow = merged([flow_of(part, scope) for part in _arguments(call)], strength)
    names = alias_columns(alias, scope) or _usual_columns(call, scope)
    items: list[Item] = [Field(*name, flow) for name in names] or [Anything(flow)]
    key = scope.context.names.key(alias_name(alias, scope))
    if key and not names and not isinstance(call, ELEMENTS):
        items = [Field(alias_name(alias, scope), key, flow), *items]
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


_USUAL_COLUMNS: dict[tuple[str, type[exp.Expr]], tuple[str, ...]] = {
    ("snowflake", exp.Explode): ("SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"),
    ("snowflake", exp.SplitToTable): ("SEQ", "INDEX", "VALUE"),
    ("snowflake", exp.StrtokSplitToTable): ("SEQ", "INDEX", "VALUE"),
    ("databricks", exp.Explode): ("col", "key", "value"),
    ("databricks", exp.ExplodeOuter): ("col", "key", "value"),
    ("databricks", exp.Posexplode): ("pos", "col", "key", "value"),
    ("databricks", exp.PosexplodeOuter): ("pos", "col", "key", "value"),
}
