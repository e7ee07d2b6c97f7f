"""Write what SHOW CREATE TABLE writes, from nothing but the tap's records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mysql_runs import Json
from mysql_servers import quoted

from songbook import urn

KEYS = {"fulltext": "FULLTEXT KEY", "spatial": "SPATIAL KEY"}


@dataclass(frozen=True)
class TableRecords:
    """All records about one table."""

    table: Json
    columns: list[Json]
    constraints: list[Json]
    indexes: list[Json]
    is_mariadb: bool

    def body(self) -> list[str]:
        """The columns in their order, then keys and constraints by name."""
        columns = sorted(self.columns, key=lambda it: it["ordinal"])
        rules = [*map(self._index, self.indexes)]
        rules += filter(None, map(self._constraint, self.constraints))
        return [*map(self._column, columns), *sorted(rules)]

    def _column(self, it: Json) -> str:
        words = [quoted(it["name"]), it["data_type"], *self._charset(it), *_generated(it)]
        if not it["nullable"]:
            words.append("NOT NULL")
        elif it["data_type"].startswith("timestamp"):
            words.append("NULL")
        words += [f"SRID {it['extra']['srs_id']}"] if "srs_id" in it["extra"] else []
        words += self._filled(it)
        words += ["AUTO_INCREMENT"] if it["identity"] else []
        words += [f"COMMENT {text(it['description'])}"] if it["description"] else []
        words += [
            f"CHECK ({rule['expression']})"
            for rule in self.constraints
            if rule["extra"].get("level") == "column" and rule["name"] == it["name"]
        ]
        words += ["INVISIBLE"] if it["hidden"] else []
        return " ".join(words)

    def _filled(self, it: Json) -> list[str]:
        words = []
        if it["default"] is not None:
            words.append(f"DEFAULT {it['default'] if self.is_mariadb else _default(it)}")
        elif it["nullable"] and it["generated"] is None and not self._is_never_filled(it):
            words.append("DEFAULT NULL")
        if "on_update" in it["extra"]:
            words.append(f"ON UPDATE {it['extra']['on_update']}")
        return words

    def _is_never_filled(self, it: Json) -> bool:
        """MySQL says nothing of a default where there could be no other."""
        return not self.is_mariadb and it["data_type"].endswith(("text", "blob"))

    def _index(self, it: Json) -> str:
        prefixes = it["extra"].get("prefix_lengths", {})
        columns = ",".join(_part(one, prefixes) for one in it["columns"])
        unique = "UNIQUE KEY" if it["unique"] else KEYS.get(it["method"], "KEY")
        words = ["PRIMARY KEY"] if it["extra"].get("primary") else [unique, quoted(it["name"])]
        words.append(f"({columns})")
        words += [f"COMMENT {text(it['description'])}"] if it["description"] else []
        hidden = "IGNORED" if self.is_mariadb else "INVISIBLE"
        words += [hidden] if it["extra"].get("visible") is False else []
        return " ".join(words)

    def _constraint(self, it: Json) -> str | None:
        """A foreign key or check; other keys are indexes, and a column's checks stand with it."""
        if it["constraint_type"] == "foreign_key":
            return f"CONSTRAINT {quoted(it['name'])} FOREIGN KEY {self._reference(it)}"
        if it["constraint_type"] == "check" and it["extra"].get("level") != "column":
            off = "" if it["enforced"] else " NOT ENFORCED"
            return f"CONSTRAINT {quoted(it['name'])} CHECK ({it['expression']}){off}"
        return None

    def _reference(self, it: Json) -> str:
        columns = ", ".join(quoted(plain(one)) for one in it["columns"])
        there = ", ".join(quoted(plain(one)) for one in it["referenced_columns"])
        table = urn.parse(it["referenced_table_urn"]).path[-1]
        usual = "RESTRICT" if self.is_mariadb else "NO ACTION"
        rules = [
            f" ON {event} {it[field]}"
            for event, field in (("DELETE", "on_delete"), ("UPDATE", "on_update"))
            if it[field] != usual
        ]
        return f"({columns}) REFERENCES {quoted(table)} ({there}){''.join(rules)}"

    def _charset(self, it: Json) -> list[str]:
        if it["collation"] in (None, self.table["options"]["collation"]) or not self.is_mariadb:
            return []  # MySQL says more than it has to, by rules that change
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


def _part(column: Json, prefixes: dict[str, int]) -> str:
    order = " DESC" if column["order"] == "DESC" else ""
    if column["expression"] is not None:
        return f"({column['expression']}){order}"
    name = plain(column["field_path"])
    prefix = f"({prefixes[name]})" if name in prefixes else ""
    return quoted(name) + prefix + order


def _default(it: Json) -> str:
    """A default as MySQL shows it: constants as texts, other expressions in brackets."""
    value = str(it["default"])
    if value.startswith("0x"):
        return "'" + bytes.fromhex(value[2:]).decode().replace("'", "''") + "'"
    if it["type_class"] in ("integer", "decimal", "float", "boolean"):
        return f"'{value}'"
    is_constant = value.startswith(("'", "b'", "CURRENT_TIMESTAMP"))
    return value if is_constant else f"({value})"


def plain(field_path: str) -> str:
    """The name in a field path of one part."""
    is_quoted = field_path.startswith('"') and field_path.endswith('"')
    return field_path[1:-1].replace('""', '"') if is_quoted else field_path


def text(value: str) -> str:
    """A text as the server writes it."""
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{escaped}'"
