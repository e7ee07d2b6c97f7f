"""Functions and procedures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from songbook import Request, urn
from songbook.connector import Item
from songbook.records import Argument, Owner, Routine
from songbook.sql import params
from tap_redshift.client import Database
from tap_redshift.sources import SQL

KINDS = {"f": "function", "p": "procedure", "a": "aggregate", "w": "window"}
MODES = {"i": "in", "o": "out", "b": "inout"}
VOLATILITIES = {"i": "immutable", "s": "stable", "v": "volatile"}
BETWEEN_NAMES = "\x1f"


def routines(database: Database, request: Request) -> Iterator[Item]:
    """The routines of the local schemas."""
    types = {str(row["id"]): row["name"] for row in database.ask(SQL["type_names"])}
    names, rows = database.rows(SQL["routines"], params(request))
    for row in rows:
        yield _routine(database, dict(zip(names, row, strict=True)), types)


def _routine(database: Database, row: Mapping[str, Any], types: Mapping[str, str]) -> Routine:
    signature = f"{row['name']}({row['input_types'].replace(', ', ',')})"
    path = [row["database_name"], row["schema_name"], signature]
    return Routine(
        urn=urn.join(database.namespace, path, "routine"),
        name=row["name"],
        description=row["description"],
        owners=[Owner(principal=row["owner"], kind="user", source="pg_proc.proowner")],
        routine_type=KINDS[row["kind"]],
        language=row["language"],
        arguments=_arguments(row, types),
        return_type=row["return_type"],
        definition=row["definition"],
        security="definer" if row["is_definers"] else "invoker",
        volatility=VOLATILITIES[row["volatility"]],
    )


def _arguments(row: Mapping[str, Any], types: Mapping[str, str]) -> list[Argument]:
    """All arguments; the catalog lists modes and types of all only where some are given back."""
    if row["all_type_ids"]:
        data_types = [types.get(number, number) for number in row["all_type_ids"].split()]
    else:
        data_types = row["input_types"].split(", ") if row["input_types"] else []
    modes = (row["modes"] or "").split()
    names = (row["argument_names"] or "").split(BETWEEN_NAMES)
    return [
        Argument(name=name or None, data_type=data_type, mode=MODES.get(mode or "i"))
        for data_type, mode, name in zip_longest(data_types, modes, names)
        if data_type
    ]
