"""Table functions: which make rows of their arguments, which read files, and which hide tables."""

from __future__ import annotations

import re
from typing import Final

from sqlglot import exp

_FILE_READERS: Final = re.compile(
    "read_(files|csv|csv_auto|json|json_auto|ndjson|parquet|blob|text|xlsx)|cloud_files|parquet_scan",
    re.IGNORECASE,
)
_TRANSPARENT: Final = re.compile(
    r"(generat|json|regexp_|string_|split|strtok|unnest|flatten|range|sequence|explode|posexplode"
    r"|inline|stack|pg_|ts_|xml|glob|repeat|variant_|from_|list_|map_|array_|each|skeys|svals"
    r"|openjson|numbers|aclexplode|information_schema|current_|date_range|infer_schema)\w*",
    re.IGNORECASE,
)
"""Built-in functions whose rows are made of their arguments alone."""


def file_read_by(call: exp.Expr) -> str | None:
    """The place of the file that a function reads."""
    if isinstance(call, exp.Anonymous):
        name, arguments = call.name, call.expressions
    elif isinstance(call, exp.ReadCSV | exp.ReadParquet):
        name = "read_csv"
        arguments = [call.this] if isinstance(call, exp.ReadCSV) else call.expressions
    else:
        return None
    first = arguments[0] if arguments else None
    is_place = isinstance(first, exp.Literal) and first.is_string
    return str(first.name) if first and is_place and _FILE_READERS.fullmatch(name) else None


def table_read_by(call: exp.Expr) -> str | None:
    """The table that a function shows the changes of, as it is written."""
    if not isinstance(call, exp.Anonymous) or call.name.upper() != "TABLE_CHANGES":
        return None
    first = call.expressions[0] if call.expressions else None
    return str(first.name) if isinstance(first, exp.Literal) else None


def opaque(call: exp.Expr) -> str | None:
    """Why the tables that a function reads can't be told; None if it reads none."""
    if not isinstance(call, exp.Anonymous | exp.Dot):
        return None
    name = call.expression.name if isinstance(call, exp.Dot) else call.name
    if name.upper() == "RESULT_SCAN":
        return "RESULT_SCAN gives the result of an earlier query that is not known."
    if _TRANSPARENT.fullmatch(name):
        return None
    return f"What the function {name} reads is not known."
