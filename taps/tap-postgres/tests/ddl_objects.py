"""Routines, sequences, types and roles, written as the statements that pg_dump would write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ddl_names import column_name, literal, owner, qualified, quote
from reading import Json, Reading, parts

from songbook.urn import encode

LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
"""One more than the greatest number of a type."""


def routine(record: Json, _: Reading) -> Iterator[str]:
    """CREATE FUNCTION, PROCEDURE or AGGREGATE; constructors of ranges come with their type."""
    if record["language"] == "internal" and record["routine_type"] == "function":
        return
    name = qualified(plain_name(record))
    kind = routine_kind(record)
    if kind == "AGGREGATE":
        made_of = record["extra"]["aggregate"]
        facts = {
            "SFUNC": made_of["state_function"].rpartition("(")[0],
            "STYPE": made_of["state_type"],
            "INITCOND": literal(made_of["initial_state"]),
            "FINALFUNC": made_of["final_function"].rpartition("(")[0],
        }
        listed = ",\n".join(f"    {key} = {value}" for key, value in facts.items())
        yield f"CREATE AGGREGATE {name}({arguments(record)}) (\n{listed}\n)"
    else:
        text = f"CREATE {kind} {name}({arguments(record, defaults=True)})"
        text += f" RETURNS {record['return_type']}" if record["return_type"] else ""
        text += "\n    LANGUAGE " + " ".join((record["language"], *_attributes(record)))
        text += "".join(
            f"\n    SET {it.partition('=')[0]}" for it in record["extra"].get("config", ())
        )
        yield text + _body(record["definition"])
    yield owner(record, kind, f"{name}({arguments(record)})")


def plain_name(record: Json) -> str:
    """The URN that a routine would have without arguments."""
    return str(record["urn"]).partition("/~routine/")[0] + "/" + encode(record["name"])


def routine_kind(record: Json) -> str:
    """FUNCTION, PROCEDURE or AGGREGATE."""
    kind = str(record["routine_type"]).upper()
    return "FUNCTION" if kind == "WINDOW" else kind


def arguments(record: Json, *, defaults: bool = False) -> str:
    """The arguments as a statement lists them."""
    is_procedure = record["routine_type"] == "procedure"
    texts = []
    for it in record["arguments"]:
        if it["mode"] == "table":
            continue
        mode = "" if it["mode"] == "in" and not is_procedure else it["mode"].upper()
        name = quote(it["name"]) if it["name"] else ""
        default = f"DEFAULT {it['default']}" if defaults and it["default"] else ""
        texts.append(" ".join(filter(None, (mode, name, it["data_type"], default))))
    return ", ".join(texts)


def _attributes(record: Json) -> Iterator[str]:
    extra = record["extra"]
    usual_cost = 1 if record["language"] in ("internal", "c") else 100
    if record["routine_type"] == "window":
        yield "WINDOW"
    if record["volatility"] != "volatile":
        yield record["volatility"].upper()
    if extra.get("strict"):
        yield "STRICT"
    if record["security"] == "definer":
        yield "SECURITY DEFINER"
    if extra.get("leakproof"):
        yield "LEAKPROOF"
    if extra["cost"] != usual_cost:
        yield f"COST {extra['cost']}"
    if extra.get("rows", 1000) != 1000:
        yield f"ROWS {extra['rows']}"
    if extra["parallel"] != "unsafe":
        yield f"PARALLEL {extra['parallel'].upper()}"


def _body(definition: str) -> str:
    """What the routine does: a string without its dollar quotes, or an expression."""
    quoted = re.search(r"\nAS (\$\w*\$)(.*)\1\n$", definition, re.DOTALL)
    if quoted:
        return f"\n    AS {quoted[2]}"
    expression = re.search(r"\n ?RETURN (.*)\n$", definition, re.DOTALL)
    assert expression, definition
    return f"\n    RETURN {expression[1]}"


def sequence(record: Json, reading: Reading) -> Iterator[str]:
    """CREATE SEQUENCE, or the identity that it stands behind."""
    name, extra = qualified(record["urn"]), record["extra"]
    numbered = record["owned_by"] and reading.by_urn[record["owned_by"]]
    upward = record["increment"] > 0
    limit = LIMITS[record["data_type"]]
    least, most = (1, limit - 1) if upward else (-limit, -1)
    facts = numbered["identity"] if extra.get("identity") else record
    clauses = [
        f"START WITH {facts['start']}",
        f"INCREMENT BY {facts['increment']}",
        "NO MINVALUE" if record["min"] == least else f"MINVALUE {record['min']}",
        "NO MAXVALUE" if record["max"] == most else f"MAXVALUE {record['max']}",
        f"CACHE {extra['cache']}",
        *(["CYCLE"] if extra.get("cycle") else []),
    ]
    if extra.get("identity"):
        mode = numbered["identity"]["mode"].replace("_", " ").upper()
        place = f"{qualified(numbered['table_urn'])} ALTER COLUMN {quote(numbered['name'])}"
        yield (
            f"ALTER TABLE {place} ADD GENERATED {mode} AS IDENTITY (\n"
            + "\n    ".join(("    SEQUENCE NAME " + name, *clauses))
            + "\n)"
        )
        return
    if record["data_type"] != "bigint":
        clauses.insert(0, f"AS {record['data_type']}")
    yield "\n    ".join((f"CREATE SEQUENCE {name}", *clauses))
    yield owner(record, "RELATION", name)
    if numbered:
        yield f"ALTER SEQUENCE {name} OWNED BY {column_name(numbered)}"


def type_(record: Json, reading: Reading) -> Iterator[str]:
    """CREATE TYPE or DOMAIN; a multirange stands in its range."""
    name, extra = qualified(record["urn"]), record["extra"]
    kind = "DOMAIN" if record["type_type"] == "domain" else "TYPE"
    if record["type_type"] == "multirange":
        return
    yield owner(record, kind, name)
    if record["type_type"] == "enum":
        labels = ",\n".join(f"    {literal(label)}" for label in record["labels"])
        yield f"CREATE TYPE {name} AS ENUM (\n{labels}\n)"
    elif record["type_type"] == "composite":
        attributes = [
            " ".join((quote(it["name"]), it["data_type"], *_collate(it.get("collation"))))
            for it in extra.get("attributes", ())
        ]
        for members in (attributes, [it for it in record["definition"][1:-1].split(", ") if it]):
            lines = ",".join(f"\n\t{it}" for it in members)
            yield f"CREATE TYPE {name} AS ({lines}\n)"
        for it in extra.get("attributes", ()):
            if "description" in it:
                attribute = f"{name}.{quote(it['name'])}"
                yield f"COMMENT ON COLUMN {attribute} IS {literal(it['description'])}"
    elif record["type_type"] == "range":
        lines = ",\n".join(f"    {clause}" for clause in record["definition"].split(", "))
        yield f"CREATE TYPE {name} AS RANGE (\n{lines}\n)"
    else:
        yield from _domain(record, name)


def _domain(record: Json, name: str) -> Iterator[str]:
    extra = record["extra"]
    collation = re.search(r" COLLATE ((?:\"(?:[^\"]|\"\")*\"|\w+|\.)+)", record["definition"])
    text = " ".join(
        (f"CREATE DOMAIN {name} AS {record['base_type']}", *_collate(collation and collation[1]))
    )
    text += " NOT NULL" if extra.get("not_null") else ""
    text += f" DEFAULT {extra['default']}" if "default" in extra else ""
    for check in extra.get("checks", ()):
        clause = f"CONSTRAINT {quote(check['name'])} {check['expression']}"
        if check.get("validated", True):
            text += f"\n\t{clause}"
        else:
            yield f"ALTER DOMAIN {name}\n    ADD {clause}"
    yield text


def _collate(collation: str | None) -> list[str]:
    return [f"COLLATE {collation}"] if collation else []


def role(record: Json) -> Iterator[str]:
    """What pg_dumpall writes about a role."""
    name, extra = quote(record["name"]), record["extra"]
    can = {
        "SUPERUSER": extra.get("superuser", False),
        "INHERIT": extra.get("inherit", True),
        "CREATEROLE": extra.get("create_role", False),
        "CREATEDB": extra.get("create_database", False),
        "LOGIN": record["principal_type"] == "user",
        "REPLICATION": extra.get("replication", False),
        "BYPASSRLS": extra.get("bypass_row_security", False),
    }
    text = " ".join(word if able else f"NO{word}" for word, able in can.items())
    limit, until = extra.get("connection_limit"), extra.get("valid_until")
    text += f" CONNECTION LIMIT {limit}" if limit is not None else ""
    text += (
        f" VALID UNTIL {literal(until.replace('T', ' ').replace('+00:00', '+00'))}" if until else ""
    )
    yield f"\nALTER ROLE {name} WITH {text};\n"
    if record["description"] is not None:
        yield f"\nCOMMENT ON ROLE {name} IS {literal(record['description'])};\n"
    for group in record["member_of"]:
        yield f"\nGRANT {quote(parts(group)[0])} TO {name} "
