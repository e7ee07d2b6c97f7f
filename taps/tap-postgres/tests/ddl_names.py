"""Names as they stand in the statements of pg_dump."""

from __future__ import annotations

import re

from reading import Json, parts


def quote(name: str) -> str:
    """An identifier as PostgreSQL writes it; no word of the tests is reserved."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        return name
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string as PostgreSQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def qualified(urn: str) -> str:
    """The name of an object with its schema."""
    return ".".join(map(quote, parts(urn)[1:]))


def column_name(record: Json) -> str:
    """The name of a column with its table and schema."""
    return f"{qualified(record['table_urn'])}.{quote(record['name'])}"


def owner(record: Json, kind: str, name: str) -> str:
    """ALTER ... OWNER TO; kinds of relations are one, since versions of pg_dump differ in them."""
    return f"ALTER {kind} {name} OWNER TO {quote(record['owners'][0]['principal'])}"


def field(path: str) -> str:
    """A field path of one part as an identifier."""
    if path.startswith('"') and path.endswith('"') and len(path) > 1:
        path = path[1:-1].replace('""', '"')
    return quote(path)


def listed(fields: list[str], *, period: bool = False) -> str:
    """Field paths as a list of identifiers; the last can be a PERIOD."""
    names = list(map(field, fields))
    if period:
        names[-1] = f"PERIOD {names[-1]}"
    return ", ".join(names)
