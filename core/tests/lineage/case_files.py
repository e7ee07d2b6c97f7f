"""Reader of the `.cases` files: statements, and the lineage that each must have.

    ### title
    # defaults: database schema
    # schema: database.schema.table(column, column)
    # run: table(column, column type)
    the statement
    ---
    in: tables
    out: tables
    table.column <- table.column, table.column SUBTYPE
    filter: columns
    window table.column: columns
    error: words

A file's folder names its dialect. `~` stands for the defaults in what is expected, and in `schema`.
`-` in place of a default says that it is unknown. `run` makes tables of the default schema, in
which the execution oracle runs the statement; a column without a type is an int.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DIRECT = ("IDENTITY", "TRANSFORMATION", "AGGREGATION")
OF_THE_ROWS = {"filter": "FILTER", "join": "JOIN", "group_by": "GROUP_BY", "sort": "SORT"}
OF_A_COLUMN = {"window": "WINDOW", "conditional": "CONDITIONAL"}

_NAME = r'(?:"(?:[^"]|"")*"|[^",\s]|(?<=\S) (?=\S))+'
_EDGE = re.compile(rf"({_NAME}) <- (.+?)(?: ({'|'.join(DIRECT)}))?")
_INDIRECT = re.compile(rf"(?:(\w+)|(\w+) ({_NAME})): (.+)")
_DEFAULTS = re.compile(r"(^|[ ,(])~")
_TABLE = re.compile(r"(.+)\((.*)\)")


class MalformedCase(Exception):
    """A file of cases that can't be read: where, and why."""


@dataclass(frozen=True)
class Lines:
    """Some lines of a file, and the number of the first."""

    path: Path
    first: int
    lines: Sequence[str]

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return enumerate(self.lines, self.first)

    def malformed(self, reason: str, number: int | None = None) -> MalformedCase:
        return MalformedCase(f"{self.path}:{number or self.first}: {reason}")


@dataclass(frozen=True)
class Expected:
    """The lineage that a statement must have, with names spelled out."""

    tables_in: frozenset[str]
    tables_out: frozenset[str]
    columns: frozenset[str]
    """Lines `downstream <- upstream SUBTYPE`, one an edge."""
    indirect: frozenset[str] | None
    """Lines `SUBTYPE downstream <- upstream`, `*` for the rows; None if the case is silent."""
    errors: Sequence[str]


@dataclass(frozen=True)
class Case:
    """A statement, what is known about its surroundings, and what must come out."""

    name: str
    dialect: str
    sql: str
    default_database: str | None
    default_schema: str | None
    schema: Mapping[str, Sequence[str]]
    run: Mapping[str, Mapping[str, str]]
    """Types by table and column, where the statement can be run."""
    expected: Expected


@dataclass
class _Context:
    """What the comment lines at a case's head say."""

    defaults: list[str | None] = field(default_factory=lambda: [None, None])
    schema: dict[str, list[str]] = field(default_factory=dict)
    run: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return "".join(f"{part}." for part in self.defaults if part)


def read(path: Path) -> list[Case]:
    """All cases of a file; raises MalformedCase."""
    cases = [_case(lines) for lines in _split(path)]
    names = [case.name for case in cases]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise MalformedCase(f"{path}: two cases are named {sorted(twice)}")
    return cases


def _split(path: Path) -> Iterator[Lines]:
    text = path.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(text) if line.startswith("### ")]
    if any(line.strip() for line in text[: starts[0] if starts else None]):
        raise MalformedCase(f"{path}:1: the file does not begin with a case (### title)")
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield Lines(path, start + 1, text[start:end])


def _case(lines: Lines) -> Case:
    body = list(lines.lines)
    if body.count("---") != 1:
        raise lines.malformed("a case has one line --- between statement and lineage")
    middle = body.index("---")
    begin = next(i for i in range(1, middle + 1) if not body[i].startswith("# "))
    context = _context(Lines(lines.path, lines.first + 1, body[1:begin]))
    statement = "\n".join(body[begin:middle]).strip()
    if not statement:
        raise lines.malformed("the case has no statement")
    rest = Lines(lines.path, lines.first + middle + 1, body[middle + 1 :])
    return Case(
        name=f"{lines.path.parent.name}/{lines.path.stem}: {body[0].removeprefix('### ')}",
        dialect=lines.path.parent.name,
        sql=statement,
        default_database=context.defaults[0],
        default_schema=context.defaults[1],
        schema=context.schema,
        run=context.run,
        expected=_expected(rest, context.prefix),
    )


def _context(lines: Lines) -> _Context:
    context = _Context()
    for number, line in lines:
        name, _, value = line.removeprefix("# ").partition(": ")
        table = _TABLE.fullmatch(_DEFAULTS.sub(rf"\1{context.prefix}", value))
        if name == "defaults":
            words = [None if word == "-" else word for word in value.split()]
            if len(words) > 2:
                raise lines.malformed("defaults are a database and a schema", number)
            context.defaults = [*words, None, None][:2]
        elif name == "schema" and table:
            context.schema[table[1]] = _listed(table[2])
        elif name == "run" and table:
            columns = [it.partition(" ") for it in _listed(table[2])]
            context.run[table[1]] = {it: type_ or "int" for it, _, type_ in columns}
        else:
            raise lines.malformed(f"this says nothing about the case: {line}", number)
    return context


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _expected(lines: Lines, prefix: str) -> Expected:
    tables: dict[str, frozenset[str]] = {}
    columns: list[str] = []
    indirect: list[str] | None = None
    errors: list[str] = []
    for number, line in lines:
        line = _DEFAULTS.sub(rf"\1{prefix}", line.rstrip())
        name, _, value = line.partition(": ")
        if name in ("in", "out") and name not in tables:
            tables[name] = frozenset(_names(value))
        elif name == "error":
            errors.append(value)
        elif edge := _EDGE.fullmatch(line):
            columns += [f"{edge[1]} <- {it} {edge[3] or 'IDENTITY'}" for it in _names(edge[2])]
        elif line == "indirect: none":
            indirect = indirect or []
        elif more := list(_indirect(line)):
            indirect = [*(indirect or ()), *more]
        elif line:
            raise lines.malformed(f"this is no line of lineage: {line}", number)
    if twice := {it for it in columns if columns.count(it) > 1}:
        raise lines.malformed(f"the case says this twice: {sorted(twice)}")
    return Expected(
        tables.get("in", frozenset()),
        tables.get("out", frozenset()),
        frozenset(columns),
        None if indirect is None else frozenset(indirect),
        errors,
    )


def _indirect(line: str) -> Iterator[str]:
    words = _INDIRECT.fullmatch(line)
    if words and words[1] in OF_THE_ROWS:
        yield from (f"{OF_THE_ROWS[words[1]]} * <- {it}" for it in _names(words[4]))
    elif words and words[2] in OF_A_COLUMN:
        yield from (f"{OF_A_COLUMN[words[2]]} {words[3]} <- {it}" for it in _names(words[4]))


def _names(text: str) -> list[str]:
    """The names of a list; a comma within double quotes divides nothing."""
    return [name.strip() for name in re.findall(_NAME, text)]
