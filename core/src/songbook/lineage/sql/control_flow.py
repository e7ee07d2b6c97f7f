"""Control flow: the statements inside of procedures and scripts, without what stands around them.

`IF … THEN`, loops, handlers and declarations fall away, since whatever a script may do it counts
as done; the queries in their conditions are read for their tables alone.
"""

from __future__ import annotations

from collections.abc import Callable

from songbook.lineage.sql.batches import statements_in
from songbook.lineage.sql.blocks import QUERY, Block, Unit, find
from songbook.lineage.sql.words import Word, unquoted, words_of

_SECTIONS = frozenset({"postgres", "redshift", "snowflake", "oracle"})
"""Dialects where DECLARE opens a section of declarations that ends with BEGIN."""
_IN_BODIES_ONLY = frozenset({"postgres", "redshift"})
"""Dialects whose statements outside of a body know no control flow."""
_STATEMENTS = frozenset(
    [
        "SELECT",
        "WITH",
        "INSERT",
        "UPDATE",
        "DELETE",
        "MERGE",
        "REPLACE",
        "TRUNCATE",
        "COPY",
        "CREATE",
        "DROP",
        "ALTER",
    ]
)
_Step = Callable[[Block, list[Word]], list[Word] | None]


def units_of(statement: str, block: Block) -> list[Unit]:
    """The units of what stands between two semicolons."""
    block.units = []
    for one in statements_in(statement) if block.dialect == "tsql" else (statement,):
        _take(one, block)
    return block.units


def _take(statement: str, block: Block) -> None:
    block.text = statement
    chunk = words_of(statement, block.dialect)
    if block.declaring and chunk and chunk[0].upper != "BEGIN":
        block.declare(chunk)
        return
    while chunk:
        rest = _without_control(chunk, block)
        if rest is None:
            block.add("statement", chunk)
            break
        chunk = rest


def _without_control(chunk: list[Word], block: Block) -> list[Word] | None:
    """What is left after one piece of control flow; None for an ordinary statement."""
    first = chunk[0].upper
    if first in _NO_LINEAGE:
        return []
    step = _STEPS.get(first)
    if step is not None:
        return step(block, chunk)
    if len(chunk) > 1 and chunk[1].text == ":=":
        block.read(chunk)
        return []
    if len(chunk) > 2 and chunk[1].text == ":" and chunk[0].kind == "word":
        return chunk[2:]
    if first == "<" and chunk[1:2] and chunk[1].text == "<":
        closing = next((at for at, word in enumerate(chunk) if word.text == ">"), None)
        return chunk[closing + 2 :] if closing else None
    return None


def _begin(block: Block, chunk: list[Word]) -> list[Word] | None:
    block.declaring = False
    following = chunk[1].upper if len(chunk) > 1 else ""
    if not following or following in ("TRAN", "TRANSACTION", "WORK", "ISOLATION", "READ"):
        return []
    block.inside = True
    return chunk[{"ATOMIC": 2, "NOT": 3}.get(following, 1) :]


def _end(block: Block, chunk: list[Word]) -> list[Word] | None:  # noqa: ARG001  # a step
    return []


def _next(block: Block, chunk: list[Word]) -> list[Word] | None:  # noqa: ARG001  # a step
    return chunk[1:]


def _condition(block: Block, chunk: list[Word]) -> list[Word] | None:
    """IF, ELSEIF, WHEN … THEN, WHILE … DO: the condition is read, the rest goes on."""
    until = find(chunk, frozenset({"THEN", "DO", "LOOP"}))
    if until is None:
        until = find(chunk, _STATEMENTS | {"BEGIN"})
        block.read(chunk[1:until])
        return chunk[until:] if until is not None else []
    block.read(chunk[1:until])
    return chunk[until + 1 :]


def _case(block: Block, chunk: list[Word]) -> list[Word] | None:
    if not block.inside and block.dialect in _IN_BODIES_ONLY:
        return None
    until = find(chunk, frozenset({"THEN"}))
    return chunk[until + 1 :] if until else []


def _for(block: Block, chunk: list[Word]) -> list[Word] | None:
    """FOR row IN query LOOP: the row's fields are no columns."""
    until = find(chunk, frozenset({"LOOP", "DO"}))
    if until is None:
        return []
    block.variables.add(chunk[1].text.lower())
    block.read(chunk[2:until])
    return chunk[until + 1 :]


def _declare(block: Block, chunk: list[Word]) -> list[Word] | None:
    if not block.inside and block.dialect in _IN_BODIES_ONLY:
        return _cursor(chunk)
    block.declaring = block.dialect in _SECTIONS
    skipped = {"OR", "REPLACE", "VARIABLE", "VAR"}
    rest = [word for at, word in enumerate(chunk[1:]) if at > 2 or word.upper not in skipped]
    block.declare(rest)
    return []


def _cursor(chunk: list[Word]) -> list[Word] | None:
    """DECLARE name CURSOR FOR query, as a statement."""
    until = find(chunk, frozenset({"FOR"}))
    return chunk[until + 1 :] if until else []


def _let(block: Block, chunk: list[Word]) -> list[Word] | None:
    block.declare(chunk[1:])
    return []


