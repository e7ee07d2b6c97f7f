"""What runs inside the server: routines, triggers and events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from songbook import urn
from songbook.connector import Item
from songbook.records import Argument, Job, Routine, Trigger
from tap_mysql.relations import unread
from tap_mysql.rows import Row, Rows, Server, extra, utc


def routines(server: Server, rows: Rows) -> Iterator[Item]:
    """Functions, procedures and packages; a function and a procedure may share a name."""
    unseen = 0
    for _, group in groupby(
        rows, lambda row: (row["routine_schema"], row["routine_type"], row["routine_name"])
    ):
        first, *parameters = group
        if first["is_parameter"]:  # the routine came between the two halves of the answer
            continue
        unseen += first["routine_definition"] is None and first["routine_body"] == "SQL"
        yield _routine(server.namespace, first, parameters)
    if unseen:
        yield unread(server, "routines", server.routine_grant, unseen)


def _routine(namespace: str, row: Row, parameters: Sequence[Row]) -> Routine:
    kind = row["routine_type"].lower().replace(" ", "_")
    name = row["routine_name"]
    return Routine(
        urn=urn.join(namespace, [row["routine_schema"], f"{kind}:{name}"], "routine"),
        name=name,
        description=row["routine_comment"] or None,
        created_at=utc(row["created"]),
        altered_at=utc(row["last_altered"]),
        routine_type=kind,
        language=(row["external_language"] or row["routine_body"] or "SQL").lower(),
        arguments=[_argument(one) for one in parameters],
        return_type=row["dtd_identifier"] or None,
        definition=row["routine_definition"],
        security=row["security_type"].lower(),
        volatility="immutable" if row["is_deterministic"] == "YES" else "volatile",
        extra=extra(
            data_access=row["sql_data_access"].lower(),
            definer=row["definer"],
            sql_mode=row["sql_mode"] or None,
        ),
    )


def _argument(row: Row) -> Argument:
    mode = row["parameter_mode"]
    return Argument(
        name=row["parameter_name"],
        data_type=row["dtd_identifier"],
        mode=None if mode is None else mode.lower(),
    )


def triggers(server: Server, rows: Rows) -> Iterator[Item]:
    """Triggers, below their tables."""
    for row in rows:
        table = row["event_object_schema"], row["event_object_table"]
        yield Trigger(
            urn=urn.join(server.namespace, [*table, row["trigger_name"]], "trigger"),
            name=row["trigger_name"],
            table_urn=urn.join(server.namespace, table),
            created_at=utc(row["created"]),
            timing=row["action_timing"],
            events=row["event_manipulation"].split(","),
            definition=row["action_statement"],
            extra=extra(
                definer=row["definer"],
                order=row["action_order"],
                sql_mode=row["sql_mode"] or None,
            ),
        )


def jobs(server: Server, rows: Rows) -> Iterator[Item]:
    """Events of the event scheduler."""
    for row in rows:
        database, name = row["event_schema"], row["event_name"]
        yield Job(
            urn=urn.join(server.namespace, [database, name], "job"),
            name=name,
            description=row["event_comment"] or None,
            created_at=utc(row["created"]),
            altered_at=utc(row["last_altered"]),
            job_type="event",
            container_urn=urn.join(server.namespace, [database]),
            language="sql",
            definition=row["event_definition"],
            schedule=_schedule(row),
            extra=extra(
                definer=row["definer"],
                on_completion=row["on_completion"].lower(),
                sql_mode=row["sql_mode"] or None,
                status=row["status"].lower(),
                time_zone=row["time_zone"],
            ),
        )


def _schedule(row: Row) -> str:
    """When an event runs, in the words of CREATE EVENT; times are in the event's own zone."""
    if row["event_type"] == "ONE TIME":
        return f"AT '{row['execute_at']}'"
    words = [f"EVERY {_interval(row['interval_value'])} {row['interval_field']}"]
    words += [f"{word.upper()} '{row[word]}'" for word in ("starts", "ends") if row[word]]
    return " ".join(words)


def _interval(value: str) -> str:
    return value if value.isdigit() else f"'{value.strip(chr(39))}'"
