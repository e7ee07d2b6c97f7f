"""The target's settings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from songbook import settings

PREFIX = "TARGET_CATALOG_"
MAPPING_SETTINGS = {"stream_maps", "flattening_enabled"}
"""Settings of singer_sdk that change records on their way."""


class Config(BaseModel):
    """Where the catalog lives, whose rows these are, and what to do when something is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr | None = Field(
        None,
        title="Database URL",
        description="libpq URL of the catalog's database; environment DATABASE_URL. Without one, "
        "a private server is started in the user's data folder.",
        examples=["postgresql://loader@db.example.com:5432/catalog"],
    )
    organization: str = Field(
        "default",
        min_length=1,
        description="Name or id of the organisation that the rows belong to.",
    )
    connector: str | None = Field(
        None,
        min_length=1,
        description="Name or id of the connector that the rows belong to; by default the tap "
        "and the namespace that it read.",
    )
    on_invalid: Literal["fail", "skip", "quarantine"] = Field(
        "fail",
        description="What to do with a record that breaks its schema: end the run, leave it out, "
        "or keep it in catalog.quarantine with the reason.",
    )
    max_removed_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Removals of more than this share of a connector's objects are held until a "
        "person accepts them; up to 20 may always go.",
    )
    history_months: int = Field(
        24, ge=1, description="For how many months the change feed and removed rows are kept."
    )
    run_id: UUID | None = Field(
        None, description="Id of the run, where something else gives them out."
    )
    attempt: int = Field(
        1, ge=1, description="Which attempt at that run this is; older ones are shut out."
    )

    @field_validator("database_url")
    @classmethod
    def _url_is_encoded(cls, url: SecretStr | None) -> SecretStr | None:
        """Refuse a URL that libpq would cut inside the password, and show a part of it."""
        _, scheme_ends, rest = (url.get_secret_value() if url else "").partition("://")
        authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
        if scheme_ends and (authority.count("@") > 1 or "@" in rest.removeprefix(authority)):
            raise ValueError("write @ : / ? # in the password as %40 %3A %2F %3F %23")
        return url


def load(sources: Iterable[str]) -> tuple[Config, dict[str, Any]]:
    """The settings from files and, for `ENV`, the environment; and those of the SDK apart."""
    return parse(settings.read(sources, prefix=PREFIX, model=Config))


def parse(
    values: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> tuple[Config, dict[str, Any]]:
    """The settings from a mapping, and those of the SDK apart; raises ConfigError."""
    url = environment.get(f"{PREFIX}DATABASE_URL") or environment.get("DATABASE_URL")
    given = {"database_url": url, **values} if url else values
    sdk = {name: value for name, value in values.items() if name in settings.SDK_SETTINGS}
    return settings.validate(Config, given, ambient=settings.ambient()), sdk


def secrets(config: Config) -> Iterator[str]:
    """The URL of the database, and the password in it."""
    from target_catalog.database import password_of

    if config.database_url is not None:
        url = config.database_url.get_secret_value()
        yield from (url, password_of(url))
