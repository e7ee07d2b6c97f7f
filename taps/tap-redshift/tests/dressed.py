"""PostgreSQL dressed as Redshift: a proxy that changes what both sides say to each other.

The server reports version 8.0.2 and the encoding UNICODE. In statements `pg_catalog.` becomes the
schema of `dressed.sql`, whose name is as long, so that no length changes. What Redshift does not
know is refused.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

SCRIPT = Path(__file__).with_suffix(".sql")

ASKS_FOR_ENCRYPTION = struct.pack("!II", 8, 80877103)

STATEMENTS = b"QP"
"""Messages that hold a statement: a query, and the first half of one with parameters."""

SAYS = {b"server_version": b"8.0.2", b"client_encoding": b"UNICODE"}

REFUSED = re.compile(
    rb"\b(LATERAL|FILTER|WITH\s+HOLD|WITH\s+ORDINALITY|DECLARE|DEALLOCATE|DISCARD|ARRAY\s*\[|"
    rb"ARRAY_AGG|STRING_AGG|JSONB?_\w+|UNNEST|jit|lock_timeout|idle_in_transaction|cursor_tuple|"
    rb"COLLATE|STARTS_WITH|REGCLASS|ACLEXPLODE|FORMAT\s*\(|default_transaction_read_only|"
    rb"INFORMATION_SCHEMA\.)",
    re.IGNORECASE,
)
"""Words that Redshift has not, or not on the leader node
(https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html,
https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-functions.html)."""

ON_COMPUTE_NODES = re.compile(rb"\b(SVV|SVL|STL|STV|SYS)_\w+", re.IGNORECASE)
LEADER_ONLY = re.compile(
    rb"\b(pg_get_\w+|format_type|format_encoding|obj_description|array_to_string|oidvectortypes|"
    rb"current_setting|ANY)\b",
    re.IGNORECASE,
)
"""A statement with both fails
(https://docs.aws.amazon.com/redshift/latest/dg/c_sql-functions-leader-node.html)."""


@dataclass
class Dressed:
    """A server behind a proxy, as the tests need to know it."""

    server: Any
    statements: list[str] = field(default_factory=list)
    """All that was asked."""
    papers: Path | None = None
    """A folder with a certificate, if the link can be encrypted."""

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def host(self) -> str:
        """Where the proxy listens."""
        return "127.0.0.1"

    @property
    def port(self) -> int:
        """Where the proxy listens."""
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def create_database(self, name: str | None = None) -> str:
        """A fresh database with Redshift's catalog."""
        database = str(self.server.create_database(name))
        with self.admin(database) as admin:
            admin.execute(SCRIPT.read_bytes())
        return database

    def admin(self, database: str) -> psycopg.Connection[Any]:
        """A session with the server itself, past the proxy."""
        return psycopg.connect(self.server.url(database), autocommit=True)

    def settings(self, database: str, **more: Any) -> dict[str, Any]:
        """Settings of the tap."""
        given = {
            "host": self.host,
            "port": self.port,
            "user": self.server.user,
            "password": self.server.password,
            "database": database,
        }
        return given | more

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((self.server.host, self.server.port))
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        if self.papers is not None:
            with suppress(OSError, EOFError):
                client = _encrypted(client, self.papers)
        with client, server:
            up = (client, server, self._from_client(client))
            upward = threading.Thread(target=_pump, args=up, daemon=True)
            upward.start()
            _pump(server, client, _from_server(server))
            upward.join()

    def _from_client(self, client: socket.socket) -> Iterator[bytes]:
        yield from _startup(client)
        for kind, body in _messages(client):
            if kind in STATEMENTS:
                body = self._dressed(kind, body)
            yield _message(kind, body)

    def _dressed(self, kind: bytes, body: bytes) -> bytes:
        text = body.decode("utf-8", "replace").strip("\0")
        self.statements.append(text)
        refused = _refused(re.sub(rb"--[^\n]*|'[^']*'", b"", body))
        if refused:
            name = b"\0" if kind == b"P" else b""
            tail = b"\0\0\0" if kind == b"P" else b"\0"
            return name + b"SELECT redshift_does_not_know(" + refused + b")" + tail
        return body.replace(b"pg_catalog.", b"rs_catalog.")


def _refused(statement: bytes) -> bytes | None:
    """Why Redshift would not run a statement, as a string in SQL."""
    if match := REFUSED.search(statement):
        return b"'" + match[0] + b"'"
    leader = LEADER_ONLY.search(statement)
    compute = ON_COMPUTE_NODES.search(statement)
    if leader and compute:
        return b"'" + leader[0] + b" with " + compute[0] + b"'"
    return None


def _encrypted(client: socket.socket, papers: Path) -> socket.socket:
    """The client's end, encrypted if the client asks for it."""
    first = client.recv(len(ASKS_FOR_ENCRYPTION), socket.MSG_PEEK | socket.MSG_WAITALL)
    if first != ASKS_FOR_ENCRYPTION:
        return client
    _exactly(client, len(ASKS_FOR_ENCRYPTION))
    client.sendall(b"S")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(papers / "localhost.crt", papers / "localhost.key")
    return context.wrap_socket(client, server_side=True)


def _pump(source: socket.socket, sink: socket.socket, messages: Iterator[bytes]) -> None:
    with suppress(OSError, EOFError):
        for message in messages:
            sink.sendall(message)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _startup(client: socket.socket) -> Iterator[bytes]:
    """What comes before the messages: requests for encryption, and the name of the user."""
    while True:
        (length,) = struct.unpack("!I", _exactly(client, 4))
        body = _exactly(client, length - 4)
        yield struct.pack("!I", length) + body
        if body[:4] == struct.pack("!I", 196608):
            return


def _from_server(server: socket.socket) -> Iterator[bytes]:
    first = _exactly(server, 1)
    if first == b"N":  # the answer to a request for encryption, which has no length
        yield first
        first = _exactly(server, 1)
    for kind, body in _messages(server, first):
        name, _, _ = body.partition(b"\0")
        if kind == b"S" and name in SAYS:
            body = name + b"\0" + SAYS[name] + b"\0"
        yield _message(kind, body)


def _messages(peer: socket.socket, first: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
    read: Callable[[int], bytes] = lambda size: _exactly(peer, size)  # noqa: E731
    while True:
        kind, first = first or read(1), b""
        (length,) = struct.unpack("!I", read(4))
        yield kind, read(length - 4)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


def _exactly(peer: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = peer.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
