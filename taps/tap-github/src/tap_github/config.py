"""How to reach GitHub, and what to read there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from songbook import Settings, urn

LISTS = ("organizations", "users", "repositories", "branches", "installations", "warehouses")
"""Settings that take one value in place of a list of one."""


class Warehouse(BaseModel):
    """Where the SQL of some repositories runs, so that its tables are found in the catalog."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    repository: str = Field(
        default="*", description="Pattern of the repositories, as owner/name.", examples=["acme/*"]
    )
    path: str = Field(
        default="*", description="Pattern of the files in them.", examples=["warehouse/*"]
    )
    platform: str = Field(description="The product: postgres, snowflake, bigquery ...")
    namespace: str | None = Field(
        default=None,
        description="The system's namespace in the catalog; with it, what files make is known too.",
        examples=["postgres://db.example.com:5432"],
    )
    database: str | None = Field(default=None, description="The database, or BigQuery project.")
    schema_name: str | None = Field(
        default=None, alias="schema", description="The schema, or BigQuery dataset."
    )

    @field_validator("namespace")
    @classmethod
    def _is_a_root(cls, namespace: str | None) -> str | None:
        if namespace is not None and urn.parse(namespace).path:
            raise ValueError("a namespace is a scheme and an authority without a path")
        return namespace


class Config(Settings):
    """How to reach github.com, a GitHub Enterprise Server or a data-residency host."""

    also_known_as: ClassVar[Mapping[str, str]] = {
        "access_token": "token",
        "auth_token": "token",
        "api_url": "base_url",
        "host": "base_url",
        "organization": "organizations",
        "org": "organizations",
        "user": "users",
        "repository": "repositories",
        "branch": "branches",
        "client_id": "app_id",
        "installation_id": "installations",
        "installation_ids": "installations",
        "ca_bundle": "ca_file",
    }

    base_url: str = Field(
        default="https://api.github.com",
        description="Address of the API, or just of the host: GitHub Enterprise Server and "
        "data-residency hosts are known by their addresses.",
        examples=["https://github.example.com/api/v3", "https://acme.ghe.com"],
    )
    ca_file: str | None = Field(
        default=None, description="File with the certificates of trusted authorities."
    )
    token: SecretStr | None = Field(
        default=None,
        description="A fine-grained or classic token, or a reference to it: ${env:NAME}.",
    )
    app_id: str | None = Field(
        default=None, description="A GitHub App's id or client id, in place of a token."
    )
    private_key: SecretStr | None = Field(
        default=None, description="The App's private key (PEM), or a reference: ${file:/path}."
    )
    installations: list[int] = Field(
        default=[], description="The App's installations to read with; all when empty."
    )
    organizations: list[str] = Field(
        default=[],
        description="Organisations to read. Without any of these three, all is read that the "
        "credentials can reach.",
        examples=[["acme"]],
    )
    users: list[str] = Field(default=[], description="Users whose own repositories are read.")
    repositories: list[str] = Field(
        default=[], description="Single repositories to read.", examples=[["acme/shop"]]
    )
    branches: list[str] = Field(
        default=[],
        description="Patterns of the branches whose files and commits are read; the default branch "
        "when empty.",
        examples=[["main", "release/*"]],
    )
    history_days: int = Field(
        default=90, ge=0, le=3660, description="How old commits and pull requests may be."
    )
    max_file_kb: int = Field(
        default=1024,
        ge=1,
        le=100 * 1024,
        description="Files above this size are listed without their content.",
    )
    max_wait_seconds: int = Field(
        default=900, ge=0, description="How long one run may wait for rate limits, all in all."
    )
    warehouses: list[Warehouse] = Field(
        default=[],
        description="Where the SQL of the repositories runs; the first that fits a file counts.",
    )

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, base_url: str) -> str:
        address = base_url if "://" in base_url else f"https://{base_url}"
        if not address.startswith(("https://", "http://")):
            raise ValueError("an address begins with https://")
        return address.rstrip("/")

    @field_validator("repositories")
    @classmethod
    def _are_full_names(cls, repositories: list[str]) -> list[str]:
        if any(len([part for part in name.split("/") if part]) != 2 for name in repositories):
            raise ValueError("a repository is written owner/name")
        return repositories

    @model_validator(mode="before")
    @classmethod
    def _one_is_a_list(cls, given: Any) -> Any:
        """One organisation, repository or branch need not be put in a list."""
        if not isinstance(given, dict):
            return given
        single = {
            name: [value]
            for name, value in given.items()
            if name in LISTS and isinstance(value, str | int | dict)
        }
        if isinstance(given.get("app_id"), int):  # the environment's settings are read as JSON
            single["app_id"] = str(given["app_id"])  # type: ignore[assignment]
        return {**given, **single}

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Config:
        if (self.app_id is None) != (self.private_key is None):
            raise ValueError("a GitHub App needs both `app_id` and `private_key`")
        if (self.token is None) == (self.app_id is None):
            raise ValueError("give either `token`, or `app_id` and `private_key`")
        return self
