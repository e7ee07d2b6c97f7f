"""The command `target-catalog`."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn
from uuid import UUID

import click

from songbook import commands
from songbook.errors import SourceError
from songbook.redact import Redactor
from songbook.settings import json_schema
from target_catalog import config as settings
from target_catalog import questions
from target_catalog.config import Config

if TYPE_CHECKING:
    from target_catalog.settle import Outcome

NAME = "target-catalog"
redactor = Redactor()
"""Masks the password of the database in all that this program says."""


def run(args: Sequence[str] | None = None) -> NoReturn:
    """The whole program; does not return."""
    commands.run_command(command, args, NAME, redactor)


@click.group(invoke_without_command=True, context_settings={"max_content_width": 100})
@click.option(
    "--config", "sources", multiple=True, metavar="FILE|ENV", help="Settings; may be repeated."
)
@click.option(
    "--input", "file", type=click.File("rb"), help="Read messages from here, not from stdin."
)
@click.option("--about", is_flag=True, help="Show the settings.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
@click.option(
    "--accept-removals", "accepted", metavar="RUN", type=click.UUID, help="Make held removals."
)
@click.version_option(None, package_name="songbook-target-catalog", prog_name=NAME)
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    file: BinaryIO | None,
    about: bool,
    form: str,
    accepted: UUID | None,
) -> None:
    """Load what Singer taps say about their sources into a catalog."""
    if about:
        click.echo(_about(form))
        return
    config, sdk = settings.load(sources)
    redactor.learn(*settings.secrets(config))
    context.obj = config
    if context.invoked_subcommand:
        return
    if accepted:
        _accept(config, accepted)
    else:
        _load(config, sdk, file or sys.stdin.buffer)


@command.command()
@click.pass_obj
def migrate(config: Config) -> None:
    """Prepare the database, or bring it to this version."""
    from target_catalog import migrate as migrations
    from target_catalog import session

    with session.connected(config, prepare=False) as connection:
        for migration in migrations.migrate(connection):
            click.echo(f"applied {migration.version} {migration.name}", err=True)


for _question in questions.COMMANDS:
    command.add_command(_question)


def _load(config: Config, sdk: dict[str, Any], lines: BinaryIO) -> None:
    if any(sdk.get(name) for name in settings.MAPPING_SETTINGS):
        from target_catalog import target

        _report(target.load(config, sdk, lines))
        return
    from target_catalog import load, session

    gc.freeze()  # modules live as long as the process: they need not be looked through for garbage
    with session.connected(config) as connection:
        outcome = load.load(connection, config, lines)
    _report(outcome)


def _report(outcome: Outcome) -> None:
    """Say what happened, and fail when something is missing."""
    for name, number in outcome.records.items():
        click.echo(f"{name}: {number} records", err=True)
    left = f", left the scope {outcome.left}" if outcome.left else ""
    click.echo(
        f"added {outcome.added}, changed {outcome.changed}, removed {outcome.removed}{left}"
        f" (run {outcome.run.id}, connector {outcome.connector})",
        err=True,
    )
    if outcome.unresolved:
        counts = ", ".join(f"{number} {what}" for what, number in outcome.unresolved.items())
        click.echo(f"lineage not resolved: {counts}; target-catalog lineage --unresolved", err=True)
    if outcome.problems:
        raise SourceError(
            f"The run is partial: {'; '.join(outcome.problems)}.",
            hint="What arrived is in the catalog; nothing was removed that could not be seen.",
        )


def _accept(config: Config, run_id: UUID) -> None:
    from target_catalog import accept, session

    with session.connected(config) as connection:
        removed = accept.accept(connection, config, run_id)
    click.echo(f"removed {removed}", err=True)


def _about(form: str) -> str:
    schema = json_schema(Config)
    about: dict[str, Any] = {
        "name": NAME,
        "description": "Loads metadata into a catalog on Postgres or Supabase.",
        "version": version("songbook-target-catalog"),
        "capabilities": ["about", "stream-maps", "schema-flattening", "activate-version"],
        "settings": schema,
    }
    if form == "json":
        return json.dumps(about, indent=2)
    bullet, mark = ("- ", "`") if form == "markdown" else ("  ", "")
    lines = [
        f"{bullet}{mark}{name}{mark}: {field['description']}{_default(field)}"
        for name, field in schema["properties"].items()
    ]
    heading = f"# {NAME}\n" if form == "markdown" else f"{NAME} {about['version']}\n"
    return "\n".join([heading, about["description"], "", "Settings:", "", *lines])


def _default(field: dict[str, Any]) -> str:
    return f" Default: {field['default']}." if field.get("default") is not None else ""
