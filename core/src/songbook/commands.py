"""What all commands share: errors as two lines with an exit code, never a traceback, never a
secret."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn, TextIO, cast

import click

from songbook.errors import OK, ConfigError, ConnectionFailed, SongbookError
from songbook.redact import Redactor

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when a disk or a quota is full."""


class RedactedStream:
    """A text stream that masks secrets in what is written to it."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        self._stream = stream
        self._redactor = redactor

    def write(self, text: str) -> int:
        """Write text without its secrets."""
        self._stream.write(self._redactor(text))
        return len(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def run_command(
    command: click.Command, args: Sequence[str] | None, name: str, redactor: Redactor
) -> NoReturn:
    """Be the whole program of a click command, whose return value is the exit code."""

    def main() -> int:
        try:
            # command.main() would end a closed pipe with 1, which is the code of our own bugs.
            with command.make_context(name, sys.argv[1:] if args is None else [*args]) as context:
                code: int | None = command.invoke(context)
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return ConfigError.exit_code
        except click.Abort:
            raise KeyboardInterrupt from None
        except click.ClickException as error:
            return explain(error.format_message(), f"Run {name} --help.", ConfigError.exit_code)
        return code or OK

    # A supervisor or a closed terminal ends it in order: nothing is left behind.
    for end in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(end) is not signal.SIG_IGN:  # as under nohup
            signal.signal(end, lambda number, _: sys.exit(128 + number))
    sys.exit(run(main, redactor))


def run(main: Callable[[], int], redactor: Redactor) -> int:
    """Run a program and give its exit code; whatever it writes on stderr is redacted.

    A closed pipe (`| head`) is no error of ours and ends quietly with 141, as the shell reports it
    for any program.
    """
    _prepare_standard_streams()
    sys.stderr = cast(TextIO, RedactedStream(sys.stderr, redactor))
    try:
        return main()
    except SongbookError as error:
        return explain(str(error), error.hint, error.exit_code)
    except BrokenPipeError:
        _discard_output()
        return 141
    except KeyboardInterrupt:
        return explain("Interrupted.", "Run it again; nothing needs to be cleaned up.", 130)
    except Exception as error:  # noqa: BLE001  # a person gets a line to report, not a traceback
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            _discard_output()
            told = f"Can't write {error.filename or 'the output'}: {error.strerror}."
            return explain(told, "Make room there, then run it again.", ConnectionFailed.exit_code)
        return explain(
            f"{type(error).__name__}: {error}", SongbookError.hint, SongbookError.exit_code
        )


def _prepare_standard_streams() -> None:
    """Write UTF-8 whatever the locale, and put the null device where a stream is closed: else the
    next file or connection would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  # for good
            setattr(sys, name, stream)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _discard_output() -> None:
    """Let what is still buffered go nowhere, or Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def explain(message: str, hint: str, exit_code: int) -> int:
    """Say what went wrong and what to do."""
    sys.stderr.write(f"error: {' '.join(message.split())}\nhint: {hint}\n")
    sys.stderr.flush()
    return exit_code
