"""A made-up BI product with a paged JSON API, and its tap; run as a script, it is that tap."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from songbook import Check, Connector, Evidence, Gap, Request, Settings, stream, urn
from songbook.cli import run_tap
from songbook.connector import Item
from songbook.errors import ConnectionFailed, PermissionMissing, SourceError
from songbook.identifiers import POSTGRES
from songbook.records import Chart, Container, Dashboard, Diagnostic, Lineage, Liveness

if TYPE_CHECKING:
    from songbook.testing import JsonApi  # imports pytest, which a tap would not

NAMESPACE = "boards://example"


class Config(Settings):
    """How to reach a site of Boards."""

    also_known_as: ClassVar[dict[str, str]] = {"server": "base_url"}
    base_url: str = Field(description="Address of the site.")
    token: SecretStr = Field(description="A personal token.")


class Site:
    """The API, one request at a time."""

    def __init__(self, config: Config, http: HTTPConnection) -> None:
        self.config, self._http = config, http
        self.namespace = config.namespace or NAMESPACE

    def pages(self, kind: str) -> Iterator[dict[str, Any]]:
        """The pages of a list."""
        number = 1
        while number:
            page = self.get(f"/{kind}?page={number}")
            yield page
            number = page.get("next") or 0

    def get(self, path: str) -> dict[str, Any]:
        """One answer; raises the error that its status means."""
        try:
            self._http.request("GET", path, headers={"Authorization": self._authorization()})
            answer = self._http.getresponse()
            body = answer.read()
        except OSError as error:
            raise ConnectionFailed(f"Can't reach the site: {error}") from None
        if answer.status == 403:
            raise PermissionMissing(f"The token may not read {path}.", hint="Grant it to Viewer.")
        if answer.status != 200:
            raise SourceError(f"{path} answered {answer.status}.")
        page: dict[str, Any] = json.loads(body)
        return page

    def _authorization(self) -> str:
        return f"Bearer {self.config.token.get_secret_value()}"


@contextmanager
def connect(config: Config) -> Iterator[Site]:
    http = HTTPConnection(urlsplit(config.base_url).netloc, timeout=5)
    site = Site(config, http)
    try:
        site.get("/")
        yield site
    finally:
        http.close()


@stream(Container)
def folders(site: Site, request: Request) -> Iterator[Item]:
    for page in site.pages("folders"):
        for name in page["items"]:
            path = urn.join(site.namespace, [name])
            yield Container(urn=path, name=name, container_type="folder")


@stream(Dashboard, Chart, Lineage, changed_at="altered_at")
def dashboards(site: Site, request: Request) -> Iterator[Item]:
    """A dashboard comes with its tiles, and each tile says which table it reads."""
    since = request.since.get("dashboards")
    for page in site.pages("dashboards"):
        if hidden := page.get("hidden"):
            yield Gap("denied", _hidden(site, hidden))
        if page.get("without_counts"):
            yield Gap(None, _no_counts(site), unread_fields=("view_count",))
        for item in page["items"]:
            yield from _dashboard(site, item, since)


def _dashboard(site: Site, item: dict[str, Any], since: datetime | None) -> Iterator[Item]:
    own = urn.join(site.namespace, [item["folder"], item["name"]])
    changed = datetime.fromisoformat(item["changed"])
    if since is not None and changed <= since:
        yield Liveness(stream="dashboards", urn=own)
        return
    yield Dashboard(
        urn=own,
        name=item["name"],
        dashboard_type="dashboard",
        container_urn=urn.join(site.namespace, [item["folder"]]),
        altered_at=changed,
        view_count=item.get("views"),
    )
    for name, table in item["tiles"].items():
        chart = urn.join(site.namespace, [item["folder"], item["name"], name])
        yield Chart(urn=chart, name=name, dashboard_urn=own)
        yield _edge(chart, table)


def _edge(chart: str, table: str) -> Lineage:
    digest = hashlib.sha256(f"{chart} {table}".encode()).hexdigest()[:32]
    return Lineage(
        lineage_id=digest,
        asserted_by=chart,
        downstream_urn=chart,
        upstream_urn=table,
        granularity="table",
        origin="native",
    )


def _hidden(site: Site, count: int) -> Diagnostic:
    return Diagnostic(
        code="BOARDS_HIDDEN",
        stream="dashboards",
        scope_urn=site.namespace,
        severity="error",
        title="Some dashboards are hidden.",
        count=count,
    )


def _no_counts(site: Site) -> Diagnostic:
    return Diagnostic(
        code="BOARDS_NO_COUNTS",
        stream="dashboards",
        scope_urn=site.namespace,
        severity="info",
        title="View counts are off.",
    )


def _ping(site: Site) -> Evidence:
    site.get("/")
    return Evidence("The site answers.", "GET /")


connector = Connector(
    name="boards",
    title="Boards",
    config=Config,
    connect=connect,
    streams=(folders, dashboards),
    identifiers=POSTGRES,
    levels=("folder", "dashboard", "chart"),
    checks=(Check("ping", _ping, quick=True),),
    aliases=("dashing",),
)


def sample(api: JsonApi) -> None:
    """Let an API answer with two folders and, on two pages, three dashboards."""
    table = "postgres://db.example:5432/app/public/orders"
    first = {"folder": "sales", "name": "Orders", "changed": "2026-01-01T00:00:00+00:00"}
    second = {"folder": "sales", "name": "Re.turns", "changed": "2026-01-02T00:00:00+00:00"}
    third = {"folder": "ops", "name": "Load", "changed": "2026-01-03T00:00:00+00:00"}
    api.requests.clear()
    api.answers = {
        "/": {},
        "/folders?page=1": {"items": ["sales"], "next": 2},
        "/folders?page=2": {"items": ["ops"]},
        "/dashboards?page=1": {
            "items": [
                first | {"tiles": {"by day": table, "by shop": table}, "views": 7},
                second | {"tiles": {"all": table}},
            ],
            "next": 2,
        },
        "/dashboards?page=2": {"items": [third | {"tiles": {}}]},
    }


if __name__ == "__main__":
    run_tap(connector)
