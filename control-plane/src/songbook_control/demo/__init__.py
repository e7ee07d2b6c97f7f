"""`songbook demo`: the true pipeline on a sample shop, twice, with a change between."""

from __future__ import annotations

from contextlib import ExitStack

import click

from songbook_control.demo import findings, pipeline, report, sample
from songbook_control.demo.findings import Findings
from songbook_control.demo.progress import step
from target_catalog import embedded


def run() -> None:
    """Catalog the sample shop, change it, catalog it again, and show what the catalog knows."""
    with ExitStack() as stack:
        with step("Starting a private PostgreSQL"):
            server = stack.enter_context(embedded.running())
        click.echo(report.render(play(server)))


def play(server: embedded.Embedded) -> Findings:
    """All of the demo but the words."""
    with step("Opening a shop for musical instruments"):
        sample.create(server)
    with step("Reading its metadata into the catalog"):
        pipeline.run(server)
    first = findings.counts(server)
    with step("Changing the shop: a column, a type, a table and more"):
        sample.alter(server)
    with step("Reading it again"):
        pipeline.run(server)
    return findings.read(server, first)
