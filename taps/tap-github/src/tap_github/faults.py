"""What a failure of GitHub means: whether it passes, and what a person can do about it."""

from __future__ import annotations

import time
from json import JSONDecodeError
from typing import Any

import requests
from github import GithubException

from songbook.errors import ConnectionFailed, PermissionMissing, SongbookError, SourceError

SECONDARY_WAIT = 60.0
"""Seconds to wait after a secondary limit that does not say for how long
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""

MOST_LOST_LINKS = 3
"""How often a request without any answer is sent: a wrong address should not take a minute."""

UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404
EMPTY, GONE, TOO_MANY, BLOCKED = 409, 410, 429, 451
UNSTARTED, GATEWAY_TIMEOUT = 502, 504


class TimedOut(Exception):
    """A GraphQL query asked for more than the server does in ten seconds."""


FAILURES = (GithubException, requests.RequestException, JSONDecodeError, TimedOut, SongbookError)
"""All that asking GitHub may raise."""


def delay(error: Exception, tries: int) -> float | None:
    """Seconds after which a request may succeed, or None."""
    if isinstance(error, requests.exceptions.SSLError):
        return None
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        return 2.0 ** (tries - 1) if tries < MOST_LOST_LINKS else None
    if isinstance(error, TimedOut):
        return 1.0 if tries == 1 else None  # then it has to ask for less
    if not isinstance(error, GithubException):
        return None
    if is_limit(error):
        return _limit(error, tries)
    return 2.0 ** (tries - 1) if error.status >= 500 else None


def is_limit(error: GithubException) -> bool:
    """Whether GitHub counts requests, and this was one too many."""
    if error.status == TOO_MANY:
        return True
    is_named = "rate limit" in message(error).lower() or "abuse" in message(error).lower()
    return error.status == FORBIDDEN and (is_named or _header(error, "retry-after") is not None)


def _limit(error: GithubException, tries: int) -> float:
    """Seconds until a limit is lifted: as it says, till the hour is over, or a minute and more."""
    asked = _header(error, "retry-after")
    if asked is not None and asked.isdigit():
        return float(asked)
    reset = _header(error, "x-ratelimit-reset")
    if _header(error, "x-ratelimit-remaining") == "0" and reset is not None and reset.isdigit():
        return max(float(reset) - time.time(), 0.0) + 1.0
    return float(SECONDARY_WAIT * 2 ** (tries - 1))


def explained(error: Exception, what: str) -> SongbookError:
    """The error that a person sees; `what` is what was asked for."""
    if isinstance(error, SongbookError):
        return error
    if isinstance(error, GithubException):
        return _refusal(error, what)
    if isinstance(error, requests.exceptions.SSLError):
        return ConnectionFailed(
            f"The server's certificate is not trusted (asked for {what}).",
            hint="Put its authority in a file and name that in `ca_file`.",
        )
    if isinstance(error, JSONDecodeError):
        return SourceError(f"The answer for {what} is no JSON.", hint="Check `base_url`.")
    if isinstance(error, TimedOut):
        return SourceError(f"GitHub took too long over {what}.")
    return ConnectionFailed(
        f"No answer from GitHub (asked for {what}): {type(error).__name__}.",
        hint="Check `base_url`, the network and proxies, then run it again.",
    )


def _refusal(error: GithubException, what: str) -> SongbookError:
    said = message(error)
    if error.status == UNAUTHORIZED:
        return ConnectionFailed(
            f"GitHub refused the credentials: {said}.",
            hint="Check `token`, or `app_id` and `private_key`; tokens expire.",
        )
    if is_limit(error):
        return ConnectionFailed(
            f"GitHub's rate limit is reached (asked for {what}).",
            hint="Run it again later, or raise `max_wait_seconds`.",
        )
    if error.status == FORBIDDEN:
        return PermissionMissing(f"GitHub does not show {what}: {said}.", hint=_way_in(error))
    if error.status in (NOT_FOUND, GONE):
        return PermissionMissing(
            f"{what} does not exist, or the credentials may not see it.",
            hint="Check the name, and that token or App are of this organisation: GitHub answers "
            "404 to what they may not know.",
        )
    if error.status == BLOCKED:
        return PermissionMissing(
            f"GitHub has blocked {what}: {said}.", hint="Ask its owner; nobody can read it now."
        )
    return SourceError(f"GitHub answered {error.status} for {what}: {said}.")


def _way_in(error: GithubException) -> str:
    sso = _header(error, "x-github-sso")
    if sso is not None:
        return "Authorise the token for the organisation's single sign-on, in its settings."
    needed = _header(error, "x-accepted-github-permissions")
    if needed is not None:
        return f"Give the token or App the permission {needed}."
    return PermissionMissing.hint


def message(error: GithubException) -> str:
    """What GitHub said, in one line without its last full stop."""
    data: Any = error.data
    said = data.get("message") if isinstance(data, dict) else None
    return " ".join(str(said or error.status).split()).rstrip(".")


def _header(error: GithubException, name: str) -> str | None:
    return (error.headers or {}).get(name)
