"""What an error of Redshift means and what to do about it."""

from __future__ import annotations

import psycopg

from songbook.errors import ConnectionFailed, PermissionMissing, SongbookError, SourceError
from songbook.symptoms import NO_ANSWER, NO_SUCH_HOST, Symptom, first_line, hint_for

# A failed connection carries no SQLSTATE that libpq would hand out, so its text has to be read.
_SYMPTOMS = (
    NO_SUCH_HOST,
    Symptom(
        r"Connection refused",
        "Check `host` and `port`; Redshift's usual port is 5439.",
    ),
    Symptom(
        NO_ANSWER.pattern,
        "Nothing answers: check `host` and `port`, whether the cluster is paused, its security "
        "group, and whether it is reachable from outside of its VPC.",
    ),
    Symptom(
        r"password authentication failed|no password supplied|SCRAM",
        "Check `user` and `password`; temporary credentials end after an hour at most.",
    ),
    Symptom(r'(role|user) ".*" does not exist', "Check `user`: it can't log in here."),
    Symptom(
        r'database ".*" does not exist',
        "Check the setting `database`; the first one of a cluster is called dev.",
    ),
    Symptom(
        r"permission denied for database",
        "Let the user in: run the tap with --grants to see the statement.",
    ),
    Symptom(
        r"no pg_hba\.conf entry|SSL off",
        "The server wants encryption: set `sslmode` to `require` or `verify-full`.",
    ),
    Symptom(
        r"does not support SSL",
        "The server offers no encryption: set `sslmode` to `prefer`.",
    ),
    Symptom(
        r"certificate|tlsv1|ssl",
        "Check `sslmode`, and `sslrootcert`: Amazon's authorities must stand in it.",
    ),
    Symptom(
        r"too many|connection limit|remaining connection slots|starting up|shutting down",
        "It takes no more connections at the moment: run it again later.",
    ),
)


def refused(error: psycopg.Error) -> ConnectionFailed:
    """Why no connection came about."""
    hint = hint_for(str(error), _SYMPTOMS)
    return ConnectionFailed(f"Can't connect: {_message(error)}", hint=hint)


def failed(error: psycopg.Error) -> SongbookError:
    """Why a statement gave no result."""
    message = _message(error)
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return PermissionMissing(message)
    if not error.sqlstate or error.sqlstate[:3] in ("08P", "080", "57P"):
        return ConnectionFailed(
            f"The connection was lost: {message}", hint="Run it again when the cluster is back."
        )
    return SourceError(f"{message} (SQLSTATE {error.sqlstate})")


def _message(error: psycopg.Error) -> str:
    return first_line(error).removeprefix("connection failed: ")
