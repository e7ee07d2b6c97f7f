"""Write what SHOW CREATE TABLE writes, from nothing but the tap's records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mariadb import quoted
from mysql_runs import Json

from songbook import urn

KEYS = {"fulltext": "FULLTEXT KEY", "spatial": "SPATIAL KEY"}


@dataclass(frozen=True)
class TableRecords:
    """All records about one table."""

    table: Json
    columns: list[Json]
    constraints: list[Json]
    indexes: list[Json]

    def body(self) -> list[str]:
        """The columns in their order, then keys and constraints by name."""
        columns = sorted(self.columns, key=lambda it: it["ordinal"])
        rules = [*map(index, self.indexes), *filter(None, map(constraint, self.constraints))]
        return [*map(self._column, columns), *sorted(rules)]

    def _column(self, it: Json) -> str:
        words = [quoted(it["name"]), it["data_type"], *self._charset(it), *_generated(it)]
        if not it["nullable"]:
            words.append("NOT NULL")
        elif it["data_type"].startswith("timestamp"):
            words.append("NULL")
        words += ["INVISIBLE"] if it["hidden"] else []
        words += _filled(it)
        words += ["AUTO_INCREMENT"] if it["identity"] else []
        words += [f"COMMENT {text(it['description'])}"] if it["description"] else []
        words += [
            f"CHECK ({rule['expression']})"
            for rule in self.constraints
            if rule["extra"].get("level") == "column" and rule["name"] == it["name"]
        ]
        return " ".join(words)

    def _charset(self, it: Json) -> list[str]:
        if it["collation"] in (None, self.table["options"]["collation"]):
            return []
        return [f"CHARACTER SET {it['extra']['charset']} COLLATE {it['collation']}"]

    def tail(self, charset: str) -> str:
        """What follows the closing bracket."""
        options = self.table["options"]
        words = [f"ENGINE={options['engine']}", f"DEFAULT CHARSET={charset}"]
        words.append(f"COLLATE={options['collation']}")
        words += [
            f"{name.removeprefix('create_').upper()}={value}"
            for name, value in options.items()
            if name not in ("engine", "row_format", "collation")
        ]
        comment = self.table["description"]
        words += [f"COMMENT={text(comment)}"] if comment else []
        versioned = self.table["native_type"] == "SYSTEM VERSIONED"
        words += ["WITH SYSTEM VERSIONING"] if versioned else []
        return " ".join(words) + "".join(self._partitions())

    def _partitions(self) -> Iterator[str]:
        keys = self.table["partition_keys"]
        if not keys:
            return
        partitions = self.table["extra"]["partitions"]
        kind = keys[0]["kind"]
        listed = ",".join(it["expression"] for it in keys if it["kind"] == kind)
        method = {"list columns": "LIST  COLUMNS"}.get(kind, f"{kind.upper()} ")
        yield f"\n PARTITION BY {method}({listed})"
        if kind == "key":
            yield f"\nPARTITIONS {len(partitions)}"
            return
        for key in keys:
            if key["kind"] == "hash":
                yield f"\nSUBPARTITION BY HASH ({key['expression']})"
                yield f"\nSUBPARTITIONS {len(partitions[0]['subpartitions'])}"
        yield "\n(" + ",\n ".join(map(self._partition, partitions)) + ")"

    def _partition(self, it: Json) -> str:
        bound = it["bound"] if it["bound"] == "MAXVALUE" else f"({it['bound']})"
        word = "IN" if self.table["partition_keys"][0]["kind"].startswith("list") else "LESS THAN"
        comment = f" COMMENT = {text(it['description'])}" if "description" in it else ""
        return f"PARTITION {quoted(it['name'])} VALUES {word} {bound}{comment} ENGINE = InnoDB"


def _generated(it: Json) -> list[str]:
    if it["generated"] is None:
        return []
    return [f"GENERATED ALWAYS AS ({it['generation_expression']}) {it['generated'].upper()}"]


def _filled(it: Json) -> list[str]:
    words = []
    if it["default"] is not None:
        words.append(f"DEFAULT {it['default']}")
    elif it["nullable"] and it["generated"] is None:
        words.append("DEFAULT NULL")
    if "on_update" in it["extra"]:
        words.append(f"ON UPDATE {it['extra']['on_update']}")
    return words


def index(it: Json) -> str:
    """A key."""
    prefixes = it["extra"].get("prefix_lengths", {})
    columns = ",".join(_part(one, prefixes) for one in it["columns"])
    unique = "UNIQUE KEY" if it["unique"] else KEYS.get(it["method"], "KEY")
    words = ["PRIMARY KEY"] if it["extra"].get("primary") else [unique, quoted(it["name"])]
    words.append(f"({columns})")
    words += [f"COMMENT {text(it['description'])}"] if it["description"] else []
    words += ["IGNORED"] if it["extra"].get("visible") is False else []
    return " ".join(words)


def _part(column: Json, prefixes: dict[str, int]) -> str:
    name = plain(column["field_path"])
    prefix = f"({prefixes[name]})" if name in prefixes else ""
    return quoted(name) + prefix + (" DESC" if column["order"] == "DESC" else "")


def constraint(it: Json) -> str | None:
    """A foreign key or check; other keys are indexes, and a column's checks stand with it."""
    if it["constraint_type"] == "foreign_key":
        return f"CONSTRAINT {quoted(it['name'])} FOREIGN KEY {_reference(it)}"
    if it["constraint_type"] == "check" and it["extra"].get("level") != "column":
        return f"CONSTRAINT {quoted(it['name'])} CHECK ({it['expression']})"
    return None


def _reference(it: Json) -> str:
    columns = ", ".join(quoted(plain(one)) for one in it["columns"])
    there = ", ".join(quoted(plain(one)) for one in it["referenced_columns"])
    table = urn.parse(it["referenced_table_urn"]).path[-1]
    rules = [
        f" ON {event} {it[field]}"
        for event, field in (("DELETE", "on_delete"), ("UPDATE", "on_update"))
        if it[field] != "RESTRICT"
    ]
    return f"({columns}) REFERENCES {quoted(table)} ({there}){''.join(rules)}"


def plain(field_path: str) -> str:
    """The name in a field path of one part."""
    is_quoted = field_path.startswith('"') and field_path.endswith('"')
    return field_path[1:-1].replace('""', '"') if is_quoted else field_path


def text(value: str) -> str:
    """A text as the server writes it."""
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{escaped}'"
