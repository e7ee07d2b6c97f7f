"""Records written as the statements that pg_dump would write for the same objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reading import Json, Reading, parts

from songbook.urn import encode

LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
"""One more than the greatest number of a type."""


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


def schema(record: Json, _: Reading) -> Iterator[str]:
    """CREATE SCHEMA; the one that is always there is not dumped."""
    if record["container_type"] == "schema" and record["name"] != "public":
        yield f"CREATE SCHEMA {quote(record['name'])}"
        yield owner(record, "SCHEMA", quote(record["name"]))


def relation(record: Json, _: Reading) -> Iterator[str]:
    """Views whole, partitions as they are attached; psql is asked what tables are made of."""
    name = qualified(record["urn"])
    if record["definition"] is not None:
        kind = record["native_type"].upper()
        options = dict(record["options"])
        check = options.pop("check_option", None)
        place = "\n" if kind == "MATERIALIZED VIEW" else " "
        listed = ", ".join(f"{key}={literal(value)}" for key, value in options.items())
        text = f"CREATE {kind} {name}" + (f"{place}WITH ({listed})" if listed else "") + " AS\n"
        text += record["definition"].removesuffix(";")
        text += f"\n  WITH {check.upper()} CHECK OPTION" if check else ""
        yield text + ("\n  WITH NO DATA" if kind == "MATERIALIZED VIEW" else "")
    if record["partition_of_urn"]:
        whole = qualified(record["partition_of_urn"])
        yield f"ALTER TABLE ONLY {whole} ATTACH PARTITION {name} {record['partition_bound']}"
    yield owner(record, "RELATION", name)
    if record["extra"].get("row_security"):
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    if record["extra"].get("force_row_security"):
        yield f"ALTER TABLE ONLY {name} FORCE ROW LEVEL SECURITY"
    if "replica_identity" in record["extra"]:
        which = record["extra"]["replica_identity"].upper()
        yield f"ALTER TABLE ONLY {name} REPLICA IDENTITY {which}"


def column(record: Json, reading: Reading) -> Iterator[str]:
    """Defaults that a dump sets by themselves: of views, and of sequences that may come later."""
    is_view = reading.by_urn[record["table_urn"]]["table_type"] == "view"
    if record["default"] and (is_view or record["default"].startswith("nextval(")):
        table, name = qualified(record["table_urn"]), quote(record["name"])
        yield f"ALTER TABLE ONLY {table} ALTER COLUMN {name} SET DEFAULT {record['default']}"


def constraint(record: Json, reading: Reading) -> Iterator[str]:
    """ALTER TABLE ... ADD CONSTRAINT. Checks stand in CREATE TABLE, inherited keys nowhere."""
    table = reading.by_urn[record["table_urn"]]
    is_key = record["constraint_type"] == "foreign_key"
    in_table = record["constraint_type"] == "check" and record["validated"] and record["enforced"]
    if in_table or (
        record["extra"].get("inherited") and (is_key or record["constraint_type"] == "check")
    ):
        return
    only = "" if is_key and table["partition_keys"] else "ONLY "
    if record["constraint_type"] == "check":
        only = ""
    start = f"ALTER TABLE {only}{qualified(table['urn'])}\n    ADD CONSTRAINT "
    for rule in (record["expression"], _rule(record, reading)):
        yield f"{start}{quote(record['name'])} {rule}"


def _rule(record: Json, reading: Reading) -> str:
    """A constraint in words, made of its fields where they are enough for it."""
    if record["constraint_type"] in ("check", "exclusion"):
        return str(record["expression"])
    if record["constraint_type"] == "foreign_key":
        return _foreign_key(record)
    index = reading.by_urn[record["urn"].replace("/~constraint/", "/~index/")]
    text = "PRIMARY KEY" if index["extra"].get("primary") else "UNIQUE"
    text += f" ({_listed(record['columns'])}"
    text += " WITHOUT OVERLAPS)" if record["extra"].get("period") else ")"
    if index["include_columns"]:
        text += f" INCLUDE ({_listed(index['include_columns'])})"
    return text + _deferred(record)


def _foreign_key(record: Json) -> str:
    extra, period = record["extra"], record["extra"].get("period", False)
    text = f"FOREIGN KEY ({_listed(record['columns'], period=period)}) REFERENCES "
    text += qualified(record["referenced_table_urn"])
    text += f"({_listed(record['referenced_columns'], period=period)})"
    text += " MATCH FULL" if extra.get("match") == "full" else ""
    for event in ("update", "delete"):
        action = record[f"on_{event}"]
        text += f" ON {event.upper()} {action}" if action != "NO ACTION" else ""
    if "on_delete_columns" in extra:
        text += f" ({', '.join(map(quote, extra['on_delete_columns']))})"
    text += _deferred(record)
    if not record["enforced"]:
        return text + " NOT ENFORCED"
    return text if record["validated"] else text + " NOT VALID"


def _listed(fields: list[str], *, period: bool = False) -> str:
    names = list(map(_field, fields))
    if period:
        names[-1] = f"PERIOD {names[-1]}"
    return ", ".join(names)


def _deferred(record: Json) -> str:
    text = " DEFERRABLE" if record["deferrable"] else ""
    return text + (" INITIALLY DEFERRED" if record["extra"].get("initially_deferred") else "")


def index(record: Json, reading: Reading) -> Iterator[str]:
    """CREATE INDEX, but for indexes that a constraint brings with it."""
    extra = record["extra"]
    if whole := extra.get("partition_of"):
        own = ".".join(map(quote, (parts(record["urn"])[1], record["name"])))
        of = f"{quote(whole['schema'])}.{quote(whole['name'])}"
        yield f"ALTER INDEX {of} ATTACH PARTITION {own}"
    if record["urn"].replace("/~index/", "/~constraint/") in reading.by_urn:
        return
    table = reading.by_urn[record["table_urn"]]
    parts_ = [_index_part(record, position) for position in range(len(record["columns"]))]
    text = f"CREATE {'UNIQUE ' if record['unique'] else ''}INDEX {quote(record['name'])} ON "
    text += f"{'ONLY ' if table['partition_keys'] else ''}{qualified(table['urn'])} "
    text += f"USING {record['method']} ({', '.join(parts_)})"
    if record["include_columns"]:
        text += f" INCLUDE ({_listed(record['include_columns'])})"
    text += " NULLS NOT DISTINCT" if extra.get("nulls_not_distinct") else ""
    options = [option.partition("=") for option in extra.get("options", ())]
    if options:
        text += f" WITH ({', '.join(f'{key}={literal(value)}' for key, _, value in options)})"
    yield text + (f" WHERE {record['predicate']}" if record["predicate"] else "")
    if extra.get("clustered"):
        yield f"ALTER TABLE {qualified(table['urn'])} CLUSTER ON {quote(record['name'])}"


def _index_part(record: Json, position: int) -> str:
    column, number = record["columns"][position], str(position + 1)
    words = [column["expression"] or _field(column["field_path"])]
    collation = record["extra"].get("collations", {}).get(number)
    if collation and not column["expression"]:
        words.append(f"COLLATE {collation}")
    words.append(record["extra"].get("operator_classes", {}).get(number))
    words.append((column["order"] or "").removeprefix("ASC").strip())
    return " ".join(filter(None, words))


def _field(path: str) -> str:
    """A field path of one part as an identifier."""
    if path.startswith('"') and path.endswith('"') and len(path) > 1:
        path = path[1:-1].replace('""', '"')
    return quote(path)


def routine(record: Json, _: Reading) -> Iterator[str]:
    """CREATE FUNCTION, PROCEDURE or AGGREGATE; constructors of ranges come with their type."""
    if record["language"] == "internal" and record["routine_type"] == "function":
        return
    name = qualified(_without_arguments(record))
    kind = _kind(record)
    if kind == "AGGREGATE":
        made_of = record["extra"]["aggregate"]
        facts = {
            "SFUNC": made_of["state_function"].rpartition("(")[0],
            "STYPE": made_of["state_type"],
            "INITCOND": literal(made_of["initial_state"]),
            "FINALFUNC": made_of["final_function"].rpartition("(")[0],
        }
        listed = ",\n".join(f"    {key} = {value}" for key, value in facts.items())
        yield f"CREATE AGGREGATE {name}({_arguments(record)}) (\n{listed}\n)"
    else:
        text = f"CREATE {kind} {name}({_arguments(record, defaults=True)})"
        text += f" RETURNS {record['return_type']}" if record["return_type"] else ""
        text += "\n    LANGUAGE " + " ".join((record["language"], *_attributes(record)))
        text += "".join(
            f"\n    SET {it.partition('=')[0]}" for it in record["extra"].get("config", ())
        )
        yield text + _body(record["definition"])
    yield owner(record, kind, f"{name}({_arguments(record)})")


def _without_arguments(record: Json) -> str:
    return str(record["urn"]).partition("/~routine/")[0] + "/" + encode(record["name"])


def _kind(record: Json) -> str:
    kind = str(record["routine_type"]).upper()
    return "FUNCTION" if kind == "WINDOW" else kind


def _arguments(record: Json, *, defaults: bool = False) -> str:
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


def trigger(record: Json, _: Reading) -> Iterator[str]:
    """CREATE TRIGGER and whether it fires; event triggers in their own words."""
    name, extra = quote(record["name"]), record["extra"]
    function = ".".join(map(quote, (extra["function"]["schema"], extra["function"]["name"])))
    state = {"disabled": "DISABLE", "always": "ENABLE ALWAYS", "replica": "ENABLE REPLICA"}
    fires = state.get(extra.get("enabled", ""))
    if record["table_urn"] is None:
        tags = ", ".join(map(literal, extra.get("tags", ())))
        when = f"\n         WHEN TAG IN ({tags})" if tags else ""
        event = record["events"][0]
        yield f"CREATE EVENT TRIGGER {name} ON {event}{when}\n   EXECUTE FUNCTION {function}()"
        yield owner(record, "EVENT TRIGGER", name)
        if fires:
            yield f"ALTER EVENT TRIGGER {name} {fires}"
        return
    yield record["definition"]
    yield _trigger(record, name, function)
    if fires:
        yield f"ALTER TABLE {qualified(record['table_urn'])} {fires} TRIGGER {name}"


def _trigger(record: Json, name: str, function: str) -> str:
    """The definition again, with all that the other fields say written from these."""
    extra = record["extra"]
    order = ("INSERT", "DELETE", "UPDATE", "TRUNCATE")
    events = sorted(record["events"], key=order.index)
    if "update_of" in extra:
        columns = ", ".join(map(quote, extra["update_of"]))
        events[events.index("UPDATE")] += f" OF {columns}"
    head = f"CREATE {'CONSTRAINT ' if extra.get('constraint') else ''}TRIGGER {name} "
    head += f"{record['timing']} {' OR '.join(events)} ON {qualified(record['table_urn'])}"
    if extra.get("constraint"):
        head += " DEFERRABLE" if extra.get("deferrable") else " NOT DEFERRABLE"
        head += f" INITIALLY {'DEFERRED' if extra.get('initially_deferred') else 'IMMEDIATE'}"
    level = f" FOR EACH {extra['level'].upper()} "
    before, _, after = record["definition"].partition(level)
    condition, call, called = after.rpartition("EXECUTE FUNCTION ")
    arguments = called[len(function) :]
    return f"{head}{before[len(head) :]}{level}{condition}{call}{function}{arguments}"


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
        lines = ",\n".join(
            "\t" + " ".join((quote(it["name"]), it["data_type"], *_collate(it.get("collation"))))
            for it in extra.get("attributes", ())
        )
        yield f"CREATE TYPE {name} AS (\n{lines}{chr(10) if lines else ''})"
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


def policy(record: Json, _: Reading) -> Iterator[str]:
    """CREATE POLICY."""
    extra = record["extra"]
    text = f"CREATE POLICY {quote(record['name'])} ON {qualified(record['applies_to'][0])}"
    text += "" if extra["permissive"] else " AS RESTRICTIVE"
    text += "" if extra["command"] == "ALL" else f" FOR {extra['command']}"
    text += "" if extra["roles"] == ["public"] else f" TO {', '.join(map(quote, extra['roles']))}"
    yield f"{text} {record['expression']}"


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


def comment(stream: str, record: Json, reading: Reading) -> Iterator[str]:
    """COMMENT ON, where the record has a description; that of `public` is the server's own."""
    if record["description"] not in (None, "standard public schema"):
        yield f"COMMENT ON {_subject(stream, record, reading)} IS {literal(record['description'])}"


