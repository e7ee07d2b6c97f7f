"""Temporary credentials: Amazon's driver asks an API of ours, and the session is the server's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from dressed import Dressed
from redshift_reading import Json, parsed, run

SECRET = "s3cret-of-aws-4711"  # nobody's

ANSWERS = {
    "GetClusterCredentialsWithIAM": "<DbUser>{user}</DbUser><DbPassword>{password}</DbPassword>"
    "<Expiration>2099-01-01T00:00:00Z</Expiration>",
    "GetClusterCredentials": "<DbUser>{user}</DbUser><DbPassword>{password}</DbPassword>"
    "<Expiration>2099-01-01T00:00:00Z</Expiration>",
    "DescribeClusters": "<Clusters><Cluster><Endpoint><Address>127.0.0.1</Address>"
    "<Port>{port}</Port></Endpoint></Cluster></Clusters>",
}
"""What AWS answers about clusters (https://docs.aws.amazon.com/redshift/latest/APIReference)."""


def _of_serverless(action: str, given: dict[str, object]) -> str:
    """What it answers about workgroups
    (https://docs.aws.amazon.com/redshift-serverless/latest/APIReference)."""
    if action == "GetWorkgroup":
        return json.dumps(
            {"workgroup": {"endpoint": {"address": "127.0.0.1", "port": given["port"]}}}
        )
    login = {"dbUser": given["user"], "dbPassword": given["password"], "expiration": 4070908800}
    return json.dumps(login)


@contextmanager
def aws(given: dict[str, object]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """An AWS API; gives its address and what it is asked."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            target = self.headers.get("X-Amz-Target")
            if target:
                action = target.partition(".")[2]
                asked.append({"Action": action, **json.loads(body)})
                text = _of_serverless(action, given)
            else:
                call = {name: values[0] for name, values in parse_qs(body).items()}
                asked.append(call)
                action = call["Action"]
                inner = ANSWERS[action].format(**given)
                text = (
                    f"<{action}Response><{action}Result>{inner}</{action}Result></{action}Response>"
                )
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1" if target else "text/xml")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def settings(endpoint: str, **more: object) -> Json:
    keys = {"access_key_id": "nobody", "secret_access_key": SECRET, "region": "eu-west-1"}
    return {"auth": {**keys, "endpoint_url": endpoint, **more}}


@pytest.fixture
def temporary(redshift: Dressed) -> Iterator[dict[str, object]]:
    """A user for an hour, in a database of its own."""
    database = redshift.create_database()
    with redshift.admin(database) as admin:
        admin.execute("CREATE USER \"rs temporary\" PASSWORD 'of an hour'")
    yield {
        "user": "rs temporary",
        "password": "of an hour",
        "port": redshift.port,
        "database": database,
    }
    with redshift.admin(database) as admin:
        admin.execute('DROP USER "rs temporary"')


@pytest.mark.parametrize("user", [None, "rs temporary"])
def test_a_cluster(temporary: dict[str, object], tmp_path: Path, user: str | None) -> None:
    with aws(temporary) as (endpoint, asked):
        config = settings(endpoint, cluster_identifier="shop")
        more = {"user": user} if user else {}
        done = run({**config, **more, "database": temporary["database"]}, tmp_path)
    assert done.returncode == 0, done.stderr
    (system,) = parsed(done.stdout)["systems"]
    assert system["namespace"] == f"redshift://127.0.0.1:{temporary['port']}"
    action = "GetClusterCredentials" if user else "GetClusterCredentialsWithIAM"
    assert [one["Action"] for one in asked] == [action, "DescribeClusters"]
    assert asked[0]["ClusterIdentifier"] == "shop"
    assert asked[0]["DbName"] == temporary["database"]
    assert asked[0].get("DbUser") == user
    assert SECRET not in done.stdout + done.stderr


def test_a_workgroup(temporary: dict[str, object], tmp_path: Path) -> None:
    with aws(temporary) as (endpoint, asked):
        config = settings(endpoint, workgroup="analytics")
        done = run({**config, "database": temporary["database"]}, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [(one["Action"], one["workgroupName"]) for one in asked] == [
        ("GetCredentials", "analytics"),
        ("GetWorkgroup", "analytics"),
    ]


def test_through_a_tunnel(temporary: dict[str, object], redshift: Dressed, tmp_path: Path) -> None:
    """With a host, AWS is asked for credentials only."""
    with aws({**temporary, "port": 1}) as (endpoint, asked):
        config = settings(endpoint, cluster_identifier="shop")
        where = {"host": redshift.host, "port": redshift.port, "database": temporary["database"]}
        done = run({**config, **where}, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [one["Action"] for one in asked] == ["GetClusterCredentialsWithIAM"]


def test_aws_says_no(tmp_path: Path) -> None:
    done = run(settings("http://127.0.0.1:1", cluster_identifier="shop"), tmp_path)
    assert done.returncode == 3
    assert "AWS gave no temporary credentials" in done.stderr
    assert "redshift:GetClusterCredentialsWithIAM" in done.stderr
    assert SECRET not in done.stderr
