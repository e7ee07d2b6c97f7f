"""Ways in: tokens, Apps, Enterprise Servers with certificates of their own."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from github_runs import NAMESPACE, read, settings
from github_server import APP, TOKEN, Asked, Fault, GithubServer, rest
from octokit import have_descriptions
from shop_code import shop

from songbook.browse import browse
from songbook.checks import check
from songbook.errors import ConfigError, ConnectionFailed
from tap_github import connector
from tap_github.address import Address, address

RELEASE = "3.19.0"


def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, traditional, none).decode()


def certificate(key: rsa.RSAPrivateKey) -> bytes:
    """Of 127.0.0.1, by itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def enterprise(tmp_path: Path) -> Iterator[GithubServer]:
    """An Enterprise Server behind TLS."""
    have_descriptions()
    key = private_key()
    (tmp_path / "key.pem").write_text(pem(key))
    (tmp_path / "ca.pem").write_bytes(certificate(key))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "ca.pem", tmp_path / "key.pem")
    with GithubServer(shop(), release=RELEASE, tls=tls) as running:
        yield running
    assert running.problems == []


@pytest.fixture
def app(server: GithubServer) -> dict[str, Any]:
    """Settings of an App that two organisations have let in."""
    key = private_key()
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    server.public_key = public.decode()
    server.world.account("globex")
    server.world.repo("globex/plant", {"a.sql": "SELECT 1"})
    server.installations = {7: "acme", 8: "globex"}
    given = settings(server, token=None, organizations=None)
    return {**given, "app_id": APP, "private_key": pem(key)}


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.github.com", Address("https://api.github.com", "github://github.com")),
        ("https://github.com", Address("https://api.github.com", "github://github.com")),
        ("https://acme.ghe.com", Address("https://api.acme.ghe.com", "github://acme.ghe.com")),
        ("https://api.acme.ghe.com", Address("https://api.acme.ghe.com", "github://acme.ghe.com")),
        (
            "https://git.example.com",
            Address("https://git.example.com/api/v3", "github://git.example.com"),
        ),
        (
            "http://git.example.com:8080/gateway/api/v3",
            Address("http://git.example.com:8080/gateway/api/v3", "github://git.example.com:8080"),
        ),
    ],
)
def test_addresses(base_url: str, expected: Address) -> None:
    assert address(base_url) == expected
    assert address(base_url, "github://fixed").namespace == "github://fixed"


def test_an_enterprise_server_with_its_own_authority(
    enterprise: GithubServer, server: GithubServer, tmp_path: Path
) -> None:
    config = settings(enterprise, ca_file=str(tmp_path / "ca.pem"))
    run = read(config)
    assert run.is_complete
    assert run.one("systems")["version"] == RELEASE
    cloud = read(settings(server))
    assert [one["urn"] for one in run["files"]] == [one["urn"] for one in cloud["files"]]
    assert run["lineage"] == cloud["lineage"]


