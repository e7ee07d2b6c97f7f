"""Databases, tables with their partitions, views and sequences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from songbook import urn
from songbook.connector import Gap, Item
from songbook.records import Container, Diagnostic, PartitionKey, Table
from songbook.records import Sequence as NumberSequence
from tap_mysql.rows import Rows, Server, extra, number, own_name, utc

PUBLIC_OPTIONS = frozenset((
    "avg_row_length", "checksum", "compression", "delay_key_write", "encrypted", "encryption",
    "encryption_key_id", "key_block_size", "max_rows", "min_rows", "pack_keys", "page_checksum",
    "page_compressed", "page_compression_level", "row_format", "stats_auto_recalc",
    "stats_persistent", "stats_sample_pages", "transactional",
))  # fmt: skip
"""Options of tables that are read; those of other engines can be addresses and passwords."""

_OPTION = re.compile(r"`?(\w+)`?=('(?:[^']|'')*'|\"[^\"]*\"|\S*)")
_COLUMN = re.compile(r"\s*`((?:[^`]|``)*)`\s*")


def containers(server: Server, rows: Rows) -> Iterator[Item]:
    """Databases."""
    for row in rows:
        name = row["schema_name"]
        yield Container(
            urn=urn.join(server.namespace, [name]),
            name=name,
            container_type="database",
            description=row.get("schema_comment") or None,
            extra=extra(
                charset=row["default_character_set_name"],
                collation=row["default_collation_name"],
                encryption=row.get("default_encryption") == "YES" or None,
            ),
        )


def tables(server: Server, rows: Rows) -> Iterator[Item]:
    """Tables; the partitions of one are facts about it, since they have no columns of their own."""
    for path, group in groupby(rows, lambda row: (row["table_schema"], row["table_name"])):
        first, *partitions = group
        if not first["is_partition"]:  # else the table came between the two halves of the answer
            yield _table(server, path, first, partitions)


def _table(
    server: Server, path: tuple[str, str], row: Mapping[str, Any], partitions: Sequence[Any]
) -> Table:
    return Table(
        urn=urn.join(server.namespace, path),
        name=path[1],
        container_urn=urn.join(server.namespace, path[:1]),
        description=row["table_comment"] or None,
        table_type="partitioned_table" if partitions else "table",
        native_type=row["table_type"],
        partition_keys=_partition_keys(partitions),
        row_count=number(row["table_rows"]),
        size_bytes=number(row["data_length"]),
        created_at=utc(row["create_time"]),
        data_changed_at=utc(row["update_time"]),
        auto_increment=_next_number(number(row["auto_increment"])),
        options=extra(
            engine=row["engine"],
            row_format=row["row_format"],
            collation=row["table_collation"],
        )
        | _create_options(row["create_options"] or ""),
        extra=extra(partitions=_partitions(partitions) or None),
    )


def _next_number(value: int | None) -> int | None:
    """The next number of a table; none beyond what records can hold."""
    return value if value is not None and value < 2**63 else None


def _create_options(text: str) -> dict[str, str]:
    found = ((name.lower(), value.strip("'\"")) for name, value in _OPTION.findall(text))
    # The row format in use stands in a column of its own; this is the one that was asked for.
    return {
        f"create_{name}" if name == "row_format" else name: value
        for name, value in found
        if name in PUBLIC_OPTIONS
    }


def _partition_keys(partitions: Sequence[Any]) -> list[PartitionKey]:
    if not partitions:
        return []
    row = partitions[0]
    keys = _keys(row["partition_method"], row["partition_expression"])
    return keys + _keys(row["subpartition_method"], row["subpartition_expression"])


def _keys(method: str | None, expression: str | None) -> list[PartitionKey]:
    if method is None:
        return []
    columns = _columns(expression or "")
    kind = method.lower()
    if not columns:  # KEY () goes by the primary key
        return [PartitionKey(expression=expression or "()", kind=kind)]
    return [
        PartitionKey(expression=own_name(name), field_path=urn.field_path(name), kind=kind)
        for name in columns
    ]


def _columns(expression: str) -> list[str] | None:
    """The columns that an expression lists, or None when it is more than that."""
    names = []
    position = 0
    while match := _COLUMN.match(expression, position):
        names.append(match[1].replace("``", "`"))
        position = match.end() + 1
        if match.end() == len(expression):
            return names
        if expression[match.end()] != ",":
            return None
    return None if expression else []


def _partitions(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The partitions, each with its subpartitions."""
    found = []
    for name, group in groupby(rows, lambda row: row["partition_name"]):
        own = list(group)
        below = [row["subpartition_name"] for row in own if row["subpartition_name"]]
        found.append(
            extra(
                name=name,
                bound=own[0]["partition_description"],
                description=own[0]["partition_comment"] or None,
                subpartitions=below or None,
            )
        )
    return found


def views(server: Server, rows: Rows) -> Iterator[Item]:
    """Views; one whose definition may not be seen keeps the one that the catalog has."""
    unseen = 0
    for row in rows:
        path = row["table_schema"], row["table_name"]
        unseen += not row["view_definition"]
        yield Table(
            urn=urn.join(server.namespace, path),
            name=path[1],
            container_urn=urn.join(server.namespace, path[:1]),
            table_type="view",
            native_type="VIEW",
            definition=row["view_definition"] or None,
            definition_language="sql",
            extra=extra(
                algorithm=_said(row.get("algorithm"), "UNDEFINED"),
                check_option=_said(row["check_option"], "NONE"),
                definer=row["definer"],
                security=row["security_type"].lower(),
                updatable=row["is_updatable"] == "YES",
            ),
        )
    if unseen:
        yield unread(server, "tables", f"SELECT, SHOW VIEW ON {server.granted_on}", unseen)


def sequences(server: Server, rows: Rows) -> Iterator[Item]:
    """Sequences, with their numbers where the server shows them."""
    for row in rows:
        path = row["sequence_schema"], row["sequence_name"]
        yield NumberSequence(
            urn=urn.join(server.namespace, path, "sequence"),
            name=path[1],
            description=row.get("table_comment") or None,
            created_at=utc(row.get("create_time")),
            data_type=row.get("data_type"),
            start=number(row.get("start_value")),
            increment=number(row.get("increment")),
            min=number(row.get("minimum_value")),
            max=number(row.get("maximum_value")),
            extra=extra(cycle=bool(row.get("cycle_option")) or None),
        )


def sequence_names(server: Server, rows: Rows) -> Iterator[Item]:
    """Sequences of a server that shows no more than their names."""
    count = 0
    for item in sequences(server, rows):
        count += 1
        yield item
    if count:
        yield Gap(
            None,
            Diagnostic(
                code="MYSQL_SEQUENCES_BY_NAME_ONLY",
                stream="sequences",
                scope_urn=server.scope,
                severity="info",
                title="MariaDB shows the numbers of sequences from 11.5 on; only names were read.",
                count=count,
            ),
            ("data_type", "start", "increment", "min", "max"),
        )


def unread(server: Server, stream: str, grant: str, count: int) -> Gap:
    """Objects whose definition is kept from the account, and the privilege that would show it."""
    return Gap(
        None,
        Diagnostic(
            code="MYSQL_DEFINITION_DENIED",
            stream=stream,
            scope_urn=server.scope,
            severity="warning",
            title=f"The definition of some {stream} is not shown to the account.",
            remediation=f"GRANT {grant} TO {server.account};",
            count=count,
        ),
        ("definition",),
    )


def _said(value: str | None, usual: str) -> str | None:
    return None if value is None or value == usual else value.lower()
