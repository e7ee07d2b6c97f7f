"""Batches: T-SQL, whose statements need no semicolons between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from songbook.lineage.sql.words import Word, words_of

_STARTS: Final = frozenset(
    {
        "ALTER",
        "BEGIN",
        "CREATE",
        "DECLARE",
        "DELETE",
        "DROP",
        "ELSE",
        "END",
        "EXEC",
        "EXECUTE",
        "IF",
        "INSERT",
        "MERGE",
        "PRINT",
        "RETURN",
        "SELECT",
        "SET",
        "TRUNCATE",
        "UPDATE",
        "WHILE",
        "WITH",
    }
)
_GO_ON: Final = {
    "SELECT": frozenset({"INSERT", "WITH", "CREATE", "DECLARE"}),
    "SET": frozenset({"UPDATE", "MERGE"}),
    "WITH": frozenset({"SELECT", "UPDATE", "DELETE", "INSERT", "MERGE", "CREATE", "ALTER"}),
    "UPDATE": frozenset({"WITH", "MERGE", "CREATE"}),
    "DELETE": frozenset({"WITH", "MERGE", "CREATE"}),
    "INSERT": frozenset({"WITH", "MERGE", "CREATE"}),
    "MERGE": frozenset({"WITH"}),
    "EXEC": frozenset({"INSERT"}),
    "EXECUTE": frozenset({"INSERT"}),
    "END": frozenset({"CASE"}),
}
"""Words that go on with a statement that began with one of these."""
_BEFORE: Final = frozenset({"UNION", "ALL", "EXCEPT", "INTERSECT", "THEN", "AS", "FOR", "OR", "ON"})
"""Words after which none of them begins a statement."""


def statements_in(batch: str) -> Iterator[str]:
    """The statements of a batch: each begins with a keyword that can't go on with the last."""
    depth = cases = 0
    begun, first = 0, ""
    previous: Word | None = None
    complete = False
    for word in words_of(batch, "tsql"):
        depth += (word.text == "(") - (word.text == ")")
        cases += (word.upper == "CASE") - (word.upper == "END" and cases > 0)
        starts = word.upper in _STARTS and depth == 0 and not cases
        if starts and (first == "SET" or previous is None or previous.upper not in _BEFORE):
            goes_on = first in _GO_ON.get(word.upper, ()) and not (
                complete and word.upper == "SELECT"
            )
            if not goes_on:
                if batch[begun : word.start].strip():
                    yield batch[begun : word.start]
                begun, first, complete = word.start, word.upper, False
            complete = complete or word.upper == "SELECT"
        previous = word
    if batch[begun:].strip():
        yield batch[begun:]
