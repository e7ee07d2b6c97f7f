"""What an error of Redshift means and what to do about it."""

from __future__ import annotations

import re
from typing import NamedTuple

import psycopg

from songbook.errors import ConnectionFailed, PermissionMissing, SongbookError, SourceError


class _Symptom(NamedTuple):
    pattern: str
    hint: str


# A failed connection carries no SQLSTATE that libpq would hand out, so its text has to be read.
_SYMPTOMS = (
    _Symptom(
        r"could not translate host name|failed to resolve host|[Nn]ame or service not known"
        r"|nodename nor servname|No address associated",
        "Check the setting `host`: no such name is known to this machine.",
    ),
    _Symptom(
        r"Connection refused",
        "Check `host` and `port`; Redshift's usual port is 5439.",
    ),
    _Symptom(
        r"timeout expired|timed out|No route to host|Network is unreachable",
        "Nothing answers: check `host` and `port`, whether the cluster is paused, its security "
        "group, and whether it is reachable from outside of its VPC.",
    ),
    _Symptom(
        r"password authentication failed|no password supplied|SCRAM",
        "Check `user` and `password`; temporary credentials end after an hour at most.",
    ),
    _Symptom(r'(role|user) ".*" does not exist', "Check `user`: it can't log in here."),
    _Symptom(
        r'database ".*" does not exist',
        "Check the setting `database`; the first one of a cluster is called dev.",
    ),
    _Symptom(
        r"permission denied for database",
        "Let the user in: run the tap with --grants to see the statement.",
    ),
    _Symptom(
        r"no pg_hba\.conf entry|SSL off",
        "The server wants encryption: set `sslmode` to `require` or `verify-full`.",
    ),
    _Symptom(
        r"does not support SSL",
        "The server offers no encryption: set `sslmode` to `prefer`.",
    ),
    _Symptom(
        r"certificate|tlsv1|[Ss][Ss][Ll]",
        "Check `sslmode`, and `sslrootcert`: Amazon's authorities must stand in it.",
    ),
    _Symptom(
        r"too many|connection limit|remaining connection slots|starting up|shutting down",
        "It takes no more connections at the moment: run it again later.",
    ),
)


def refused(error: psycopg.Error) -> ConnectionFailed:
    """Why no connection came about."""
    hint = next((one.hint for one in _SYMPTOMS if re.search(one.pattern, str(error))), None)
    return ConnectionFailed(f"Can't connect: {_first_line(error)}", hint=hint)


def failed(error: psycopg.Error) -> SongbookError:
    """Why a statement gave no result."""
    message = _first_line(error)
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return PermissionMissing(message)
    if not error.sqlstate or error.sqlstate[:3] in ("08P", "080", "57P"):
        return ConnectionFailed(
            f"The connection was lost: {message}", hint="Run it again when the cluster is back."
        )
    return SourceError(f"{message} (SQLSTATE {error.sqlstate})")


def _first_line(error: psycopg.Error) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].removeprefix("connection failed: ") if lines else type(error).__name__
