"""Addresses: where a GitHub's API answers, and what the URNs of its things begin with."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

PUBLIC = "github.com"
RESIDENCY = ".ghe.com"
"""What hosts of Enterprise Cloud with data residency end in
(https://docs.github.com/enterprise-cloud@latest/admin/data-residency)."""


class Address(NamedTuple):
    """Where one GitHub is."""

    api: str
    """Base of the REST API."""
    namespace: str
    """Root of URNs."""


def address(base_url: str, namespace: str | None = None) -> Address:
    """The address that is meant by the URL of an API, or of the host that people open."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").removeprefix("api.")
    authority = host if parts.port is None else f"{host}:{parts.port}"
    root = namespace or f"github://{authority}"
    if host == PUBLIC or host.endswith(RESIDENCY):
        return Address(f"{parts.scheme}://api.{authority}", root)
    path = parts.path.rstrip("/") or "/api/v3"  # where an Enterprise Server has it
    return Address(f"{parts.scheme}://{parts.netloc}{path}", root)


def api_path(*segments: str | int) -> str:
    """The path of a REST call: names of strangers can't leave their segment."""
    return "/" + "/".join(quote(str(one), safe="") for one in segments)
