"""One set of credentials at work: REST and GraphQL requests by PyGithub, sent with patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

from github import Github, GithubException, GithubIntegration, RateLimitExceededException
from github.Requester import Requester

from songbook.errors import ConnectionFailed, SourceError
from songbook.http import Cache, Patience, persist
from tap_github.faults import GATEWAY_TIMEOUT, UNAUTHORIZED, UNSTARTED, TimedOut, delay, is_limit

PER_PAGE = 100
"""The most items that GitHub puts on a page of most lists."""

TIMEOUT_MESSAGE = "Something went wrong while executing your query"
"""What GraphQL answers with status 200 when ten seconds were not enough."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class GraphqlAnswer(NamedTuple):
    """The data of a GraphQL query, and errors about parts of it."""

    data: dict[str, Any]
    errors: list[dict[str, Any]]


class Access:
    """What may be asked with one token, or as one installation of an App."""

    def __init__(
        self,
        open_: Callable[[], Github | GithubIntegration],
        patience: Patience,
        cache: Cache,
        *,
        renews: bool = False,
    ) -> None:
        self._open = open_
        self._renews = renews
        self._exhausted: ConnectionFailed | None = None
        """The limit that this run can't wait for: whoever goes on asking is shut out for longer."""
        self._github = open_()
        self._patience = patience
        self._cache = cache
        self.server_version: str | None = None
        """The release of an Enterprise Server, known from its answers."""

    def get(self, path: str, **parameters: Any) -> Any:
        """One JSON answer; raises GithubException for what can't be asked again."""
        return self._get(path, parameters)[1]

    def pages(self, path: str, *, inside: str | None = None, **parameters: Any) -> Iterator[Any]:
        """The items of a list, page by page; `inside` names the field that holds them.

        Pages that a former run has seen are asked for by their ETag: to confirm one is not counted
        against the rate limit.
        """
        asked = {"per_page": PER_PAGE, **parameters}
        while asked:
            headers, body = self._confirmed(path, asked)
            yield from body[inside] if inside else body
            following = _next(headers.get("link", ""))
            if following and following.items() <= {k: str(v) for k, v in asked.items()}.items():
                raise SourceError(f"The pages of {path} do not go on: it moved while it was read.")
            asked = following

    def _confirmed(self, path: str, parameters: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        key = f"{self._github.requester.base_url}{path}?{sorted(parameters.items())}"
        known = self._cache.read(key)
        sent = {"If-None-Match": known["etag"]} if known else {}
        headers, body = self._get(path, parameters, sent)
        if body is None and known:
            return known, known["body"]
        if etag := headers.get("etag"):
            kept = {"etag": etag, "link": headers.get("link", ""), "body": body}
            self._cache.write(key, kept)
        return headers, body

    def _get(
        self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Any], Any]:
        def send(requester: Requester) -> tuple[dict[str, Any], Any]:
            return requester.requestJsonAndCheck("GET", path, dict(parameters), dict(headers or {}))

        return self._persist(send)

    def graphql(self, query: str, variables: Mapping[str, Any]) -> GraphqlAnswer:
        """The answer to a query; raises TimedOut when it should ask for less."""

        def send(requester: Requester) -> tuple[dict[str, Any], Any]:
            request = {"query": query, "variables": dict(variables)}
            try:
                headers, body = requester.requestJsonAndCheck(
                    "POST", requester.graphql_url, input=request
                )
            except GithubException as error:
                if error.status in (UNSTARTED, GATEWAY_TIMEOUT):
                    raise TimedOut from error
                raise
            return headers, _graphql_answer(headers, body)

        answer: GraphqlAnswer = self._persist(send)[1]
        return answer

    def _persist(
        self, send: Callable[[Requester], tuple[dict[str, Any], Any]]
    ) -> tuple[dict[str, Any], Any]:
        def once() -> tuple[dict[str, Any], Any]:
            try:
                return send(self._github.requester)
            except GithubException as error:
                if error.status != UNAUTHORIZED or not self._renews:
                    raise
                # An installation's token may end before its time: the App gets another one.
                self.close()
                self._github = self._open()
                return send(self._github.requester)

        if self._exhausted is not None:
            raise self._exhausted
        try:
            headers, body = persist(once, delay, self._patience)
        except ConnectionFailed as error:
            cause = error.__context__
            self._exhausted = (
                error if isinstance(cause, GithubException) and is_limit(cause) else None
            )
            raise
        version = headers.get("x-github-enterprise-version")
        self.server_version = version.split("@")[-1] if version else self.server_version
        return headers, body

    def close(self) -> None:
        """Let go of the connections."""
        self._github.close()


def in_batches(
    ask: Callable[[Sequence[Item]], Iterator[Result]],
    items: Sequence[Item],
    hopeless: Callable[[Item], Result],
) -> Iterator[Result]:
    """Ask about all items at once; where that takes the server too long, about half of them.

    `hopeless` is the result for an item that alone is too much.
    """
    try:
        answers = list(ask(items))
    except TimedOut:
        if len(items) == 1:
            yield hopeless(items[0])
            return
        middle = len(items) // 2
        yield from in_batches(ask, items[:middle], hopeless)
        yield from in_batches(ask, items[middle:], hopeless)
        return
    yield from answers


def _graphql_answer(headers: dict[str, Any], body: Any) -> GraphqlAnswer:
    errors = body.get("errors") or []
    if any(one.get("type") == "RATE_LIMITED" for one in errors):
        raise RateLimitExceededException(403, {"message": "API rate limit exceeded"}, headers)
    if any(TIMEOUT_MESSAGE in str(one.get("message")) for one in errors):
        raise TimedOut
    data = body.get("data")
    if data is None:
        said = "; ".join(str(one.get("message")) for one in errors) or "no data"
        raise GithubException(400, {"message": f"GraphQL: {said}"}, headers)
    return GraphqlAnswer(data, errors)


def _next(link: str) -> dict[str, Any]:
    """The parameters of the next page; only those are taken, whatever host the link names."""
    for one in link.split(","):
        target, _, relation = one.partition(";")
        if 'rel="next"' in relation:
            return dict(parse_qsl(urlsplit(target.strip(" <>")).query))
    return {}
