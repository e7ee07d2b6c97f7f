"""The GitHub of one run: who may ask, and what of it is to be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from github import Auth, Github, GithubException, GithubIntegration

from songbook.errors import ConfigError, ConnectionFailed, SongbookError
from songbook.http import Cache, Patience
from tap_github.access import Access
from tap_github.address import Address, address
from tap_github.config import Config
from tap_github.faults import FAILURES, UNAUTHORIZED, explained, message

TIMEOUT = 60
"""Seconds without a byte after which an answer is given up; GitHub itself ends one after ten."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One account that has let the App in."""

    account: str
    kind: str
    """Organization or User."""
    access: Access


@dataclass(frozen=True, slots=True)
class Client:
    """An open GitHub."""

    config: Config
    address: Address
    accesses: tuple[Access, ...]
    installations: tuple[Installation, ...] = ()
    """Those of the App; none for a token."""

    @property
    def namespace(self) -> str:
        """The root of all URNs."""
        return self.address.namespace

    @property
    def version(self) -> str | None:
        """The release of an Enterprise Server; None for github.com."""
        return next((one.server_version for one in self.accesses if one.server_version), None)

    def access_to(self, owner: str) -> Access:
        """The credentials for what an account owns."""
        for one in self.installations:
            if one.account.lower() == owner.lower():
                return one.access
        return self.accesses[0]


@contextmanager
def connect(config: Config) -> Iterator[Client]:
    """Log in; raises ConnectionFailed when GitHub can't be reached or refuses the credentials."""
    patience, cache = Patience(config.max_wait_seconds), Cache(config.cache_dir)
    where = address(config.base_url, config.namespace)
    with ExitStack() as stack:
        if config.token is not None:
            access = Access(lambda: _github(config, where, _token(config)), patience, cache)
            stack.callback(access.close)
            _ask_for_nothing(access)
            yield Client(config, where, (access,))
            return
        installed = tuple(_installations(config, where, patience, cache, stack))
        yield Client(config, where, tuple(one.access for one in installed), installed)


def _token(config: Config) -> Auth.Auth:
    return Auth.Token(config.token.get_secret_value() if config.token else "")


def _ask_for_nothing(access: Access) -> None:
    """Have the credentials checked by the smallest answer that there is."""
    try:
        access.get("/")
    except FAILURES as error:
        raise _unreachable(error) from None


def _unreachable(error: Exception) -> SongbookError:
    """No way in, whatever the reason: a token that GitHub does not know is one, too."""
    found = explained(error, "the API")
    if isinstance(error, GithubException) and error.status != UNAUTHORIZED:
        return ConnectionFailed(
            f"The API answered {error.status}: {message(error)}.",
            hint="Check `base_url`: on an Enterprise Server it ends in /api/v3.",
        )
    return found


def _github(config: Config, where: Address, auth: Auth.Auth) -> Github:
    return Github(auth=auth, **_transport(config, where))


def _transport(config: Config, where: Address) -> dict[str, Any]:
    """How PyGithub talks; it never waits by itself: Access does, within the budget of the run."""
    return {
        "base_url": where.api,
        "timeout": TIMEOUT,
        "user_agent": f"songbook-tap-github/{metadata.version('songbook-tap-github')}",
        "verify": config.ca_file or True,
        "retry": None,
        "seconds_between_requests": 0,
        "seconds_between_writes": 0,  # it would take GraphQL queries for writes
    }


def _installations(
    config: Config, where: Address, patience: Patience, cache: Cache, stack: ExitStack
) -> Iterator[Installation]:
    """The App's installations that are chosen; raises ConfigError when there are none."""
    app = _app(config)
    integration = GithubIntegration(auth=app, **_transport(config, where))
    stack.callback(integration.close)
    listed = list(_listed(Access(lambda: integration, patience, cache)))
    chosen = [one for one in listed if one["id"] in (config.installations or [one["id"]])]
    usable = [one for one in chosen if not one.get("suspended_at")]
    if not usable:
        raise ConfigError(
            f"None of the App's {len(listed)} installations can be read.",
            hint="Install it in the organisation, or check `installations`.",
        )
    for one in usable:

        def open_(number: int = one["id"]) -> Github:
            return _github(config, where, app.get_installation_auth(number))

        access = Access(open_, patience, cache, renews=True)
        stack.callback(access.close)
        yield Installation(one["account"]["login"], one["target_type"], access)


def _app(config: Config) -> Auth.AppAuth:
    key = config.private_key.get_secret_value() if config.private_key else ""
    try:
        app = Auth.AppAuth(config.app_id or "", key)
        app.create_jwt()
    except Exception:  # noqa: BLE001  # whatever the library of keys raises may quote the key
        raise ConfigError(
            "The setting `private_key` holds no RSA key in PEM form.",
            hint="Give the whole file that GitHub made for the App: ${file:/path}.",
        ) from None
    return app


def _listed(access: Access) -> Iterator[dict[str, Any]]:
    try:
        yield from access.pages("/app/installations")
    except FAILURES as error:
        raise _unreachable(error) from None
