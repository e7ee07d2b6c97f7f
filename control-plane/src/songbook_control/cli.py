"""The command line. Each command imports what it needs when it runs, so that it starts fast."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import click

if TYPE_CHECKING:
    from songbook.redact import Redactor


@cache
def redactor() -> Redactor:
    """Masks the password of the catalog's database in all that this program says."""
    from songbook.redact import Redactor

    return Redactor()


def run(args: Sequence[str] | None = None) -> NoReturn:
    """The whole program; does not return."""
    from songbook import commands

    commands.run_command(songbook, args, "songbook", redactor())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(metadata.version("songbook"), prog_name="songbook")
def songbook() -> None:
    """A catalog of metadata that Singer taps fill."""


@songbook.command()
def demo() -> None:
    """Catalog a sample shop and watch it change."""
    from songbook_control import demo

    demo.run()


@songbook.command()
def connectors() -> None:
    """List the connectors that are installed."""
    from songbook_control import connectors

    click.echo(connectors.render())


@songbook.command()
@click.argument("plugin")
def meltano(plugin: str) -> None:
    """Print a Meltano plugin: songbook meltano tap-postgres

    It is a part of a meltano.yml: paste it there, or save it as x.meltano.yml and have
    "include_paths: [./*.meltano.yml]" in the project's meltano.yml.
    """
    from songbook_control import meltano

    click.echo(meltano.render(plugin), nl=False)


@songbook.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.pass_context
def catalog(context: click.Context) -> None:
    """Ask the catalog: lineage, impact, aliases of systems."""
    from target_catalog import questions

    group = questions.catalog
    with group.make_context(
        "catalog", context.args, parent=context.parent, obj=redactor()
    ) as inner:
        group.invoke(inner)


@songbook.group()
def export() -> None:
    """Say in the words of other programs what a tap writes."""


@export.command()
@click.option("--input", "lines", type=click.File("rb"), default="-", help="Instead of stdin.")
def openlineage(lines: BinaryIO) -> None:
    """OpenLineage's dataset events, a line each: tap-x | songbook export openlineage"""
    from songbook_control import export

    for line in export.openlineage(lines):
        click.echo(line)


@songbook.group()
def db() -> None:
    """The embedded catalog: its URL, start, stop, status."""


@db.command()
def url() -> None:
    """Print its URL, for psql and other clients; starts the server if need be."""
    from songbook_control import db

    click.echo(db.url())


@db.command()
def start() -> None:
    """Start the server and leave it running."""
    from songbook_control import db

    click.echo(db.start())


@db.command()
@click.option("--force", is_flag=True, help="Stop it even while others use it.")
def stop(force: bool) -> None:
    """Stop the server."""
    from songbook_control import db

    click.echo(db.stop(force=force))


@db.command()
def status() -> None:
    """Say where it is, what runs and who uses it."""
    from songbook_control import db

    click.echo(db.status())
