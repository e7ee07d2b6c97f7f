"""What all commands do with errors."""

from __future__ import annotations

import sys

import pytest

from songbook import commands, errors
from songbook.redact import Redactor

KINDS = [
    errors.ConfigError,
    errors.ConnectionFailed,
    errors.PermissionMissing,
    errors.SourceError,
    errors.NotSupported,
    errors.RecordInvalid,
]


@pytest.fixture(autouse=True)
def own_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    """`run` replaces it for good, as the program ends with it."""
    monkeypatch.setattr(sys, "stderr", sys.stderr)


def run(error: BaseException) -> int:
    def main() -> int:
        raise error

    return commands.run(main, Redactor(["canary-4711"]))


@pytest.mark.parametrize(("kind", "code"), list(zip(KINDS, [2, 3, 4, 4, 2, 1], strict=True)))
def test_an_error_is_two_lines_and_a_code(
    kind: type[errors.SongbookError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(kind("It\nbroke.", hint="Mend it.")) == code
    assert capsys.readouterr().err == "error: It broke.\nhint: Mend it.\n"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_explains_itself(kind: type[errors.SongbookError]) -> None:
    assert str(kind()) == kind.__doc__
    assert kind().hint
    assert kind("x", hint="y").hint == "y"


def test_a_bug_is_a_line_to_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(KeyError("canary-4711")) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: KeyError: '***'\nhint: Please report")
    assert "Traceback" not in told


def test_whatever_is_written_to_stderr_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> int:
        sys.stderr.write("token=canary-4711\n")
        return 0

    assert commands.run(main, Redactor(["canary-4711"])) == 0
    assert capsys.readouterr().err == "token=***\n"


def test_an_interruption(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err.startswith("error: Interrupted.")
