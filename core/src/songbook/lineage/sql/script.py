"""Scripts: a text as statements, each read by itself, so that one that fails takes none along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from songbook.lineage.sql import budget
from songbook.lineage.sql.blocks import Block, Unit
from songbook.lineage.sql.context import BudgetSpent
from songbook.lineage.sql.control_flow import units_of
from songbook.lineage.sql.flows import NOWHERE
from songbook.lineage.sql.parse import Unreadable, parsed
from songbook.lineage.sql.queries import read_query
from songbook.lineage.sql.relations import Anything, Relation
from songbook.lineage.sql.repairs import repaired, with_plain_names
from songbook.lineage.sql.routines import routine_of
from songbook.lineage.sql.session import Session
from songbook.lineage.sql.settings import set_search_path
from songbook.lineage.sql.statements import perform
from songbook.lineage.sql.tables import table_name
from songbook.lineage.sql.templates import has_templates, rendered
from songbook.lineage.sql.tolerant import mentions
from songbook.lineage.sql.words import statements_of

_PLAIN: Final = re.compile(
    r"\s*\(*\s*(INSERT|UPDATE|DELETE|MERGE|ALTER|DROP|TRUNCATE|COPY|UNLOAD|REFRESH|RENAME|USE"
    r"|CREATE\s+(OR\s+REPLACE\s+)?(TABLE(?!\s+FUNCTION)|VIEW|TEMP|TEMPORARY|MATERIALIZED))\b",
    re.IGNORECASE,
)
"""Statements that stand for themselves wherever they stand."""
_QUERY: Final = re.compile(r"\s*\(*\s*(SELECT|WITH|VALUES)\b", re.IGNORECASE)
_TEMPORARY: Final = re.compile(
    r"\s*CREATE\s+(OR\s+REPLACE\s+)?((GLOBAL|LOCAL)\s+)?TEMP(ORARY)?\b", re.IGNORECASE
)
_MOVES_ROWS: Final = re.compile(
    r"\s*(COPY|DELETE|EXPORT|IMPORT|INSERT|LOAD|MERGE|RENAME|REPLACE|UNLOAD|UPDATE"
    r"|CREATE\b[^(]*\b(TABLE|VIEW)\b.*\b(SELECT|CLONE|FROM))\b",
    re.IGNORECASE | re.DOTALL,
)
"""Statements that must not be passed over in silence when the parser does not know them."""
_DELIMITER: Final = re.compile(r"^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_CELL: Final = re.compile(r"^--[ \t]*COMMAND[ \t]*-+[ \t]*$", re.MULTILINE)
_BATCH: Final = re.compile(r"^[ \t]*GO[ \t]*;?[ \t]*$", re.IGNORECASE | re.MULTILINE)


def run(sql: str, session: Session, block: Block | None = None, depth: int = 0) -> None:
    """Perform a script, or with a block the body of a procedure."""
    dialect = session.names.dialect.name
    if len(sql) > budget.CHARACTERS:
        session.context.note(f"The text is longer than {budget.CHARACTERS} characters.")
        keep_mentioned(sql, session)
        return
    if depth > budget.SCRIPTS_IN_SCRIPTS:
        session.context.note("The text is executed by texts that are nested too deep.")
        return
    block = block or Block(dialect)
    for statement in statements_of(_prepared(sql, session), dialect):
        for unit in _units(statement, block, session):
            _take(unit, session, block, depth)


def _prepared(sql: str, session: Session) -> str:
    """The text with semicolons where its tool ends a statement otherwise, and templates filled."""
    if has_templates(sql):
        sql, changed = rendered(sql)
        if changed:
            session.context.note("A template was not rendered.")
    if _DELIMITER.search(sql):
        sql = _with_semicolons(sql)
    dialect = session.names.dialect.name
    if dialect == "databricks":
        return _CELL.sub(";", sql)
    return _BATCH.sub(";", sql) if dialect == "tsql" else sql


def _with_semicolons(sql: str) -> str:
    """The mysql client's DELIMITER: another mark ends a statement from there on."""
    pieces: list[str] = []
    place, mark = 0, ";"
    for match in _DELIMITER.finditer(sql):
        pieces.append(sql[place : match.start()].replace(mark, ";"))
        place, mark = match.end(), match[1]
    pieces.append(sql[place:].replace(mark, ";"))
    return "".join(pieces)


