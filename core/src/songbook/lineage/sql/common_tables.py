"""Common tables: WITH, and the fix-point of the recursive ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from songbook.lineage.sql.context import Context
from songbook.lineage.sql.flows import NOWHERE, TRANSFORMED, merged
from songbook.lineage.sql.relations import Field, Relation, renamed, union
from songbook.lineage.sql.scope import Ctes, ReadQuery, Scope

_ROUNDS = 20
"""Passes over a recursive query after which its columns are taken as they are."""


def with_ctes(
    query: exp.Expr, context: Context, ctes: Ctes, parent: Scope | None, read_query: ReadQuery
) -> Ctes:
    """The common table expressions that a query can name: those around it, and its own."""
    clause = query.args.get("with_")
    if clause is None:
        return ctes
    ctes = dict(ctes)
    for key, cte in _in_order(clause, context):
        ctes[key] = _cte(cte, key, clause, context, ctes, parent, read_query)
    return ctes


def _in_order(clause: exp.With, context: Context) -> Iterable[tuple[str, exp.CTE]]:
    """The common tables by name; with RECURSIVE one may name another that follows it."""
    keys = [
        context.names.key(context.names.fold(it.args["alias"].this)) for it in clause.expressions
    ]
    named: dict[str, exp.CTE] = dict(zip(keys, clause.expressions, strict=True))
    if not clause.recursive or len(named) == 1:
        return named.items()
    ordered: dict[str, exp.CTE] = {}

    def place(key: str, above: frozenset[str]) -> None:
        if key in named and key not in ordered and key not in above:
            for name in _names_in(named[key], context):
                place(name, above | {key})
            ordered[key] = named[key]

    for key in named:
        place(key, frozenset())
    return ordered.items()


def _cte(
    cte: exp.CTE,
    key: str,
    clause: exp.With,
    context: Context,
    ctes: Ctes,
    parent: Scope | None,
    read_query: ReadQuery,
) -> Relation:
    names = [context.names.fold(column) for column in cte.args["alias"].columns]
    columns = [(name, context.names.key(name)) for name in names]
    body = cte.this
    may_recurse = clause.recursive or context.names.dialect.name in ("snowflake", "tsql", "oracle")
    if not (may_recurse and isinstance(body, exp.SetOperation) and _mentions(body, key, context)):
        return renamed(read_query(body, context, ctes, parent), columns)
    own = with_ctes(body, context, ctes, parent, read_query)
    found = renamed(read_query(body.this, context, own, parent), columns)
    for _ in range(_ROUNDS):
        step = read_query(body.expression, context, {**own, key: found}, parent)
        grown = union([found, step])
        if _same(grown, found):
            break
        found = grown
    return Relation([*found.items, *_marks(clause, found, context)], found.rows)


def _marks(clause: exp.With, relation: Relation, context: Context) -> Iterator[Field]:
    """The columns that SEARCH and CYCLE add: where in the search a row stands, and its path."""
    for name in ("search", "cycle"):
        mark = clause.args.get(name)
        if mark is None:
            continue
        by = [context.names.key(context.names.fold(it)) for it in mark.find_all(exp.Identifier)]
        flows = [field.flow for key in by if (field := relation.find(key)) is not None]
        path = merged(flows, TRANSFORMED)
        is_cycle = name == "cycle"
        added_by = (
            (mark.expression, NOWHERE if is_cycle else path),
            (mark.args.get("using"), path),
        )
        for added, flow in added_by:
            if isinstance(added, exp.Identifier):
                label = context.names.fold(added)
                yield Field(label, context.names.key(label), flow)


def _mentions(body: exp.SetOperation, key: str, context: Context) -> bool:
    """Whether the later branches of a set operation read the relation that it defines."""
    return key in _names_in(body.expression, context)


def _names_in(query: exp.Expr, context: Context) -> list[str]:
    """The tables of a query that are named by one part, so that they may be common tables."""
    return [
        context.names.key(context.names.fold(table.this))
        for table in query.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and not table.args.get("db")
    ]


def _same(one: Relation, other: Relation) -> bool:
    return one.rows == other.rows and all(
        mine.flow == its.flow for mine, its in zip(one.fields, other.fields, strict=False)
    )
