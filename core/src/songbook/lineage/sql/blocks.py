"""Blocks: the statements inside of procedures and scripts, without the control flow around them.

`IF … THEN`, loops, handlers and declarations fall away, since whatever a script may do it counts
as done; the queries in their conditions are read for their tables alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from songbook.lineage.sql.batches import statements_in
from songbook.lineage.sql.words import Word, unquoted, words_of

_SECTIONS = frozenset({"postgres", "redshift", "snowflake", "oracle"})
"""Dialects where DECLARE opens a section of declarations that ends with BEGIN."""
_IN_BODIES_ONLY = frozenset({"postgres", "redshift"})
"""Dialects whose statements outside of a body know no control flow."""
_QUERY = frozenset({"SELECT", "WITH"})
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
_MODES = frozenset({"IN", "OUT", "INOUT", "VARIADIC"})
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


class Unit(NamedTuple):
    """A piece of a script: a statement, a query of whose tables alone are read, or a whole script
    in a string; or only a note that something can't be read."""

    kind: Literal["statement", "reads", "script", "note"]
    text: str


@dataclass
class Block:
    """Where in a script we are: what was declared, and whether this is a procedure's body."""

    dialect: str
    inside: bool = False
    declaring: bool = False
    variables: set[str] = field(default_factory=set)
    units: list[Unit] = field(default_factory=list)
    text: str = ""

    def take(self, statement: str) -> list[Unit]:
        """The units of what stands between two semicolons."""
        self.units = []
        for one in statements_in(statement) if self.dialect == "tsql" else (statement,):
            self._take_one(one)
        return self.units

    def _take_one(self, statement: str) -> None:
        self.text = statement
        chunk = words_of(statement, self.dialect)
        if self.declaring and chunk and chunk[0].upper != "BEGIN":
            self.declare(chunk)
            return
        while chunk:
            rest = self._step(chunk)
            if rest is None:
                self.add("statement", chunk)
                break
            chunk = rest

    def add(self, kind: Literal["statement", "reads"], chunk: list[Word]) -> None:
        """One more unit, from the words of this statement."""
        if chunk:
            self.units.append(Unit(kind, self.text[chunk[0].start : chunk[-1].end]))

    def read(self, chunk: list[Word]) -> None:
        """The queries in a piece of control flow are read for their tables."""
        for query in queries_in(chunk):
            self.add("reads", query)

    def declare(self, chunk: list[Word]) -> None:
        """The names before a declaration's type are variables; its default may hold a query."""
        for at, word in enumerate(chunk):
            if word.kind in ("word", "quoted") and (at == 0 or chunk[at - 1].text == ","):
                self.variables.add(word.text.strip('"`').lower())
            elif word.text != ",":
                break
        self.read(chunk)

    def _step(self, chunk: list[Word]) -> list[Word] | None:
        """What is left after one piece of control flow; None for an ordinary statement."""
        first = chunk[0].upper
        if first in _NO_LINEAGE:
            return []
        step = _STEPS.get(first)
        if step is not None:
            return step(self, chunk)
        if len(chunk) > 1 and chunk[1].text == ":=":
            self.read(chunk)
            return []
        if len(chunk) > 2 and chunk[1].text == ":" and chunk[0].kind == "word":
            return chunk[2:]
        if first == "<" and chunk[1:2] and chunk[1].text == "<":
            closing = next((at for at, word in enumerate(chunk) if word.text == ">"), None)
            return chunk[closing + 2 :] if closing else None
        return None


_Step = Callable[[Block, list[Word]], list[Word] | None]


def queries_in(chunk: list[Word]) -> Iterator[list[Word]]:
    """The outermost queries among some words."""
    depth, start, base = 0, None, 0
    for at, word in enumerate(chunk):
        if word.text in _OPENING:
            depth += 1
        elif word.text in _CLOSING:
            depth -= 1
            if start is not None and depth < base:
                yield chunk[start:at]
                start = None
        elif word.upper in _QUERY and start is None:
            start, base = at, depth
    if start is not None:
        yield chunk[start:]


def find(chunk: list[Word], wanted: frozenset[str], first: int = 1) -> int | None:
    """The place of a keyword outside of brackets and of CASE … END."""
    depth = 0
    for at, word in enumerate(chunk[first:], first):
        if depth == 0 and word.upper in wanted:
            return at
        if word.text in _OPENING or word.upper == "CASE":
            depth += 1
        elif word.text in _CLOSING or (word.upper == "END" and depth):
            depth -= 1
    return None


def names_listed(chunk: list[Word]) -> Iterator[Word]:
    """The first word of each item of a list in parentheses; IN and OUT are no names."""
    depth, fresh = 0, False
    for word in chunk:
        if word.text in ("(", "<"):
            depth += 1
            fresh = depth == 1
        elif word.text in (")", ">"):
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and word.text == ",":
            fresh = True
        elif fresh and word.upper not in _MODES:
            yield word
            fresh = False


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
    if following in _QUERY:
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
