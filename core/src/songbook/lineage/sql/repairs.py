"""Repairs: statements that the parser does not know, said in words that it knows.

Each repair keeps what columns flow; what it drops (options of storage, of sessions, of schedules)
has no lineage.
"""

from __future__ import annotations

import re
from typing import Final

from songbook.lineage.sql.blocks import find, names_listed
from songbook.lineage.sql.words import Word, words_of

_PART = r"(?:[\w$@#-]+|\"(?:[^\"]|\"\")*\"|`[^`]*`)"
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})*"
_FLAGS = re.IGNORECASE | re.DOTALL


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern in short: a space is white space, `~` may be white space, NAME a dotted name."""
    return re.compile(text.replace("NAME", _NAME).replace(" ", r"\s+").replace("~", r"\s*"), _FLAGS)


_CREATE = "~CREATE(?: OR REPLACE)?"
_IF = "(?: IF NOT EXISTS)?"
_WHOLE: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (_pattern(pattern), repair)
    for pattern, repair in (
        (
            rf"{_CREATE}(?: SNAPSHOT)? TABLE{_IF} (NAME)(?: SHALLOW| DEEP)? CLONE (NAME).*",
            r"CREATE TABLE \1 CLONE \2",
        ),
        (
            rf"{_CREATE} STREAM{_IF} (NAME).*? ON(?: \w+)? (?:TABLE|VIEW) (NAME).*",
            r"CREATE TABLE \1 CLONE \2",
        ),
        (
            rf"{_CREATE} MATERIALIZED VIEW{_IF} (NAME).* AS REPLICA OF (NAME)~",
            r"CREATE TABLE \1 CLONE \2",
        ),
        (
            r"~ALTER TABLE(?: IF EXISTS)? (NAME) APPEND FROM (NAME).*",
            r"CREATE TABLE \1 CLONE \2",
        ),
        (
            rf"{_CREATE} RECURSIVE VIEW (NAME)~\(([^()]*)\)~AS (.*)",
            r"CREATE VIEW \1 (\2) AS WITH RECURSIVE \1 (\2) AS (\3) SELECT * FROM \1",
        ),
        (
            r"~ALTER (?:TABLE|VIEW|MATERIALIZED VIEW)(?: IF EXISTS)? (NAME) SET SCHEMA (NAME)~",
            r"ALTER TABLE \1 RENAME TO \2.\1",
        ),
        (
            r"~ALTER TABLE (NAME) EXCHANGE PARTITION .*? WITH TABLE (NAME).*",
            r"ALTER TABLE \1 SWAP WITH \2",
        ),
        (r"~REFRESH MATERIALIZED VIEW(?: CONCURRENTLY)? (NAME).*", r"TRUNCATE TABLE \1"),
        (r"~REPLACE(?: LOW_PRIORITY| DELAYED)?(?: INTO)? (NAME)(.*)", r"INSERT INTO \1\2"),
        (
            r"~INSERT(?: (?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE))*(?: INTO)? (NAME)"
            r"(~\(.*| (?:SELECT|VALUES|WITH|SET|TABLE)\b.*)",
            r"INSERT INTO \1\2",
        ),
        (
            r"~(SELECT .*?) INTO (?:OUTFILE|DUMPFILE)~('[^']*')(?:(?! FROM ).)*( FROM .*)?",
            r"COPY (\1\3) TO \2",
        ),
        (
            r"~INSERT OVERWRITE(?: LOCAL)? DIRECTORY~('[^']*')(?: USING \w+)?"
            r"(?: ROW FORMAT .*?)?(?:~OPTIONS~\([^()]*\))?"
            r" ((?:SELECT|WITH|TABLE|FROM|VALUES)\b.*)",
            r"INSERT OVERWRITE DIRECTORY \1 \2",
        ),
        (r"~MERGE WITH SCHEMA EVOLUTION INTO (.*)", r"MERGE INTO \1"),
        (
            r"~(MERGE INTO .*) REMOVE DUPLICATES~",
            r"\1 WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
        ),
    )
)
"""Statements that are said in another way as a whole."""
_PARTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (_pattern(pattern), repair)
    for pattern, repair in (
        (r" WITH(?: CASCADED| LOCAL)? CHECK OPTION", " "),
        (r" WITH(?: NO)? DATA~$", " "),
        (r" WITH READ ONLY~$", " "),
        (r" OVERRIDING (?:SYSTEM|USER) VALUE\b", " "),
        (r"\bCURRENT OF [\w\"]+", "TRUE"),
        (r"\bNEXT(?:VAL| VALUE) FOR (NAME)", "NULL"),
        (r"\bSTREAM (?=NAME)", " "),
        (r"\bFOR SYSTEM_TIME AS OF .*$", " "),
        (r"(\bUSING~\([^()]*\)) AS \w+", r"\1"),
        (r"\bVALUES~\(~\)", "VALUES (NULL)"),
    )
)


def with_plain_names(statement: str) -> str:
    """IDENTIFIER('name') as the name itself."""
    return _IDENTIFIER.sub(r"\1", statement)


def repaired(statement: str, dialect: str) -> list[str]:
    """Other ways to say a statement, the likeliest first; none if nothing about it is known."""
    unload = _unload(statement)
    if unload is not None:
        return [unload]
    load = _load(statement)
    if load is not None:
        return [load]
    renames = _renames(statement)
    if renames:
        return [renames]
    found: list[str] = []
    for pattern, repair in _WHOLE:
        match = pattern.fullmatch(statement)
        if match is not None:
            found.append(match.expand(repair))
    shorter = statement
    for pattern, repair in _PARTS:
        shorter = pattern.sub(repair, shorter)
    if shorter != statement:
        found.append(shorter)
    plain = _plain_definition(shorter, dialect)
    return [*found, plain] if plain is not None else found


def _unload(statement: str) -> str | None:
    """Redshift's UNLOAD ('query') TO 'place'."""
    match = _UNLOAD.match(statement)
    if match is None:
        return None
    query = match[2] if match[2] is not None else re.sub(r"\\'|''", "'", match[1])
    return f"COPY ({query}) TO {match[3]}"


