"""What all commands share: errors as two lines with an exit code, never a traceback, never a
secret."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TextIO, cast

from songbook.errors import SongbookError
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


def run(main: Callable[[], int], redactor: Redactor) -> int:
    """Run a command and give its exit code; whatever it writes on stderr is redacted.

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
