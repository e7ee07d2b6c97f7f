"""What a PostgreSQL error means and what to do about it."""

from __future__ import annotations

import psycopg

from songbook.errors import ConnectionFailed, PermissionMissing, SongbookError, SourceError
from songbook.symptoms import NO_ANSWER, NO_SUCH_HOST, Symptom, first_line, hint_for

# A failed connection carries no SQLSTATE that libpq would hand out, so its text has to be read.
_SYMPTOMS = (
    NO_SUCH_HOST,
    Symptom(
        r"Connection refused|No such file or directory",
        "Check `host` and `port`: no PostgreSQL server listens there.",
    ),
    NO_ANSWER,
    Symptom(
        r"password authentication failed|no password supplied|SCRAM",
        "Check `user` and `password`.",
    ),
    Symptom(
        r'role ".*" (does not exist|is not permitted to log in)',
        "Check `user`: it can't log in here.",
    ),
    Symptom(
        r"no pg_hba\.conf entry|pg_hba\.conf rejects",
        "Ask the administrator to allow this user, database and address in pg_hba.conf; "
        "if the message says `no encryption`, set `sslmode` to `require`.",
    ),
    Symptom(
        r'database ".*" does not exist', "Check the setting `database`; names are case-sensitive."
    ),
    Symptom(
        r"permission denied for database",
        "Let the user in: run the tap with --grants to see the statement.",
    ),
    Symptom(
        r"does not support SSL",
        "The server offers no encryption: set `sslmode` to `prefer`, or turn ssl on at the server.",
    ),
    Symptom(
        r"root certificate file .* does not exist|certificate verify failed"
        r"|certificate .*has expired|server certificate for",
        "Set `sslrootcert` to the authority that signed the server's certificate, "
        "and `host` to the name in it.",
    ),
    Symptom(
        r"certificate|private key|tlsv1|ssl",
        "Check `sslmode`, `sslcert`, `sslkey` and `sslrootcert`.",
    ),
    Symptom(
        r"too many clients|remaining connection slots|starting up|shutting down|recovery",
        "The server takes no more connections at the moment: run it again later.",
    ),
)


def refused(error: psycopg.Error) -> ConnectionFailed:
    """Why no connection came about."""
    message = _message(error)
    hint = hint_for(str(error), _SYMPTOMS)
    return ConnectionFailed(f"Can't connect: {message}", hint=hint)


def failed(error: psycopg.Error) -> SongbookError:
    """Why a statement gave no result."""
    message = _message(error)
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return PermissionMissing(message)
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return SourceError(
            message, hint="Another session holds a lock on a table: run it again later."
        )
    if isinstance(error, psycopg.errors.QueryCanceled):
        return SourceError(
            message, hint="Raise the statement_timeout of the role, or run it again."
        )
    if (isinstance(error, psycopg.OperationalError) and not error.sqlstate) or _is_shutdown(error):
        return ConnectionFailed(
            f"The connection was lost: {message}", hint="Run it again when the server is back."
        )
    return SourceError(f"{message} (SQLSTATE {error.sqlstate})")


def _is_shutdown(error: psycopg.Error) -> bool:
    """Whether the server ended the session."""
    return (error.sqlstate or "")[:3] in ("08P", "080", "57P")


def is_race(error: psycopg.Error) -> bool:
    """Whether an object went away while it was being described: asking again helps."""
    return error.sqlstate in ("XX000", "42P01", "42704", "42883", "3F000")


def _message(error: psycopg.Error) -> str:
    return first_line(error).removeprefix("connection failed: ")
