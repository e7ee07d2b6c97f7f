"""Runs: one row a load, which says whose it is, whether it still lives, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from psycopg import sql
from psycopg.types.json import Jsonb

from songbook.errors import SourceError
from target_catalog.config import Config
from target_catalog.database import Connection
from target_catalog.staging import stale_tables
from target_catalog.statements import statement


class Superseded(SourceError):
    """A later attempt, or a newer run over the same scopes, goes before this run."""

    hint = "Nothing of this run was loaded; run it again if nothing newer is under way."


@dataclass(frozen=True)
class Run:
    """A run under way."""

    id: UUID
    attempt: int
    organization: UUID

    @property
    def prefix(self) -> str:
        """How the names of its staging tables begin."""
        return f"{self.id.hex}_{self.attempt}"


def start(connection: Connection, config: Config) -> Run:
    """Open a run; runs that died without a word are closed first."""
    interrupt_dead(connection)
    with connection.transaction():
        owner = organization(connection, config.organization)
        run = Run(config.run_id or uuid4(), config.attempt, owner)
        row = connection.execute(statement("start_run"), _values(run)).fetchone()
    if row is None:
        raise Superseded(f"A later attempt at run {run.id} has begun.")
    drop_stale_staging(connection)
    return run


def keep_alive(connection: Connection, run: Run) -> None:
    """Say that the run still lives."""
    connection.execute(statement("keep_alive"), _values(run))


def interrupt_dead(connection: Connection) -> None:
    """Close runs whose process is gone."""
    connection.execute(statement("interrupt_dead"))


def drop_stale_staging(connection: Connection) -> None:
    """Drop the staging tables of runs that are over."""
    running = {
        f"{run.hex}_{attempt}"
        for run, attempt in connection.execute(
            "SELECT id, attempt FROM catalog.runs WHERE status = 'running'"
        )
    }
    for table, prefix in stale_tables(connection):
        if prefix not in running:
            name = sql.Identifier("catalog_staging", table)
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))


def connector(connection: Connection, run: Run, name: str) -> UUID:
    """The connector of that name or id, made when there is none, and the run's from now on."""
    values = {**_values(run), "name": name}
    row = connection.execute(statement("claim_connector"), values).fetchone()
    assert row is not None  # noqa: S101  # the statement inserts what it can't find
    connection.execute(
        "UPDATE catalog.runs SET connector_id = %(connector)s WHERE id = %(run)s",
        {**values, "connector": row[0]},
    )
    return UUID(str(row[0]))


def hold_back_others(connection: Connection, run: Run, connector_id: UUID) -> None:
    """Let no other run of the connector commit first; Superseded when this one was given up."""
    lock(connection, connector_id)
    if connection.execute(statement("is_current"), _values(run)).fetchone() is None:
        raise Superseded(f"Run {run.id} was taken for dead, or a later attempt at it has begun.")


def lock(connection: Connection, connector_id: UUID) -> None:
    """Wait until no other transaction changes the connector's rows; the lock ends with this one."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(connector_id),)
    )


def end(connection: Connection, run: Run, status: str, problems: list[str]) -> None:
    """Close a run that commits nothing."""
    connection.execute(
        "UPDATE catalog.runs SET status = %(status)s, finished_at = now(), problems = %(problems)s"
        " WHERE id = %(run)s AND attempt = %(attempt)s AND status = 'running'",
        {**_values(run), "status": status, "problems": Jsonb(problems)},
    )


def organization(connection: Connection, name: str) -> UUID:
    """The organisation of that name or id, made when there is none."""
    row = connection.execute(statement("claim_organization"), {"name": name}).fetchone()
    assert row is not None  # noqa: S101  # the statement inserts what it can't find
    return UUID(str(row[0]))


def _values(run: Run) -> dict[str, object]:
    return {"run": run.id, "attempt": run.attempt, "organization": run.organization}
