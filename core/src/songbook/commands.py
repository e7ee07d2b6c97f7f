"""What all commands share: errors as two lines with an exit code, never a traceback, never a
secret."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, TextIO, cast

import click

from songbook.errors import OK, ConfigError, SongbookError
from songbook.redact import Redactor


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
    sys.stderr = cast(TextIO, RedactedStream(sys.stderr, redactor))
    try:
        return main()
    except SongbookError as error:
        return explain(str(error), error.hint, error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return explain("Interrupted.", "Run it again; nothing needs to be cleaned up.", 130)
    except Exception as error:  # noqa: BLE001  # a person gets a line to report, not a traceback
        return explain(
            f"{type(error).__name__}: {error}", SongbookError.hint, SongbookError.exit_code
        )


def explain(message: str, hint: str, exit_code: int) -> int:
    """Say what went wrong and what to do."""
    sys.stderr.write(f"error: {' '.join(message.split())}\nhint: {hint}\n")
    sys.stderr.flush()
    return exit_code
