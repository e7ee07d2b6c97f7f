"""Removals that a run held, made when a person says so."""

from __future__ import annotations

from uuid import UUID

from songbook.errors import ConfigError
from target_catalog import history, removals, resolve, runs
from target_catalog.config import Config
from target_catalog.database import Connection
from target_catalog.runs import Run
from target_catalog.staging import Staging
from target_catalog.streams import of_the_source
from target_catalog.work import Work


def accept(connection: Connection, config: Config, run_id: UUID) -> int:
    """Remove what a run held; gives how many rows went."""
    history.prepare(connection)
    with connection.transaction():
        connection.execute("SET LOCAL TimeZone = 'UTC'")
        run, connector = _holder(connection, config, run_id)
        runs.lock(connection, connector)
        runs.lock(connection, run.organization)
        staging = Staging(connection, f"accept_{run_id.hex}")
        work = Work(connection, staging, run, connector)
        work.execute("run_tables")
        work.execute("stirred_table")
        removed = _remove(work)
        if not removed:
            raise ConfigError(
                f"Run {run_id} holds no removals any more.", hint="A newer run has settled them."
            )
        work.execute("forget_held", {"removed": removed})
        work.execute("diagnose_held")
        staging.drop()
    return removed


def _remove(work: Work) -> int:
    for stream in of_the_source():
        if work.holds(stream):
            work.on(stream, "accept_held")
    removed, _ = removals.apply(work)
    history.record(work)
    resolve.resolve(work)
    others: list[tuple[int]] = work.execute("accept_held_other").fetchall()
    return removed + sum(number for (number,) in others)


def _holder(connection: Connection, config: Config, run_id: UUID) -> tuple[Run, UUID]:
    row = connection.execute(
        "SELECT r.organization_id, r.connector_id, r.attempt FROM catalog.runs AS r"
        " WHERE r.id = %s"
        " AND EXISTS (SELECT FROM catalog.held_removals AS h WHERE h.run_id = r.id)",
        (run_id,),
    ).fetchone()
    if row is None or row[0] != runs.organization(connection, config.organization):
        raise ConfigError(
            f"Run {run_id} holds no removals.",
            hint="The run that holds some says so: see catalog.held_removals.",
        )
    organization, connector, attempt = row
    return Run(run_id, attempt, organization), connector
