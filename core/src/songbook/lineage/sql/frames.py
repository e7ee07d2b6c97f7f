"""Frames: how definitions and analyses travel between processes: a length, then MessagePack."""

from __future__ import annotations

from typing import BinaryIO, Final

import msgspec

LENGTH: Final = 4
"""Bytes of the length, big-endian."""


def framed(value: object) -> bytes:
    """A value as one frame."""
    body = msgspec.msgpack.encode(value)
    return len(body).to_bytes(LENGTH, "big") + body


def next_frame(stream: BinaryIO) -> bytes:
    """The next frame's content; empty at the end."""
    return stream.read(int.from_bytes(stream.read(LENGTH), "big"))