def _subject(stream: str, record: Json, reading: Reading) -> str:
    name = quote(record["name"])
    if stream == "containers":
        return f"{record['container_type'].upper()} {name}"
    if stream == "tables":
        kind = record["native_type"].upper().removeprefix("PARTITIONED ")
        return f"{kind} {qualified(record['urn'])}"
    if stream == "columns":
        return f"COLUMN {column_name(record)}"
    if stream == "indexes":
        return f"INDEX {'.'.join(map(quote, (parts(record['urn'])[1], record['name'])))}"
    if stream == "routines":
        return f"{_kind(record)} {qualified(_without_arguments(record))}({_arguments(record)})"
    if stream == "types":
        kind = "DOMAIN" if record["type_type"] == "domain" else "TYPE"
        return f"{kind} {qualified(record['urn'])}"
    if stream == "policies":
        return f"POLICY {name} ON {qualified(record['applies_to'][0])}"
    if stream == "triggers" and record["table_urn"] is None:
        return f"EVENT TRIGGER {name}"
    if stream in ("triggers", "constraints"):
        return f"{stream[:-1].upper()} {name} ON {qualified(record['table_urn'])}"
    if stream == "locations":
        return f"SERVER {name}"
    return f"{stream[:-1].upper()} {qualified(record['urn'])}"


WRITERS: dict[str, Callable[[Json, Reading], Iterator[str]]] = {
    "containers": schema,
    "tables": relation,
    "columns": column,
    "constraints": constraint,
    "indexes": index,
    "routines": routine,
    "triggers": trigger,
    "sequences": sequence,
    "types": type_,
    "policies": policy,
}


def statements(reading: Reading) -> Iterator[tuple[str, str]]:
    """The URN of each object, with each statement that its record stands for."""
    for stream, write in WRITERS.items():
        for record in reading[stream]:
            for text in write(record, reading):
                yield record["urn"], text
    for stream in (*WRITERS, "locations"):
        for record in reading[stream]:
            for text in comment(stream, record, reading):
                yield record["urn"], text
