"""What the tap says of tables and columns is what psql says, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from ddl_names import qualified, quote
from described import Description, describe
from reading import Json, Reading, parts

MAJORS = [15, 18]

CLASSES = {
    "smallint": "integer", "integer": "integer", "bigint": "integer", "oid": "integer",
    "real": "float", "double": "float", "numeric": "decimal", "money": "decimal",
    "boolean": "boolean", "text": "string", "character": "string", "bpchar": "string",
    '"char"': "string", "name": "string", "bytea": "binary", "bit": "binary", "date": "date",
    "time": "time", "timestamp": "timestamp", "interval": "interval", "json": "json",
    "jsonb": "json", "uuid": "uuid", "point": "geo", "polygon": "geo", "inet": "other",
    "xml": "other", "tsvector": "other", "regclass": "other", "int4range": "other",
    "daterange": "other", "tstzrange": "other", "tstzmultirange": "other",
}  # fmt: skip
"""The family of a type, by the first word that psql shows."""

STORAGES = {"p": "plain", "e": "external", "m": "main", "x": "extended"}


@pytest.mark.parametrize("major", MAJORS)
def test_psql_describes_the_same(hostiles: Any, major: int) -> None:
    """Each relation and its columns are as psql's description of them."""
    found = hostiles[major]
    tables = found.reading["tables"]
    columns = _columns(found.reading)
    storages = _storages(found)
    places = [(parts(it["urn"])[1], it["name"]) for it in tables]
    described = describe(found.server, found.database, places)
    wrong = {
        f"{table['urn']} {what}": (ours, theirs)
        for table, description in zip(tables, described, strict=True)
        for what, ours, theirs in (
            *_relation(table, description),
            *_all_columns(columns.get(table["urn"], []), description, found.reading, storages),
        )
        if ours != theirs
    }
    assert not wrong, f"seed {found.seed}"


Comparison = tuple[str, Any, Any]


def _relation(table: Json, description: Description) -> Iterator[Comparison]:
    extra, options = table["extra"], dict(table["options"])
    schema = parts(table["urn"])[1]
    kind = table["native_type"].capitalize()
    if options.pop("persistence", None) == "unlogged":
        kind = f"Unlogged {kind.lower()}"
    yield "title", f'{kind} "{schema}.{table["name"]}"', description.title
    is_part = description.footer("Partition of: ") is not None
    type_ = "partition" if is_part else table["native_type"].replace(" ", "_")
    yield "table_type", table["table_type"], type_
    bound = None
    if table["partition_of_urn"]:
        bound = f"{qualified(table['partition_of_urn'])} {table['partition_bound']}"
    yield "partition_bound", bound, description.footer("Partition of: ")
    yield "partition_key", extra.get("partition_key"), description.footer("Partition key: ")
    strategy = (extra.get("partition_key") or "").partition(" ")[0].lower()
    yield "partition_keys", {strategy} - {""}, {it["kind"] for it in table["partition_keys"]}
    yield "location", table["location"], description.footer("Server: ")
    yield (
        "row_security",
        "row_security" in extra,
        "Policies (forced row security enabled):" in description.footers,
    )
    of = extra.get("of_type")
    yield "of_type", of, description.footer("Typed table of type: ")
    yield "parents", _inherited(table), _footer_names(description)
    remote = {key: options.pop(key) for key in ("schema_name", "table_name") if key in options}
    shown = description.footer("FDW options: (") or ""
    yield (
        "remote",
        remote,
        {key: value for key, value in _pairs(shown) if key in ("schema_name", "table_name")},
    )
    listed = ", ".join(sorted(f"{key}={value}" for key, value in options.items()))
    theirs = ", ".join(sorted((description.footer("Options: ") or "").split(", ")))
    yield "options", listed, theirs
    secure = "security_barrier=true" in theirs if table["table_type"] == "view" else None
    yield "is_secure", table["is_secure"], secure


def _inherited(table: Json) -> list[str]:
    return [
        f"{quote(it['schema'])}.{quote(it['name'])}" for it in table["extra"].get("inherits", ())
    ]


def _footer_names(description: Description) -> list[str]:
    """The parents: psql writes the first behind the label, each other as a footer of its own."""
    first = next(
        (n for n, it in enumerate(description.footers) if it.startswith("Inherits: ")), None
    )
    if first is None:
        return []
    names = [description.footers[first].removeprefix("Inherits: ")]
    names += [it.strip() for it in description.footers[first + 1 :] if it.startswith("          ")]
    return [it.rstrip(",") for it in names]


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(it[1], it[2]) for it in re.finditer(r"(\w+) '([^']*)'", text)]


