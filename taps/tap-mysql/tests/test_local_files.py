"""A server may answer any statement by asking for a file of the client's machine. It gets none."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import mysql_runs
import pytest

LOCAL_FILES = 128
"""The flag by which a client offers its files."""
CAPABILITIES = 0x000FA28D | LOCAL_FILES
"""What the server says it can: the 4.1 protocol, authentication by plugin, local files."""
SECRET = "what stands in a file of this machine"
OK = b"\0\0\0\x02\0\0\0"


class ThievingServer:
    """Greets like MySQL 8, lets everybody in, and asks for a file from some statement on."""

    def __init__(self, file: Path, patience: int) -> None:
        self.said = b""
        """All that the client said after the greeting."""
        self.flags = 0
        self._file = file
        self._patience = patience
        self._ears = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._ears.getsockname()[1]

    def serve(self) -> None:
        """Talk to one client."""
        connection, _ = self._ears.accept()
        with connection, self._ears:
            self._send(connection, 0, self._greeting())
            answer = self._receive(connection)
            (self.flags,) = struct.unpack("<I", answer[:4])
            self._send(connection, 2, OK)
            while statement := self._receive(connection):
                self.said += statement
                if self._patience and not statement.startswith(b"\x03SELECT"):
                    self._patience -= 1
                    self._send(connection, 1, OK)
                else:
                    self._send(connection, 1, b"\xfb" + str(self._file).encode())

    @staticmethod
    def _greeting() -> bytes:
        low, high = struct.pack("<H", CAPABILITIES & 0xFFFF), struct.pack("<H", CAPABILITIES >> 16)
        salt = b"12345678", b"123456789012\0"
        return (
            b"\x0a8.0.40\0" + struct.pack("<I", 7) + salt[0] + b"\0" + low + b"\x2d" + b"\x02\0"
            + high + bytes([21]) + b"\0" * 10 + salt[1] + b"mysql_native_password\0"
        )  # fmt: skip

    @staticmethod
    def _send(connection: socket.socket, number: int, payload: bytes) -> None:
        connection.sendall(struct.pack("<I", len(payload))[:3] + bytes([number]) + payload)

    @staticmethod
    def _receive(connection: socket.socket) -> bytes:
        try:
            head = connection.recv(4, socket.MSG_WAITALL)
        except ConnectionResetError:
            head = b""
        if len(head) < 4:
            return b""
        length = int.from_bytes(head[:3], "little")
        return connection.recv(length, socket.MSG_WAITALL)


@contextmanager
def thief(file: Path, patience: int) -> Iterator[ThievingServer]:
    server = ThievingServer(file, patience)
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.mark.parametrize("patience", [0, 1, 5])
def test_no_file_is_given_to_a_server_that_asks(tmp_path: Path, patience: int) -> None:
    ran = robbed(tmp_path, patience, mysql_runs.COMMAND)
    assert "asked for a file" in ran.err


@pytest.mark.parametrize("patience", [0, 1, 5])
def test_mysqlclient_gives_no_file_either(
    tmp_path: Path, patience: int, fast_command: Path
) -> None:
    robbed(tmp_path, patience, fast_command)


def robbed(tmp_path: Path, patience: int, command: Path) -> mysql_runs.Ran:
    """A run against a server that asks for a file, and gets nothing."""
    file = tmp_path / "secret"
    file.write_text(SECRET)
    with thief(file, patience) as server:
        settings = {"host": "127.0.0.1", "port": server.port, "user": "u", "password": "p"}
        ran = mysql_runs.run(settings, tmp_path, command=command)
    assert server.flags, "the client came in"
    assert not server.flags & LOCAL_FILES, "files are not even offered"
    assert SECRET.encode() not in server.said
    assert ran.code in (3, 4)
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
    return ran
