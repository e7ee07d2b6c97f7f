"""The command `songbook`: the embedded catalog, the connectors, the demo."""

from __future__ import annotations


def main() -> None:
    """The command `songbook`."""
    from songbook_control.cli import run  # here, so that importing the package costs nothing

    run()