def _load(statement: str) -> str | None:
    """MySQL's LOAD DATA INFILE: variables in its list are no columns, those that it SETs are."""
    match = _LOAD.fullmatch(statement)
    if match is None:
        return None
    columns = [name.strip() for name in (match[3] or "").split(",")]
    columns += [item.partition("=")[0].strip() for item in (match[4] or "").split(",")]
    listed = ", ".join(name for name in columns if name and not name.startswith("@"))
    return f"COPY {match[2]} {f'({listed})' if listed else ''} FROM {match[1]}"


def _renames(statement: str) -> str | None:
    """MySQL's RENAME TABLE a TO b, c TO d."""
    match = _RENAME.fullmatch(statement)
    if match is None:
        return None
    return ";".join(f"ALTER TABLE {old} RENAME TO {new}" for old, new in _RENAMED.findall(match[1]))


_IDENTIFIER: Final = _pattern(r"\bIDENTIFIER~\(~'([^']*)'~\)")
_UNLOAD: Final = _pattern(r"~UNLOAD~\(~(?:'((?:[^'\\]|''|\\.)*)'|\$\$(.*?)\$\$)~\)~TO~('[^']*')")
_LOAD: Final = _pattern(
    r"~LOAD DATA(?: LOCAL| LOW_PRIORITY| CONCURRENT)* INFILE~('[^']*').*? INTO TABLE (NAME)"
    r"(?:[^()]*?\(([^()]*)\))?(?: SET (.*))?.*?"
)
_RENAME: Final = _pattern(r"~RENAME (?:TABLE|TABLES) (.*)")
_RENAMED: Final = _pattern(r"(NAME) TO (NAME)")
_QUERY: Final = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "FROM", "("})


def _plain_definition(statement: str, dialect: str) -> str | None:
    """CREATE … VIEW or TABLE name (columns) whatever options AS query, without the options."""
    chunk = words_of(statement, dialect)
    if not chunk or chunk[0].upper != "CREATE":
        return None
    kind = find(chunk, frozenset({"VIEW", "TABLE"}))
    query = _query_of(chunk, kind) if kind is not None else None
    if kind is None or query is None:
        return None
    name = kind + (4 if chunk[kind + 1].upper == "IF" else 1)
    end = name + 1
    while chunk[end].text == ".":
        end += 2
    words = {word.upper for word in chunk[:kind]}
    temporary = "TEMPORARY " if words & {"TEMP", "TEMPORARY"} else ""
    table = statement[chunk[name].start : chunk[end - 1].end]
    columns = _listed(chunk, end, query)
    text = statement[chunk[query].start :]
    return f"CREATE {temporary}{chunk[kind].upper} {table}{columns} AS {text}"


def _query_of(chunk: list[Word], kind: int) -> int | None:
    """Where the query of a definition begins: after the first AS that one follows."""
    at = find(chunk, frozenset({"AS"}), kind + 1)
    while at is not None and at + 1 < len(chunk):
        if chunk[at + 1].upper in _QUERY or chunk[at + 1].text == "(":
            return at + 1
        at = find(chunk, frozenset({"AS"}), at + 1)
    return None


def _listed(chunk: list[Word], first: int, last: int) -> str:
    """The names in a column list that stands right behind the name."""
    if chunk[first].text != "(":
        return ""
    names = [
        word.text for word in names_listed(chunk[first:last]) if word.upper not in _CONSTRAINTS
    ]
    return f" ({', '.join(names)})" if names else ""


_CONSTRAINTS: Final = frozenset(
    ["CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "INDEX", "KEY"]
)
