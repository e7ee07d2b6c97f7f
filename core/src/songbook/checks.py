"""The connection test: named steps, each with evidence, and a way out where one fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Literal

import msgspec

from songbook.connector import Connector, Evidence
from songbook.errors import OK, SongbookError
from songbook.extract import parse
from songbook.settings import secret_values


class Step(msgspec.Struct, kw_only=True):
    """The outcome of one step, as one line of JSON."""

    step: str
    status: Literal["passed", "warning", "failed", "skipped"]
    summary: str
    command: str | None = None
    remediation: str | None = None
    duration_ms: float = 0.0
    exit_code: int = OK
    """What the command ends with when this step fails."""


def check(
    connector: Connector,
    config: Mapping[str, Any],
    *,
    quick: bool = False,
    learn: Callable[..., None] = lambda *_: None,
) -> Iterator[Step]:
    """Run the steps of a connection test: the settings, the connection, then the connector's own.

    What follows a failed step is skipped; `quick` leaves out all that costs more than a moment;
    `learn` is told the secrets among the settings, so that the caller can mask them.
    """
    steps = [one for one in connector.checks if one.quick or not quick]
    with ExitStack() as stack:
        found: dict[str, Any] = {}

        def settings() -> Evidence:
            found["settings"] = parse(connector, config)
            learn(*secret_values(found["settings"]))
            return Evidence(f"{len(config)} settings are valid.")

        def connection() -> Evidence:
            found["client"] = stack.enter_context(connector.connect(found["settings"]))
            return Evidence(f"Connected to {found['client'].namespace}.")

        todo: list[tuple[str, Callable[[], Evidence]]] = [
            ("settings", settings),
            ("connection", connection),
        ]
        todo += [(one.name, lambda one=one: one.run(found["client"])) for one in steps]  # type: ignore[misc]
        failed = False
        for name, run in todo:
            if failed:
                yield Step(step=name, status="skipped", summary="An earlier step failed.")
                continue
            step = _timed(name, run)
            failed = step.status == "failed"
            yield step


def _timed(name: str, run: Callable[[], Evidence]) -> Step:
    started = time.perf_counter()
    try:
        found = run()
        step = Step(
            step=name,
            status=found.status,
            summary=found.summary,
            command=found.command,
            remediation=found.remediation,
        )
    except SongbookError as error:
        step = Step(
            step=name,
            status="failed",
            summary=str(error),
            remediation=error.hint,
            exit_code=error.exit_code,
        )
    step.duration_ms = round((time.perf_counter() - started) * 1000, 1)
    return step