def _set(block: Block, chunk: list[Word]) -> list[Word] | None:
    if any(word.upper in ("SEARCH_PATH", "SCHEMA") for word in chunk[1:3]):
        return None
    block.read(chunk)
    return []


def _return(block: Block, chunk: list[Word]) -> list[Word] | None:
    following = chunk[1].upper if len(chunk) > 1 else ""
    if following == "QUERY":
        return chunk[2:]
    if following in QUERY:
        return chunk[1:]
    block.read(chunk)
    return []


def _perform(block: Block, chunk: list[Word]) -> list[Word] | None:
    block.units.append(Unit("reads", f"SELECT {block.text[chunk[0].end :]}"))
    return []


def _execute(block: Block, chunk: list[Word]) -> list[Word] | None:
    """EXECUTE of a text: read if it is a literal, else told."""
    at = 2 if len(chunk) > 1 and chunk[1].upper == "IMMEDIATE" else 1
    if len(chunk) <= at:
        return []
    prepared = at == 1 and not block.inside and chunk[at].kind in ("word", "quoted")
    if prepared or chunk[at].upper in ("FUNCTION", "PROCEDURE", "TASK"):
        return []
    if at == 1 and block.dialect in ("mysql", "mariadb"):
        return []
    return _dynamic(block, chunk[at:])


def _dynamic(block: Block, chunk: list[Word]) -> list[Word] | None:
    following = chunk[1].upper if len(chunk) > 1 else ""
    if chunk[0].kind in ("string", "dollar") and following in ("", "USING", "INTO"):
        block.units.append(Unit("script", unquoted(chunk[0])))
    else:
        block.units.append(Unit("note", "Dynamic SQL is only known when it runs."))
        block.read(chunk)
    return []


def _prepare(block: Block, chunk: list[Word]) -> list[Word] | None:
    until = find(chunk, frozenset({"AS", "FROM"}))
    if until is None or until + 1 == len(chunk):
        return []
    if chunk[until].upper == "AS":
        return chunk[until + 1 :]
    return _dynamic(block, chunk[until + 1 :])


def _explain(block: Block, chunk: list[Word]) -> list[Word] | None:  # noqa: ARG001  # a step
    """EXPLAIN shows a plan; only with ANALYZE does its statement run."""
    until = find(chunk, _STATEMENTS)
    analyzed = until and any(word.upper == "ANALYZE" for word in chunk[:until])
    return chunk[until:] if until and analyzed else []


def _do(block: Block, chunk: list[Word]) -> list[Word] | None:
    body = next((word for word in chunk if word.kind in ("string", "dollar")), None)
    if body is not None:
        block.units.append(Unit("script", unquoted(body)))
    return []


def _query(block: Block, chunk: list[Word]) -> list[Word] | None:
    """SELECT … INTO variables in a body: read, and shown to nobody."""
    into = find(chunk, frozenset({"INTO"})) if block.inside else None
    if into is None:
        return None
    after = into + 2
    while after < len(chunk) and chunk[after - 1].text in (":", "@", ",", ".", "STRICT"):
        after += 1
    while after + 1 < len(chunk) and chunk[after].text in (",", "."):
        after += 2
        while chunk[after - 1].text in (":", "@") and after < len(chunk):
            after += 1
    before = block.text[chunk[0].start : chunk[into].start]
    rest = block.text[chunk[after].start : chunk[-1].end] if after < len(chunk) else ""
    block.units.append(Unit("reads", before + rest))
    return []


_NO_LINEAGE = frozenset(
    [
        "ANALYZE",
        "CALL",
        "CLOSE",
        "COMMENT",
        "COMMIT",
        "CONTINUE",
        "DEALLOCATE",
        "DESC",
        "DESCRIBE",
        "EXIT",
        "FETCH",
        "GET",
        "GO",
        "GRANT",
        "ITERATE",
        "LEAVE",
        "LOCK",
        "NULL",
        "PRINT",
        "RAISE",
        "RAISERROR",
        "RESIGNAL",
        "REVOKE",
        "ROLLBACK",
        "SAVEPOINT",
        "SHOW",
        "SIGNAL",
        "START",
        "UNLOCK",
        "UNTIL",
        "VACUUM",
    ]
)
"""First words of statements through which no column flows."""
_STEPS: dict[str, _Step] = {
    "ASSERT": _let,
    "BEGIN": _begin,
    "CASE": _case,
    "DECLARE": _declare,
    "DO": _do,
    "ELSE": _next,
    "ELSEIF": _condition,
    "ELSIF": _condition,
    "END": _end,
    "EXCEPTION": _next,
    "EXEC": _execute,
    "EXECUTE": _execute,
    "EXPLAIN": _explain,
    "FOR": _for,
    "IF": _condition,
    "LET": _let,
    "LOOP": _next,
    "OPEN": _let,
    "PERFORM": _perform,
    "PREPARE": _prepare,
    "REPEAT": _next,
    "RETURN": _return,
    "SELECT": _query,
    "SET": _set,
    "WHEN": _condition,
    "WHILE": _condition,
    "WITH": _query,
}
