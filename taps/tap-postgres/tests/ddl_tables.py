"""Tables and what stands on them, written as the statements that pg_dump would write."""

from __future__ import annotations

from collections.abc import Iterator

from ddl_names import field, listed, literal, owner, qualified, quote
from reading import Json, Reading, parts


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
    text += f" ({listed(record['columns'])}"
    text += " WITHOUT OVERLAPS)" if record["extra"].get("period") else ")"
    if index["include_columns"]:
        text += f" INCLUDE ({listed(index['include_columns'])})"
    return text + _deferred(record)


def _foreign_key(record: Json) -> str:
    extra, period = record["extra"], record["extra"].get("period", False)
    text = f"FOREIGN KEY ({listed(record['columns'], period=period)}) REFERENCES "
    text += qualified(record["referenced_table_urn"])
    text += f"({listed(record['referenced_columns'], period=period)})"
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
        text += f" INCLUDE ({listed(record['include_columns'])})"
    text += " NULLS NOT DISTINCT" if extra.get("nulls_not_distinct") else ""
    options = [option.partition("=") for option in extra.get("options", ())]
    if options:
        text += f" WITH ({', '.join(f'{key}={literal(value)}' for key, _, value in options)})"
    yield text + (f" WHERE {record['predicate']}" if record["predicate"] else "")
    if extra.get("clustered"):
        yield f"ALTER TABLE {qualified(table['urn'])} CLUSTER ON {quote(record['name'])}"


def _index_part(record: Json, position: int) -> str:
    column, number = record["columns"][position], str(position + 1)
    words = [column["expression"] or field(column["field_path"])]
    collation = record["extra"].get("collations", {}).get(number)
    if collation and not column["expression"]:
        words.append(f"COLLATE {collation}")
    words.append(record["extra"].get("operator_classes", {}).get(number))
    words.append((column["order"] or "").removeprefix("ASC").strip())
    return " ".join(filter(None, words))


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


def policy(record: Json, _: Reading) -> Iterator[str]:
    """CREATE POLICY."""
    extra = record["extra"]
    text = f"CREATE POLICY {quote(record['name'])} ON {qualified(record['applies_to'][0])}"
    text += "" if extra["permissive"] else " AS RESTRICTIVE"
    text += "" if extra["command"] == "ALL" else f" FOR {extra['command']}"
    text += "" if extra["roles"] == ["public"] else f" TO {', '.join(map(quote, extra['roles']))}"
    yield f"{text} {record['expression']}"
