"""Aliases of a FROM clause: `AS name (column, …)`."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.relations import Relation, renamed
from songbook.lineage.sql.scope import Scope, Source


def named(alias: exp.Expr | None, relation: Relation, scope: Scope) -> Source:
    """A relation of a FROM clause under its alias."""
    columns = alias_columns(alias, scope)
    if columns:
        relation = renamed(relation, columns)
    return Source(scope.context.names.key(alias_name(alias, scope)), (), relation)


def alias_name(alias: exp.Expr | None, scope: Scope) -> str:
    """The name that an alias gives, or nothing."""
    name = alias.this if alias is not None else None
    return scope.context.names.fold(name) if isinstance(name, exp.Identifier) else ""


def alias_columns(alias: exp.Expr | None, scope: Scope) -> list[tuple[str, str]]:
    """The names and keys of an alias's column list."""
    names = scope.context.names
    columns = alias.args.get("columns") or [] if alias is not None else []
    identifiers = [
        column.this if isinstance(column, (exp.ColumnDef, exp.Column)) else column
        for column in columns
    ]
    folded = [names.fold(identifier) for identifier in identifiers]
    return [(name, names.key(name)) for name in folded]
