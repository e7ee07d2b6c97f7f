"""A local GitHub: answers from a made-up world, in the shapes of GitHub's own description.

Every request and answer is checked against the description: what the real service would refuse is a
problem here too.
"""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jwt
from github_graphql import execute
from github_rest import Answer, Missing, answer
from github_world import World
from octokit import description

TOKEN = "ghp_canary0123456789canary0123456789ok"
APP = "12345"


@dataclass(frozen=True)
class Asked:
    """One request, as the server saw it."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    token: str
    etag: str | None
    status: int = 0

    @property
    def is_graphql(self) -> bool:
        return self.path.endswith("/graphql")


@dataclass
class Fault:
    """What goes wrong, which requests it hits, and how often."""

    hits: Callable[[Asked], bool]
    status: int = 502
    body: Any = field(default_factory=lambda: {"message": "Server Error"})
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    cut: bool = False
    """Whether the link breaks instead."""


def rest(part: str) -> Callable[[Asked], bool]:
    return lambda asked: part in asked.path


def graphql(part: str) -> Callable[[Asked], bool]:
    return lambda asked: asked.is_graphql and part in asked.body.get("query", "")


class GithubServer:
    """Serves a world while it is entered, at the path of an Enterprise Server."""

    prefix = "/api/v3"

    def __init__(
        self, world: World, *, release: str | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.world = world
        self.release = release
        """Of an Enterprise Server; None for a server that answers as github.com does."""
        self.requests: list[Asked] = []
        self.problems: list[str] = []
        self.faults: list[Fault] = []
        self.tokens: dict[str, Callable[[str], bool]] = {TOKEN: lambda _: True}
        """What each token sees, by full name of repository."""
        self.viewer = "ada"
        self.moving = ""
        """A repository that was renamed after it was listed."""
        self.installations: dict[int, str] = {}
        self.public_key: str | None = None
        self.token_life = timedelta(hours=1)
        self.issued = 0
        self.most_entries = 100_000
        """Entries after which a tree is cut."""
        self.graphql_budget = 10_000
        """Aliases after which a query takes too long."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """What a person would set as `base_url`."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_port}"

    @property
    def description(self) -> Any:
        return description("ghes-3.19" if self.release else "api.github.com")

    def __enter__(self) -> GithubServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests.clear()

    def expire(self) -> None:
        """Take back all tokens of installations."""
        self.tokens = {token: sees for token, sees in self.tokens.items() if token == TOKEN}

    def serve(self, asked: Asked) -> Answer | None:
        """The answer to a request; None breaks the link."""
        for fault in self.faults:
            if fault.times and fault.hits(asked):
                fault.times -= 1
                return None if fault.cut else Answer(fault.status, fault.body, dict(fault.headers))
        if asked.path.startswith(f"{self.prefix}/app"):
            return self._as_app(asked)
        sees = self.tokens.get(asked.token)
        if sees is None:
            return Answer(401, {"message": "Bad credentials", "documentation_url": ""})
        if asked.is_graphql:
            return self._graphql(asked, sees)
        return self._rest(asked, sees)

    def _rest(self, asked: Asked, sees: Callable[[str], bool]) -> Answer:
        path = asked.path.removeprefix(self.prefix)
        try:
            found = answer(self, unquote(path), asked, sees)
        except Missing:
            return Answer(404, {"message": "Not Found", "documentation_url": ""})
        if found.status == 200:
            if not path.startswith("/repositories/"):  # where redirects lead, and nobody else goes
                self.problems += self.description.faults(path, asked.query, found.body)
            etag = '"' + hashlib.sha256(json.dumps(found.body).encode()).hexdigest() + '"'
            found.headers["ETag"] = etag
            if asked.etag == etag:
                return Answer(304, None, found.headers)
        return found

    def _graphql(self, asked: Asked, sees: Callable[[str], bool]) -> Answer:
        if asked.path != "/api/graphql":
            return Answer(404, {"message": "Not Found"})
        return Answer(200, execute(self, asked.body["query"], asked.body["variables"], sees))

    def _as_app(self, asked: Asked) -> Answer:
        try:
            claims = jwt.decode(asked.token, self.public_key or "", algorithms=["RS256"])
        except jwt.PyJWTError:
            return Answer(401, {"message": "A JSON web token could not be decoded"})
        if claims["iss"] != APP:
            return Answer(401, {"message": "Integration not found"})
        parts = asked.path.removeprefix(self.prefix).split("/")
        if parts[-1] == "access_tokens":
            return self._issue(int(parts[3]))
        # Not checked: the description wants an account to be a user and an enterprise at once.
        return Answer(200, [self._installation(number) for number in sorted(self.installations)])

    def _issue(self, number: int) -> Answer:
        login = self.installations[number]
        self.issued += 1
        token = f"ghs_canary{number}x{self.issued}"
        self.tokens[token] = lambda full_name: full_name.split("/")[0] == login
        until = (datetime.now(UTC) + self.token_life).isoformat()
        return Answer(
            201, {"token": token, "expires_at": until, "permissions": {"contents": "read"}}
        )

    def _installation(self, number: int) -> dict[str, Any]:
        one: dict[str, Any] = self.description.example("base-installation-items")[0]
        account = self.world.accounts[self.installations[number]]
        one["id"] = number
        one["account"] |= {"login": account.login, "id": account.number, "type": account.kind}
        one["target_type"], one["suspended_at"] = account.kind, None
        return one


def _handler(server: GithubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _do(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            token = self.headers.get("Authorization", "").rpartition(" ")[2]
            etag = self.headers.get("If-None-Match")
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), body, token, etag)
            found = server.serve(asked)
            status = found.status if found else 0
            server.requests.append(Asked(**{**asked.__dict__, "status": status}))
            if found is None:
                self.close_connection = True
                self.connection.close()
                return
            self._send(found)

        def _send(self, found: Answer) -> None:
            body = b"" if found.body is None else json.dumps(found.body).encode()
            headers = {
                "Content-Type": "application/json; charset=utf-8",
                "Content-Length": str(len(body)),
                "X-RateLimit-Limit": "5000",
                "X-RateLimit-Remaining": "4999",
                "X-RateLimit-Reset": str(int(time.time()) + 3600),
                **found.headers,
            }
            if server.release:
                headers["X-GitHub-Enterprise-Version"] = server.release
            self.send_response(found.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:  # the names that http.server wants
            self._do()

        def do_POST(self) -> None:
            self._do()

        def log_message(self, *_: object) -> None:
            """Say nothing: `requests` is the log."""

    return Handler
