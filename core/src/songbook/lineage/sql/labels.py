"""Labels: what a select item without an alias is called."""

from __future__ import annotations

from sqlglot import exp

from songbook.lineage.sql.context import Context


def label_of(node: exp.Expr, position: int, context: Context) -> str:
    """The name that the dialect gives a select item."""
    if type(node) is exp.Column:
        if isinstance(node.this, exp.Identifier):
            return context.names.fold(node.this)
        return f"${node.this.name}"
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier):
        return context.names.fold(node.expression)
    style = context.names.dialect.unnamed
    if style == "postgres":
        return _postgres(node, context)
    if style == "bigquery":
        return f"f{position}_"
    text = node.sql(dialect=context.names.dialect.sqlglot, comments=False)
    return text.upper() if context.names.dialect.identifiers.unquoted == "upper" else text


def _postgres(node: exp.Expr, context: Context) -> str:
    """PostgreSQL's FigureColname: the function's name, a cast column's, or `?column?`."""
    while isinstance(node, exp.Cast | exp.Paren | exp.Bracket | exp.Filter | exp.Window):
        if isinstance(node, exp.Cast) and not isinstance(node.this, _NAMED):
            return str(node.to.sql(dialect="postgres")).lower()
        node = node.this
    if isinstance(node, exp.Column):
        return context.names.fold(node.this)
    if isinstance(node, exp.Subquery):
        return _first_item(node.unnest(), context)
    if isinstance(node, exp.Case):
        return "case"
    if isinstance(node, exp.Exists):
        return "exists"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary | exp.Connector):
        return _function_name(node, context)
    return "?column?"


def _first_item(query: exp.Expr, context: Context) -> str:
    items = query.selects if isinstance(query, exp.Select) else []
    if not items:
        return "?column?"
    if isinstance(items[0], exp.Alias):
        return context.names.fold(items[0].args["alias"])
    return label_of(items[0], 0, context)


def _function_name(node: exp.Func, context: Context) -> str:
    """The name as it stands in the text: the parser knows some functions under another one."""
    start, end = node.meta.get("start"), node.meta.get("end")
    if start is not None and end is not None:
        return context.text[start : end + 1].lower()
    return str(node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()


_NAMED = (exp.Column, exp.Func, exp.Paren, exp.Cast, exp.Bracket, exp.Subquery, exp.Window)
