"""Lineage across sources: finds the object that each edge's upstream names, after every load.

All edges of the organisation are looked at, whichever run brought them, so the order of loading
does not matter; an edge is open again when the object that it was resolved to goes.
"""

from __future__ import annotations

from target_catalog.work import Work


def resolve(work: Work) -> None:
    """Resolve the open edges of the run's organisation."""
    work.execute("resolve_vanished")
    work.execute("resolve_urns")
    work.execute("resolve_references")