def test_an_unknown_authority_is_told_with_the_way_out(
    enterprise: GithubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with pytest.raises(ConnectionFailed, match="certificate is not trusted") as caught:
        read(settings(enterprise))
    assert "ca_file" in caught.value.hint


def test_an_app_reads_each_installation_with_its_own_token(
    server: GithubServer, app: dict[str, Any]
) -> None:
    run = read(app)
    assert run.is_complete
    assert {one["name"] for one in run["containers"]} == {"acme", "globex"}
    assert {one["urn"].removeprefix(NAMESPACE) for one in run["repositories"]} == {
        "/acme/shop", "/acme/empty", "/acme/site", "/globex/plant",
    }  # fmt: skip
    assert server.issued == 2
    used = {one.token: one.path for one in server.requests if "/repos/globex" in one.path}
    assert all(token.startswith("ghs_canary8") for token in used)


def test_an_unchanged_app_takes_ten_requests(server: GithubServer, app: dict[str, Any]) -> None:
    app["installations"] = [7]
    full = read(app)
    server.forget()
    assert read(app, full.state)["files"] == []
    assert len(server.requests) <= 10


def test_installations_can_be_chosen(server: GithubServer, app: dict[str, Any]) -> None:
    assert {one["name"] for one in read({**app, "installations": [8]})["repositories"]} == {"plant"}
    only = read({**app, "organizations": ["globex"]})
    assert {one["name"] for one in only["repositories"]} == {"plant"}
    with pytest.raises(ConfigError, match="None of the App's 2 installations"):
        read({**app, "installations": [9]})


def test_tokens_are_renewed_when_their_time_is_over(
    server: GithubServer, app: dict[str, Any]
) -> None:
    server.token_life = dt.timedelta(seconds=19)  # PyGithub renews 20 seconds before the end
    run = read(app)
    assert run.is_complete
    assert server.issued > 20


def test_a_token_that_ends_in_the_middle_is_renewed(
    server: GithubServer, app: dict[str, Any]
) -> None:
    def expires(asked: Asked) -> bool:
        if "/git/trees/" in asked.path and server.issued == 2:
            server.expire()
        return False

    server.faults.append(Fault(expires))
    run = read(app)
    assert run.is_complete
    assert server.issued == 4
    assert any(one.status == 401 for one in server.requests)


def test_a_wrong_key_is_told_without_showing_it(server: GithubServer, app: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="no RSA key") as caught:
        read({**app, "private_key": "-----BEGIN canary"})
    assert "canary" not in f"{caught.value}{caught.value.hint}"
    with pytest.raises(ConnectionFailed, match="refused the credentials"):
        read({**app, "private_key": pem(private_key())})


def test_users_and_single_repositories(server: GithubServer) -> None:
    world = server.world
    world.account("ada", kind="User")
    world.repo("ada/notes", {"a.sql": "SELECT 1"})
    world.repo("ada/public", {"b.sql": "SELECT 1"}, private=False)
    mine = read(settings(server, organizations=None, users=["ada"]))
    assert {one["name"] for one in mine["repositories"]} == {"notes", "public"}
    assert mine.one("containers")["container_type"] == "user"
    server.viewer = "grace"
    server.tokens[TOKEN] = lambda name: name != "ada/notes"
    others = read(settings(server, organizations=None, users=["ada"]))
    assert {one["name"] for one in others["repositories"]} == {"public"}
    named = read(settings(server, organizations=None, repositories="acme/shop"))
    assert {one["urn"] for one in named["repositories"]} == {f"{NAMESPACE}/acme/shop"}
    assert set(named.covered("repositories")) == {f"{NAMESPACE}/acme/shop"}
    everything = read(settings(server, organizations=None))
    assert {one["name"] for one in everything["containers"]} == {"acme", "ada"}


def test_branches_are_chosen_by_patterns(server: GithubServer) -> None:
    server.world.push("acme/shop", {"only.sql": "SELECT 'release'"}, branch="release/1")
    run = read(settings(server, branches=["main", "release/*"], include=["acme.shop"]))
    heads = run.one("repositories")["extra"]["heads"]
    assert set(heads) == {"main", "release/1"}
    found = {one["urn"] for one in run["files"] if one["name"] == "only.sql"}
    assert found == {f"{NAMESPACE}/acme/shop/release%2F1/only.sql"}
    shas = [one["sha"] for one in run["commits"]]
    assert len(shas) == len(set(shas))


def test_many_branches_are_all_seen(server: GithubServer) -> None:
    for number in range(120):
        server.world.repos["acme/shop"].branches[f"b{number:03}"] = server.world.repos[
            "acme/shop"
        ].branches["main"]
    run = read(settings(server, branches=["b119"]))
    assert set(run.one("repositories", name="shop")["extra"]["heads"]) == {"b119"}
    assert len([one for one in run["branches"] if "/shop/" in one["urn"]]) == 123


def test_the_check_says_what_it_found_and_what_is_missing(server: GithubServer) -> None:
    steps = {one.step: one for one in check(connector, settings(server))}
    assert [one.status for one in steps.values()] == ["passed"] * 5
    assert "3 repositories of acme, 2 of them not public" in steps["repositories"].summary
    server.faults.append(Fault(rest("/orgs/acme/repos"), 403, {"message": "Nope"}, times=5))
    failed = [one for one in check(connector, settings(server)) if one.status == "failed"]
    assert [one.step for one in failed] == ["repositories"]


def test_changed_tells_repositories_since_a_time(server: GithubServer) -> None:
    view = browse(connector, settings(server))
    since = server.world.repos["acme/shop"].pushed_at
    assert since is not None
    assert {one.name for one in view.changed(since)} == {"site"}  # type: ignore[attr-defined]
