"""Singer messages as bytes: one JSON object a line, read without decoding the record twice.

Three things that a line may have and PostgreSQL's text can't hold are replaced by U+FFFD, the
replacement character: NUL, halves of surrogate pairs, and bytes that are not UTF-8.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

import msgspec

from songbook.errors import SourceError

LONGEST_LINE = 256 * 1024 * 1024
"""Bytes; a longer line is refused before it fills the memory."""
REPLACEMENT = "\ufffd"
NOTHING = msgspec.Raw()


class Message(msgspec.Struct):
    """One message; which fields are set depends on its type."""

    type: str
    stream: str | None = None
    record: msgspec.Raw = NOTHING
    schema: dict[str, Any] | None = None
    key_properties: list[str] | None = None
    value: msgspec.Raw = NOTHING
    version: int | None = None
    line_number: int = 0
    size: int = 0


class Truncated(SourceError):
    """The input ends in the middle of a line."""

    hint = "The tap was cut off: see what it says, and run it again."


_decoder = msgspec.json.Decoder(Message)
_record_decoder = msgspec.json.Decoder()


def read(lines: BinaryIO) -> Iterator[Message]:
    """The messages of an input; raises SourceError with the number of a line that is none."""
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise SourceError(
                f"Line {number} is longer than {LONGEST_LINE // 2**20} MB.",
                hint="Leave out what makes this record so large, with a filter of the tap.",
            )
        if line.isspace():
            continue
        yield _message(line, number)


def record_of(raw: msgspec.Raw) -> Any:
    """The value of a record or state, as PostgreSQL can hold it."""
    data = bytes(raw)
    if b"\\u0000" not in data:
        try:
            return _record_decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
    return _cleaned(_loaded(data))


def _message(line: bytes, number: int) -> Message:
    try:
        # The name of a stream and its schema are text of PostgreSQL's too.
        message = _hard_message(line, number) if rb"\u0000" in line else _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = _hard_message(line, number)
    message.line_number = number
    message.size = len(line)
    return message


def _hard_message(line: bytes, number: int) -> Message:
    """A line that the fast decoder refuses, perhaps only for a character that can be replaced."""
    try:
        return _decoder.decode(msgspec.json.encode(_cleaned(_loaded(line))))
    except RecursionError:
        raise SourceError(
            f"Line {number} is nested too deeply.",
            hint="No record of a catalog nests a thousand levels: look at what the tap wrote.",
        ) from None
    except (ValueError, TypeError) as error:
        if not line.endswith(b"\n"):
            raise Truncated(f"The input ends in the middle of line {number}.") from None
        raise SourceError(
            f"Line {number} is not a Singer message: {error}",
            hint="Something other than the tap writes to its standard output.",
        ) from None


def _loaded(data: bytes) -> Any:
    """What JSON says that may hold bytes that are not UTF-8; raises ValueError."""
    text = data.decode("utf-8", "replace")
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _cleaned(value: Any) -> Any:
    """The same value without what PostgreSQL's text can't hold."""
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", REPLACEMENT)
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(f"{number[:40]} is beyond what a number can hold")
    return value
