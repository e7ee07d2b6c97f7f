"""What an error of the server or the driver means and what to do about it."""

from __future__ import annotations

from pymysql.constants import CR, ER

from songbook.errors import ConnectionFailed, PermissionMissing, SongbookError, SourceError
from songbook.symptoms import NO_ANSWER, NO_SUCH_HOST, Symptom, hint_for

DENIED = frozenset(
    (
        ER.DBACCESS_DENIED_ERROR,
        ER.TABLEACCESS_DENIED_ERROR,
        ER.COLUMNACCESS_DENIED_ERROR,
        ER.SPECIFIC_ACCESS_DENIED_ERROR,
    )
)
LOST = frozenset(
    (CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST, ER.SERVER_SHUTDOWN, ER.QUERY_INTERRUPTED, 1927)
)
"""Errors after which the session is over; 1927 is MariaDB's for a killed connection."""

HINTS = {
    ER.ACCESS_DENIED_ERROR: "Check `user` and `password`, and that the account may come from "
    "this machine; if it needs encryption or a certificate, check `sslmode`, `sslcert`, `sslkey`.",
    1698: "Check `user` and `password`: this account logs in another way.",
    ER.DBACCESS_DENIED_ERROR: "Let the user in: run the tap with --grants to see the statement.",
    ER.BAD_DB_ERROR: "Check the setting `database`.",
    ER.HOST_IS_BLOCKED: "Ask the administrator to run FLUSH HOSTS at the server.",
    ER.HOST_NOT_PRIVILEGED: "Ask the administrator for an account that may come from this machine.",
    ER.CON_COUNT_ERROR: "The server takes no more connections: run it again later.",
    ER.TOO_MANY_USER_CONNECTIONS: "The account has no connections left: run it again later.",
    1820: "The password has expired: change it at the server.",
    1862: "The password has expired: change it at the server.",
    3118: "The account is locked: ask the administrator to unlock it.",
    4151: "The account is locked: ask the administrator to unlock it.",
    3159: "The server wants encryption: set `sslmode` to `require`.",
    1969: "Raise the server's `max_statement_time` for this account, or run it again.",
    3024: "Raise the server's `max_execution_time` for this account, or run it again.",
    4031: "The server closed the idle session: run it again.",
}
"""What to do, by the server's error number
(https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html)."""

SYMPTOMS = (
    Symptom(
        "load_local",
        "The server asked for a file of this machine and did not get it: check `host`.",
    ),
    Symptom(
        "certificate|ssl|tls",
        "Check `sslmode`, `sslrootcert`, `sslcert` and `sslkey`, and that `host` is the name "
        "in the server's certificate.",
    ),
    NO_SUCH_HOST,
    NO_ANSWER,
    Symptom("refused|no such file", "Check `host` and `port`: no MySQL server listens there."),
    Symptom(
        "can't connect to|unknown server host",
        "Check `host` and `port`, and the firewalls on the way.",
    ),
    Symptom(
        "cryptography|pynacl",
        'Set `sslmode` to `require`, or run: pip install "pymysql[rsa,ed25519]"',
    ),
)
"""What to do, by words of errors that have no number of their own."""

OF_THE_CLIENT = range(2000, 3000)
"""The numbers of errors that the client library finds, for one of many reasons each."""


def refused(error: Exception) -> ConnectionFailed:
    """Why no connection came about."""
    number, message = taken_apart(error)
    return ConnectionFailed(f"Can't connect: {message}", hint=_hint(number, message))


def failed(error: Exception) -> SongbookError:
    """Why a statement gave no result."""
    number, message = taken_apart(error)
    if number in DENIED:
        return PermissionMissing(message)
    if number in LOST:
        return ConnectionFailed(
            f"The connection was lost: {message}", hint="Run it again when the server is back."
        )
    return SourceError(f"{message} (error {number})", hint=_hint(number, message))


def _hint(number: int, message: str) -> str | None:
    if number and number not in OF_THE_CLIENT:
        return HINTS.get(number)
    return HINTS.get(number) or hint_for(message, SYMPTOMS)


def taken_apart(error: Exception) -> tuple[int, str]:
    """The number and the text of an error; 0 where it has no number."""
    number, message = error.args if len(error.args) == 2 else (0, str(error))
    return (number if isinstance(number, int) else 0), str(message)
