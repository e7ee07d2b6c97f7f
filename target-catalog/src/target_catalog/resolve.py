"""Lineage across sources: finds the object and the columns that each edge names, after every load.

What an edge resolves to depends on the whole catalog of its organisation and on nothing else, so
the order of loading does not matter. Judged are the edges that nobody judged yet and those that
may read otherwise now, because objects, columns or systems came, changed or went; `everything`
judges all of them and finds the same.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from target_catalog.database import Connection
from target_catalog.statements import statement
from target_catalog.streams import bundled
from target_catalog.work import Work


class Resolving:
    """One pass over the lineage of an organisation, in the transaction of its caller."""

    def __init__(self, connection: Connection, organization: UUID) -> None:
        self._connection = connection
        self._values: dict[str, Any] = {"organization": organization}
        self._values["connectors"] = self._one("connectors_of")

    def touched(self) -> None:
        """Judge what is open, and what `stirred` and changed systems touch."""
        if not self._one("was_resolved"):  # by this version, or at all
            self.everything()
            return
        if self._begin():
            self._run("touch_by_systems")
        if self._one("has_stirred"):
            self._connection.execute("ANALYZE stirred")
            self._run("touch_by_objects")
        self._finish()

    def everything(self) -> None:
        """Judge all edges, and make anew all that follow from other rows."""
        self._begin()
        self._run("remember_systems")
        self._run("stir_everything")
        self._run("touch_everything")
        self._run("forget_all_implied")
        self._finish()

    def _begin(self) -> bool:
        """Look at the systems; tells whether any differs from what was known."""
        # The default is for many small statements at once; a million edges would go to disk.
        self._connection.execute("SET LOCAL work_mem = '64MB'")
        self._run("systems_now")
        self._run("touched")
        changed = self._run("systems_changed").rowcount
        if changed:
            self._connection.execute("ANALYZE systems_changed")
            self._run("remember_systems")
        return bool(changed)

    def _finish(self) -> None:
        opened = self._run("open_edges").rowcount
        self._run("implied_now")
        if opened:
            self._judge()
        self._connection.execute("ANALYZE implied_now")
        self._run("retract_implied")
        self._run("add_implied")

    def _judge(self) -> None:
        self._connection.execute("ANALYZE open_edges")
        for name in ("judge_urns", "judge_references", "judged_edges", "end_columns"):
            self._run(name)
        self._connection.execute("ANALYZE judged_urns, judged_references, end_columns")
        self._run("judge_fields")
        self._connection.execute("ANALYZE judged_fields")
        self._run("resolve_edges")
        self._run("spread_stars")

    def _run(self, name: str) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._connection.execute(statement(name), self._values)

    def _one(self, name: str) -> Any:
        row = self._run(name).fetchone()
        return row[0] if row else None


def resolve(work: Work) -> None:
    """Resolve what a run touched."""
    streams = [stream.name for stream in bundled().values() if stream.stitched_by]
    work.execute("stir_moved", {"streams": streams})
    work.execute("forget_implied")
    Resolving(work.connection, work.run.organization).touched()


def count_unresolved(work: Work) -> dict[str, int]:
    """How many edges of the run's connector have no known upstream or column, by what is wrong."""
    (counts,) = work.execute("count_unresolved").fetchone() or ({},)
    return dict(counts)
