"""What the demo is doing, on stderr, while it does it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins and, when it is done, how long it took."""
    click.echo(f"{what} ... ", nl=False, err=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        click.echo("", err=True)
        raise
    click.echo(f"{time.monotonic() - began:.1f} s", err=True)