def _all_columns(
    columns: list[Json], description: Description, reading: Reading, storages: dict[str, str]
) -> Iterator[Comparison]:
    yield "columns", [it["name"] for it in columns], [it["Column"] for it in description.columns]
    for column, shown in zip(columns, description.columns, strict=False):
        for what, ours, theirs in _column(column, shown, reading, storages):
            yield f"{column['name']} {what}", ours, theirs


def _column(
    column: Json, shown: dict[str, str], reading: Reading, storages: dict[str, str]
) -> Iterator[Comparison]:
    extra = column["extra"]
    domain = _domain(column, reading)
    yield "data_type", column["data_type"], shown["Type"]
    yield "collation", column["collation"] or "", shown["Collation"]
    yield (
        "nullable",
        column["nullable"],
        not (shown["Nullable"] or (domain and domain["extra"].get("not_null"))),
    )
    yield "default", _default(column), _without_parentheses(shown["Default"])
    yield "description", column["description"] or "", shown.get("Description", "")
    yield "storage", extra.get("storage", storages[column["data_type"]]), shown["Storage"]
    yield "statistics", str(extra.get("statistics_target", "")), shown.get("Stats target", "")
    yield "compression", extra.get("compression", ""), shown.get("Compression", "")
    foreign = f"(column_name '{extra['foreign_name']}')" if "foreign_name" in extra else ""
    yield "foreign_name", foreign, shown.get("FDW options", "")
    base = extra.get("base_type", shown["Type"])
    yield "type_class", column["type_class"], _type_class(base, column, reading)
    sizes = (column["length"], column["precision"], column["scale"])
    yield "sizes", sizes, _sizes(base)


def _domain(column: Json, reading: Reading) -> Json | None:
    defined = _defined(column, reading)
    return (
        defined
        if defined and defined["type_type"] == "domain" and "base_type" in column["extra"]
        else None
    )


def _defined(column: Json, reading: Reading) -> Json | None:
    """The record of the type that somebody defined, of the column or of its elements."""
    named = column["extra"].get("type")
    if named is None:
        return None
    return next(
        it
        for it in reading["types"]
        if (parts(it["urn"])[1], it["name"]) == (named["schema"], named["name"])
    )


def _type_class(base: str, column: Json, reading: Reading) -> str:
    if base.endswith("[]"):
        return "array"
    defined = _defined(column, reading)
    if defined and defined["type_type"] != "domain":
        return {"enum": "enum", "composite": "struct"}.get(defined["type_type"], "other")
    return CLASSES[re.split(r"[ (]", base)[0]]


def _sizes(base: str) -> tuple[int | None, int | None, int | None]:
    """Length, precision and scale as they stand in the type's name."""
    found = re.search(r"\((-?\d+)(?:,(-?\d+))?\)", base)
    if found is None or base.endswith("[]"):
        return None, None, None
    first, second = int(found[1]), int(found[2]) if found[2] else None
    if base.startswith(("character", "bit")):
        return first, None, None
    return None, first, second


def _default(column: Json) -> str:
    if column["identity"]:
        return f"generated {column['identity']['mode'].replace('_', ' ')} as identity"
    if column["generated"]:
        kind = " stored" if column["generated"] == "stored" else ""
        return _without_parentheses(
            f"generated always as ({column['generation_expression']}){kind}"
        )
    return _without_parentheses(column["default"] or "")


def _without_parentheses(expression: str) -> str:
    """An expression as far as psql can agree on it: it leaves needless parentheses out."""
    return re.sub(r"[()]", "", expression)


def _columns(reading: Reading) -> dict[str, list[Json]]:
    columns: dict[str, list[Json]] = {}
    for column in reading["columns"]:
        columns.setdefault(column["table_urn"], []).append(column)
    return columns


def _storages(found: Any) -> dict[str, str]:
    """How each type that occurs is stored when nobody says otherwise."""
    types = sorted({it["data_type"] for it in found.reading["columns"]})
    statement = """
        SELECT name, (SELECT typstorage FROM pg_type WHERE oid = to_regtype(name))
        FROM unnest(%s::text[]) AS name"""
    with psycopg.connect(found.url) as connection:
        return {name: STORAGES[letter] for name, letter in connection.execute(statement, [types])}
