"""What could not be read, as the run's account has it."""

from __future__ import annotations

from songbook.connector import Gap
from songbook.errors import PermissionMissing, SongbookError
from songbook.records import Diagnostic


def gap(error: SongbookError, stream: str, place: str) -> Gap:
    """One thing that an error kept from being read."""
    is_denied = isinstance(error, PermissionMissing)
    return Gap(
        outcome="denied" if is_denied else "failed",
        diagnostic=Diagnostic(
            code="PERMISSION_MISSING" if is_denied else "READ_FAILED",
            stream=stream,
            scope_urn=place,
            severity="error",
            title=str(error),
            remediation=error.hint,
            count=1,
        ),
    )
