"""The target's settings."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from songbook.errors import ConfigError

PREFIX = "TARGET_CATALOG_"
SDK_SETTINGS = {
    "add_record_metadata", "batch_config", "batch_size_rows", "faker_config", "flattening_enabled",
    "flattening_max_depth", "flattening_max_key_length", "flattening_separator", "load_method",
    "stream_map_config", "stream_maps", "validate_records",
}  # fmt: skip
"""Settings of every target made with singer_sdk; those that map records are obeyed."""
MAPPING_SETTINGS = {"stream_maps", "flattening_enabled"}


class Config(BaseModel):
    """Where the catalog lives, whose rows these are, and what to do when something is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
        "person accepts them; a few may always go.",
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


def load(sources: Iterable[str], environment: Mapping[str, str]) -> tuple[Config, dict[str, Any]]:
    """The settings from files and, for `ENV`, the environment; and those of the SDK apart."""
    values: dict[str, Any] = {}
    for source in sources:
        values |= _from_environment(environment) if source == "ENV" else _from_file(Path(source))
    return parse(values, environment)


def parse(
    values: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> tuple[Config, dict[str, Any]]:
    """The settings from a mapping, and those of the SDK apart; raises ConfigError."""
    own = {name: value for name, value in values.items() if name not in SDK_SETTINGS}
    _refuse_unknown(own)
    if not own.get("database_url"):
        own["database_url"] = (
            environment.get(f"{PREFIX}DATABASE_URL") or environment.get("DATABASE_URL") or None
        )
    try:
        config = Config.model_validate(own)
    except ValidationError as error:
        raise ConfigError(_explained(error)) from None
    return config, {name: value for name, value in values.items() if name in SDK_SETTINGS}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that TARGET_CATALOG_<SETTING> names; those of structure are JSON."""
    known = {*Config.model_fields, *SDK_SETTINGS}
    named = {
        name: environment[f"{PREFIX}{name.upper()}"]
        for name in sorted(known)
        if f"{PREFIX}{name.upper()}" in environment
    }
    return {
        name: _json(value, f"{PREFIX}{name.upper()}") if name in SDK_SETTINGS else value
        for name, value in named.items()
    }


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise ConfigError(
            f"Can't read the settings in {path}: {reason}.",
            hint="Give --config a JSON file, or ENV for the environment.",
        ) from None
    values = _json(text, str(path))
    if not isinstance(values, dict):
        raise ConfigError(
            f"The settings in {path} are not an object.",
            hint='It begins with "{" and ends with "}".',
        )
    return values


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"{where} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
            hint="Check quotes and commas there.",
        ) from None


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in Config.model_fields:
            near = difflib.get_close_matches(name, Config.model_fields, n=1, cutoff=0.5)
            known = ", ".join(sorted(Config.model_fields))
            raise ConfigError(
                f"Unknown setting {name!r}.",
                hint=f"Did you mean {near[0]!r}?" if near else f"The settings are: {known}.",
            )


def _explained(error: ValidationError) -> str:
    """pydantic's findings without the values, which may be secret."""
    return " ".join(
        f"Setting {'.'.join(map(str, fault['loc']))!r}: {fault['msg']}."
        for fault in error.errors(include_input=False, include_url=False)
    )


def json_schema() -> dict[str, Any]:
    """The settings as JSON Schema, secrets marked as singer_sdk and Meltano look for them."""
    schema = Config.model_json_schema()
    schema["properties"]["database_url"] |= {"secret": True}
    return schema
