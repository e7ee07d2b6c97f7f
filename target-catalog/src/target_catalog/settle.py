"""The end of a run: all that it brought goes into the catalog in one transaction, or nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg.types.json import Jsonb

from target_catalog import history, removals, resolve, runs, scopes
from target_catalog.config import Config
from target_catalog.database import Connection
from target_catalog.merge import MANY_ROWS, Merged, merge
from target_catalog.others import OtherStream, merge_other
from target_catalog.runs import Run
from target_catalog.staging import Staging
from target_catalog.statements import of_stream
from target_catalog.streams import ABOUT_THE_RUN, bundled, of_the_source
from target_catalog.work import Work


@dataclass
class Load:
    """What a run brought."""

    staging: Staging
    connector: str
    others: list[OtherStream] = field(default_factory=list)
    state: bytes | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def streams(self) -> list[str]:
        """The streams of objects that records came of."""
        ours = [s.name for s, table in self.staging.streams.items() if table.staged]
        others = [other.name for other in self.others if other.table.staged]
        return [*others, *(name for name in ours if name not in ABOUT_THE_RUN)]


@dataclass
class Outcome:
    """What became of a run."""

    run: Run
    connector: str
    records: dict[str, int]
    added: int
    changed: int
    removed: int
    left: int
    held: int
    problems: list[str]
    unresolved: dict[str, int]

    @property
    def status(self) -> str:
        """succeeded, or partial when something is missing."""
        return "partial" if self.problems else "succeeded"


def settle(connection: Connection, config: Config, run: Run, load: Load) -> Outcome:
    """Bring a run into the catalog: records, removals, changes, lineage, state; or nothing."""
    with connection.transaction():
        connection.execute("SET LOCAL TimeZone = 'UTC'")
        # As pg_restore does: a role's limit is meant for its questions, not for a load as a whole.
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        connector = runs.connector(connection, run, load.connector)
        runs.hold_back_others(connection, run, connector)
        # Resolving touches lineage of all connectors: two at once could wait for each other.
        runs.lock(connection, run.organization)
        work = Work(connection, load.staging, run, connector)
        work.execute("run_tables")
        work.execute("stirred_table")
        load.staging.finish()
        outcome = _settle(work, config, load)
        _close(work, outcome, load.state)
        load.staging.drop()
    history.drop_empty(connection, config.history_months)
    if outcome.added > MANY_ROWS:
        _vacuum(connection, load.staging)
    return outcome


def _vacuum(connection: Connection, staging: Staging) -> None:
    for stream, table in staging.streams.items():
        if table.staged > MANY_ROWS and not stream.about_the_run:
            with suppress(psycopg.OperationalError):  # the load stands, whatever becomes of this
                connection.execute(of_stream("vacuum", stream))


def _settle(work: Work, config: Config, load: Load) -> Outcome:
    covered = scopes.judge(work)
    scopes.refuse_when_overtaken(work, load.streams)
    scopes.keep_unread(work, covered)
    problems = [*load.problems, *scopes.problems(work)]
    removals.find(work, covered)
    held = removals.hold(work, config.max_removed_share)
    merged = [merge(work, stream) for stream in of_the_source() if stream in work.staging.streams]
    merged += [merge_other(work, other, config.max_removed_share) for other in load.others]
    held += sum(it.held for it in merged)
    removed, left = removals.apply(work)
    history.record(work)
    history.forget_old(work, config.history_months)
    scopes.remember(work)
    _replace_diagnostics(work)
    resolve.resolve(work)
    if held:
        problems.append(f"{held} removals are held: target-catalog --accept-removals {work.run.id}")
    return _outcome(work, load, merged, removed, left, held, problems)


def _outcome(
    work: Work,
    load: Load,
    merged: list[Merged],
    removed: int,
    left: int,
    held: int,
    problems: list[str],
) -> Outcome:
    records = {stream.name: table.staged for stream, table in work.staging.streams.items()}
    records |= {other.name: other.table.staged for other in load.others}
    return Outcome(
        work.run,
        load.connector,
        {name: number for name, number in records.items() if number},
        sum(it.added for it in merged),
        sum(it.changed for it in merged),
        removed + sum(it.removed for it in merged),
        left,
        held,
        problems,
        resolve.count_unresolved(work),
    )


def _replace_diagnostics(work: Work) -> None:
    work.execute("forget_diagnostics")
    work.on(bundled()["diagnostic"], "insert_diagnostics")
    work.execute("diagnose_held")


def _close(work: Work, outcome: Outcome, state: bytes | None) -> None:
    if state is not None:
        work.execute("remember_state", {"state": state.decode()})
    work.execute(
        "finish_run",
        {
            "status": outcome.status,
            "records": Jsonb(outcome.records),
            "added": outcome.added,
            "changed": outcome.changed,
            "removed": outcome.removed,
            "left": outcome.left,
            "problems": Jsonb(outcome.problems),
            "unresolved": Jsonb(outcome.unresolved),
        },
    )
