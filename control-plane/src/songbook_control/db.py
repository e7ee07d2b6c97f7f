"""The embedded catalog from the command line."""

from __future__ import annotations

import click

from target_catalog import embedded
from target_catalog.embedded import Status


def url() -> str:
    """The URL of a server that runs on until it is stopped."""
    server = embedded.at()
    if not embedded.status(server).kept:
        embedded.start(server)
        click.echo("The server runs until `songbook db stop`.", err=True)
    return server.url()


def start() -> str:
    """Start the server; says where it is."""
    server = embedded.at()
    embedded.start(server)
    return f"The server runs until `songbook db stop`: {server.url()}"


def stop(*, force: bool) -> str:
    """Stop the server; says whether there was anything to stop."""
    server = embedded.at()
    was_running = embedded.status(server).running
    embedded.stop(server, force=force)
    return "The server has stopped." if was_running else "The server was not running."


def status() -> str:
    """What the server is doing, for people."""
    now = embedded.status(embedded.at())
    lines = {
        "folder": str(now.folder),
        "server": _server(now),
        "size": f"{now.size_bytes / 1e6:.1f} MB",
        "users": ", ".join(f"process {pid}" for pid in now.users) or "none",
    }
    return "\n".join(f"{name:8}{value}" for name, value in lines.items())


def _server(now: Status) -> str:
    if now.version is None:
        return "not made yet; the first use makes it"
    if not now.running:
        return f"stopped (PostgreSQL {now.version})"
    until = "until `songbook db stop`" if now.kept else "until its last user leaves"
    return f"running (PostgreSQL {now.version}), {until}"
