"""A JSON API on this machine: a tap's tests say what it answers and count what was asked."""

from __future__ import annotations

import json
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any


class JsonApi:
    """Serves `answers`, by path with query string, while it is entered.

    An answer that is a number is an HTTP status without a body; what has no answer is 404.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.requests: Counter[str] = Counter()
        """How often each path was asked for."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens; known before it is entered."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> JsonApi:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(api: JsonApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server wants
            api.requests[self.path] += 1
            answer = api.answers.get(self.path, 404)
            status, body = (answer, b"") if isinstance(answer, int) else (200, _encoded(answer))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: `requests` is the log."""

    return Handler


def _encoded(answer: Any) -> bytes:
    return json.dumps(answer).encode()
