"""Errors, named by what happens next.

SongbookError
├── ConfigError         a person edits the settings           exit code 2
├── ConnectionFailed    the source can't be reached: later    exit code 3
├── PermissionMissing   noted, the run goes on without it     exit code 4
├── SourceError         an unexpected answer: the stream ends exit code 4
├── NotSupported        this source has no such thing         exit code 2
└── RecordInvalid       our bug                               exit code 1

Each carries a `hint` that says the way out. None ever carries a secret.
"""

from __future__ import annotations

OK = 0
INCOMPLETE = 4
"""Exit code of a run that finished but could not see, or could not keep, everything."""


class SongbookError(Exception):
    """Something went wrong."""

    exit_code = 1
    hint = "Please report this with the command and its output."

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        super().__init__(message or self.__doc__)
        if hint is not None:
            self.hint = hint


class ConfigError(SongbookError):
    """The settings are wrong."""

    exit_code = 2
    hint = "Run the command with --about to see its settings."


class ConnectionFailed(SongbookError):
    """The other side can't be reached."""

    exit_code = 3
    hint = "Check host, port, network and credentials, then run it again."


class PermissionMissing(SongbookError):
    """The source refused to show this."""

    exit_code = INCOMPLETE
    hint = "Run the tap with --grants to see the privileges it needs."


class SourceError(SongbookError):
    """The other side gave an answer that makes no sense here."""

    exit_code = INCOMPLETE
    hint = "Run it again; if it stays, report the message."


class NotSupported(SongbookError):
    """This source has no such thing."""

    exit_code = 2
    hint = "Run the command with --about to see what it can do."


class RecordInvalid(SongbookError):
    """A record breaks its own schema."""

    exit_code = 1