def _units(statement: str, block: Block, session: Session) -> list[Unit]:
    plain = _PLAIN.match(statement) or _outer_query(statement, block)
    if plain and not block.declaring and block.dialect != "tsql":
        return [Unit("statement", statement)]
    routine = routine_of(statement, block) if "CREATE" in statement[:2000].upper() else None
    if routine is not None and routine.table is not None:
        session.context.row_table = routine.table
    names = session.names
    columns = routine.columns if routine is not None else []
    folded = [names.fold(exp.to_identifier(column)) for column in columns]
    session.returned = [(name, names.key(name)) for name in folded] or session.returned
    units = routine.units if routine is not None else units_of(statement, block)
    session.context.variables |= block.variables
    return units


def _outer_query(statement: str, block: Block) -> bool:
    return not block.inside and _QUERY.match(statement) is not None


def _take(unit: Unit, session: Session, block: Block, depth: int) -> None:
    if unit.kind == "note":
        session.context.note(unit.text)
    elif unit.kind == "script":
        inner = Block(block.dialect, inside=True, variables=block.variables)
        run(unit.text, session, inner, depth + 1)
    else:
        _statement(unit.text, session, shown=unit.kind == "statement")


def _statement(text: str, session: Session, *, shown: bool) -> None:
    if set_search_path(text, session):
        return
    try:
        trees = _trees(text, session)
    except Unreadable as reason:
        session.context.note(str(reason))
        keep_mentioned(text, session)
        return
    for tree in trees:
        _perform(tree, session, shown=shown)


def _trees(text: str, session: Session) -> list[exp.Expr]:
    """The trees of a statement, if need be of another way to say it; raises Unreadable."""
    dialect = session.names.dialect
    text = with_plain_names(text)
    failure = None
    for said in _ways_to_say(text, dialect.name):
        session.context.text = said
        try:
            trees = parsed(said, dialect.sqlglot)
        except Unreadable as reason:
            failure = failure or reason
            continue
        if not any(isinstance(tree, exp.Command) for tree in trees):
            return trees
    if failure is not None:
        raise failure
    if _MOVES_ROWS.match(text):
        raise Unreadable(f"A statement that begins with {text.split()[0]} can't be parsed.")
    return []


def _ways_to_say(text: str, dialect: str) -> Iterator[str]:
    yield text
    yield from repaired(text, dialect)


def _perform(tree: exp.Expr, session: Session, *, shown: bool) -> None:
    try:
        if shown:
            perform(tree, session)
        else:
            read_query(tree, session.context, {}, None)
    except BudgetSpent as reason:
        _keep_named(tree, session, str(reason))
    except RecursionError:
        _keep_named(tree, session, "The statement is nested too deep.")
    except Exception as error:  # noqa: BLE001  # tables must survive whatever the tree holds
        _keep_named(tree, session, f"The columns can't be told ({type(error).__name__}).")


def _keep_named(tree: exp.Expr, session: Session, reason: str) -> None:
    """Keep the tables of a statement whose columns fail."""
    session.context.note(reason)
    session.context.changes.clear()
    target = tree.this if isinstance(tree, exp.DDL | exp.DML) else None
    target = target.this if isinstance(target, exp.Schema) else target
    defined = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.name in defined:
            continue
        _keep(table_name(table, session.context), session, written=table is target)


def keep_mentioned(text: str, session: Session) -> None:
    """Keep the tables that the words of an unreadable text name."""
    for mention in mentions(text[: budget.MENTIONED], session.names.dialect.name):
        parts = [
            session.names.fold(exp.to_identifier(part.text, quoted=part.quoted))
            for part in mention.parts
        ]
        name = session.context.columns.stored_name(session.names.qualified(parts))
        if mention.written and (_TEMPORARY.match(text) or session.is_temporary(name)):
            session.define(name, Relation([Anything(NOWHERE)]), temporary=True)
        _keep(name, session, written=mention.written)


def _keep(name: str, session: Session, *, written: bool) -> None:
    if name in session.context.temporary:
        return
    if written:
        session.outcome.tables_out.add(name)
    else:
        session.context.tables_in.add(name)
