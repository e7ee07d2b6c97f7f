"""Tables of a FROM clause: common table expressions, temporary and stored tables, files."""

from __future__ import annotations

import re

from sqlglot import exp

from songbook.lineage.sql.context import Context
from songbook.lineage.sql.relations import Anything, Relation, Star
from songbook.lineage.sql.scope import Scope, Source

_FILE = re.compile(r"[a-zA-Z][\w+.-]*://|[@/~.]|.*\.(csv|json|parquet|tsv|avro|orc|txt)(\.gz)?$")


def table_source(node: exp.Table, scope: Scope) -> Source:
    """The table that a FROM clause names, under its alias or else its own name."""
    names = scope.context.names
    alias = node.args.get("alias")
    label = names.fold(alias.this) if alias is not None and alias.this else ""
    place = location(node)
    if place is not None:
        scope.context.tables_in.add(place)
        return Source(names.key(label), (), Relation([Star((place,))]))
    parts = table_parts(node, scope.context)
    if not parts:
        scope.context.note("The name in IDENTIFIER is only known when the statement runs.")
        return Source(names.key(label), (), Relation([]))
    key = names.key(label or parts[-1])
    if len(parts) == 1 and names.key(parts[0]) in scope.ctes:
        return Source(key, (), scope.ctes[names.key(parts[0])])
    nested = scope.source(parts[:1]) if len(parts) > 1 and names.dialect.dotted_fields else None
    if nested is not None and label != parts[0]:
        flow = scope.path(parts).flow
        return Source(key, (), Relation([Anything(flow)]), element=flow)
    name = table_name(node, scope.context)
    written = tuple(names.key(part) for part in parts) if not label else ()
    return Source(key, written, scope.context.read_table(name), name)


def target_source(node: exp.Table, scope: Scope) -> Source:
    """The table that a statement changes: its columns can be named, but it is not read by that."""
    name = table_name(node, scope.context)
    was_read = name in scope.context.tables_in
    source = table_source(node, scope)
    if not was_read:
        scope.context.tables_in.discard(name)
    return source._replace(table=name)


def table_name(node: exp.Table, context: Context) -> str:
    """The dotted name of a table, or the location of a file."""
    place = location(node)
    if place is not None:
        return place
    parts = table_parts(node, context)
    return context.columns.stored_name(context.names.qualified(parts))


def table_parts(node: exp.Table, context: Context) -> list[str]:
    """The parts of a table's name as written, folded; none if it is only known at run time."""
    if is_dynamic(node.this):
        text = node.this.this if isinstance(node.this.this, exp.Expr) else node.this.expressions[0]
        if not (isinstance(text, exp.Literal) and text.is_string):
            return []
        return context.names.parts(exp.to_table(text.name, dialect=context.names.dialect.sqlglot))
    if not isinstance(node.this, (exp.Identifier, exp.Dot)):
        return []
    parts = context.names.parts(node)
    if node.args.get("catalog") and not isinstance(node.args.get("db"), exp.Expr):
        parts.insert(-1, context.names.dialect.empty_schema or "")
    return parts


def is_dynamic(node: exp.Expr) -> bool:
    """IDENTIFIER(…): a name given as a text."""
    if isinstance(node, exp.DynamicIdentifier):
        return True
    is_call = isinstance(node, exp.Anonymous) and node.name.upper() == "IDENTIFIER"
    return is_call and len(node.expressions) == 1


def location(node: exp.Table) -> str | None:
    """The text of a file's or a stage's place, if the node names one instead of a table."""
    name = node.this
    if isinstance(name, exp.Var) and name.name.startswith("@"):
        return str(name.name)
    if isinstance(name, exp.Literal) and name.is_string:
        return str(name.name)
    if isinstance(name, exp.Identifier) and name.args.get("quoted") and _FILE.match(name.name):
        return str(name.name)
    return None
