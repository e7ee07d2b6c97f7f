"""Commands that ask the catalog: `target-catalog …` and `songbook catalog …` share them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from uuid import UUID

    from songbook.redact import Redactor
    from target_catalog.config import Config
    from target_catalog.database import Connection

JSON = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
STEPS = click.option("--depth", "steps", type=click.IntRange(min=1), help="At most so many steps.")


@click.group()
def aliases() -> None:
    """Other names of systems: list, add, remove."""


@aliases.command("list")
@click.pass_obj
def list_aliases(config: Config) -> None:
    """List the aliases and what each stands for."""
    from target_catalog import aliases as names

    with _asked(config) as (connection, organization):
        for alias, namespace in names.known(connection, organization):
            click.echo(f"{alias}  {namespace}")


@aliases.command()
@click.argument("alias")
@click.argument("namespace")
@click.pass_obj
def add(config: Config, alias: str, namespace: str) -> None:
    """Let ALIAS stand for the system NAMESPACE: aliases add proxy:5432 postgres://db:5432

    ALIAS is a host, host:port, account or namespace as some other system writes it. Lineage that
    waited for it is resolved at once.
    """
    from target_catalog import aliases as names

    with _asked(config) as (connection, organization):
        resolved = names.add(connection, organization, alias, namespace)
    click.echo(f"{resolved} edges found their upstream.", err=True)


@aliases.command()
@click.argument("alias")
@click.pass_obj
def remove(config: Config, alias: str) -> None:
    """Let ALIAS stand for nothing."""
    from target_catalog import aliases as names

    with _asked(config) as (connection, organization):
        lost = names.remove(connection, organization, alias)
    click.echo(f"{lost} edges lost their upstream.", err=True)


@click.command()
@click.argument("urn", required=False)
@click.option("--unresolved", is_flag=True, help="What lineage names and the catalog lacks.")
@click.option("--up/--down", "is_up", default=True, help="What it is made from, or for.")
@STEPS
@JSON
@click.pass_obj
def lineage(
    config: Config, urn: str | None, unresolved: bool, is_up: bool, steps: int | None, form: str
) -> None:
    """What URN is made from; a column stands after a #."""
    from target_catalog import graph
    from target_catalog import unresolved as lacking

    if unresolved == (urn is not None):
        raise click.UsageError("Give a URN, or --unresolved.")
    with _asked(config) as (connection, organization):
        if urn is None:
            found = lacking.missing(connection, organization)
            lines = lacking.as_json(found) if form == "json" else lacking.as_text(found)
        else:
            ways = graph.lineage(connection, organization, urn, steps, is_up=is_up)
            lines = graph.as_json(ways) if form == "json" else graph.as_text(ways)
        for line in lines:
            click.echo(line)


@click.command()
@click.argument("urn")
@STEPS
@JSON
@click.pass_obj
def impact(config: Config, urn: str, steps: int | None, form: str) -> None:
    """What is at stake when URN goes: views, data models, charts, dashboards, jobs."""
    from target_catalog import graph

    with _asked(config) as (connection, organization):
        readers = graph.impact(connection, organization, urn, steps)
        for line in graph.as_json(readers) if form == "json" else graph.as_text(readers):
            click.echo(line)


@click.command()
@click.pass_obj
def resolve(config: Config) -> None:
    """Resolve all lineage anew, as if nothing were known; loads do so for what they touch."""
    from target_catalog import resolve as resolving
    from target_catalog import runs
    from target_catalog.statements import statement

    with _asked(config) as (connection, organization), connection.transaction():
        runs.lock(connection, organization)
        connection.execute(statement("stirred_table"))
        resolving.Resolving(connection, organization).everything()


COMMANDS = (aliases, lineage, impact, resolve)


@click.group()
@click.option("--config", "sources", multiple=True, metavar="FILE|ENV", help="As of the target.")
@click.pass_context
def catalog(context: click.Context, sources: tuple[str, ...]) -> None:
    """Ask the catalog about lineage, and tell it other names of systems."""
    from target_catalog import config as settings

    redactor: Redactor = context.obj  # of the program that runs this
    config, _ = settings.load(sources)
    redactor.learn(*settings.secrets(config))
    context.obj = config


for _command in COMMANDS:
    catalog.add_command(_command)


@contextmanager
def _asked(config: Config) -> Iterator[tuple[Connection, UUID]]:
    """The catalog, and the organisation that is asked about."""
    from target_catalog import organizations, session

    with session.connected(config) as connection:
        yield connection, organizations.find(connection, config.organization)
