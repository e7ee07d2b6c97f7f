"""Settings: read from files or the environment, checked by pydantic, explained to people."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from songbook import secrets, urn
from songbook.errors import ConfigError

SDK_SETTINGS = frozenset(
    {"add_record_metadata", "batch_config", "batch_size_rows", "faker_config",
     "flattening_enabled", "flattening_max_depth", "flattening_max_key_length",
     "flattening_separator", "load_method", "stream_map_config", "stream_maps", "validate_records"}
)  # fmt: skip
"""Settings of singer-sdk itself, which all its taps and targets take (https://sdk.meltano.com)."""


class Settings(BaseModel):
    """The settings that every tap has."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    also_known_as: ClassVar[Mapping[str, str]] = {}
    """Other names of settings, beside camelCase, which is always understood."""

    include: list[str] = Field(
        default=[],
        description="Patterns of what to read; everything when empty. Names joined by dots, "
        "`*` and `?` as wildcards, names in double quotes taken literally. A pattern covers all "
        "that lies below it.",
        examples=[["app.public", "*.sales.fact_*"]],
    )
    exclude: list[str] = Field(
        default=[],
        description="Patterns of what to leave out, in the same form; they win over `include`.",
        examples=[["app.staging", "*.*.tmp_*"]],
    )
    scopes: list[str] = Field(
        default=[],
        description="URNs to read; nothing outside is read or taken for gone. All when empty.",
    )
    namespace: str | None = Field(
        default=None,
        description="Fixes the root of all URNs, for a source that has several addresses.",
        examples=["postgres://db.example.com:5432"],
    )
    cache_dir: str | None = Field(
        default=None,
        description="Folder for caches that may be lost at any time; none are kept without it.",
    )

    @field_validator("scopes")
    @classmethod
    def _scopes_are_apart(cls, scopes: list[str]) -> list[str]:
        for one in scopes:
            urn.parse(one)
            if any(other != one and urn.is_within(other, one) for other in scopes):
                raise ValueError("a scope lies within another one")
        return list(dict.fromkeys(scopes))

    @field_validator("namespace")
    @classmethod
    def _namespace_is_a_root(cls, namespace: str | None) -> str | None:
        if namespace is not None and urn.parse(namespace).path:
            raise ValueError("a namespace is a scheme and an authority without a path")
        return namespace


AnyModel = TypeVar("AnyModel", bound=BaseModel)


def read(sources: Iterable[str], *, prefix: str, model: type[BaseModel]) -> dict[str, Any]:
    """Read settings from files, and from variables that begin with the prefix where a source is
    `ENV`.

    Later sources win. Raises ConfigError for a file that can't be read or is no JSON object.
    """
    settings: dict[str, Any] = {}
    for source in sources:
        settings |= _from_environment(prefix, model) if source == "ENV" else _from_file(source)
    return settings


def _from_file(path: str) -> dict[str, Any]:
    try:
        settings = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        json.dumps(settings, ensure_ascii=False).encode()  # half a character is no text
    except OSError as error:
        raise ConfigError(
            f"Can't read the settings in {path}: {error.strerror}.", hint="Check the path."
        ) from None
    except ValueError as error:
        hint = 'Write the settings as one JSON object, such as {"host": "db.example.com"}.'
        raise ConfigError(f"{path} is not JSON: {error}", hint=hint) from None
    if not isinstance(settings, dict):
        raise ConfigError(
            f"{path} holds no JSON object.", hint='Begin it with "{" and end it with "}".'
        )
    return settings


def _from_environment(prefix: str, model: type[BaseModel]) -> dict[str, Any]:
    names = (*model.model_fields, *sorted(SDK_SETTINGS))
    variables = {name: prefix + name.upper() for name in names}
    return {
        name: _parsed(os.environ[variable], whole=name in SDK_SETTINGS)
        for name, variable in variables.items()
        if variable in os.environ
    }


def _parsed(value: str, *, whole: bool) -> Any:
    """A list or object that stands in a variable as JSON; else the text itself.

    `whole`: numbers and truths too, in place of pydantic, which turns text into what a setting of
    ours is, and leaves a password of digits alone.
    """
    if whole and value.lower() in ("true", "false"):
        return value.lower() == "true"
    try:
        return json.loads(value) if whole or value[:1] in ("[", "{") else value
    except ValueError:
        return value


def validate(model: type[AnyModel], raw: Mapping[str, Any], *, ambient: bool = True) -> AnyModel:
    """Check settings and resolve the references to secrets in them; raises ConfigError that names
    each fault."""
    known = {name: value for name, value in raw.items() if name not in SDK_SETTINGS}
    renamed = {_own_name(model, name): value for name, value in known.items()}
    try:
        return model.model_validate(secrets.resolve_all(renamed, ambient=ambient))
    except ValidationError as error:
        raise ConfigError(_explained(error, model)) from None


def ambient() -> bool:
    """Whether the environment's own credentials and references may be used (SONGBOOK_AMBIENT is not
    0)."""
    return os.environ.get("SONGBOOK_AMBIENT", "1") != "0"


def secret_values(value: Any) -> Iterator[str]:
    """The values that must never be shown, at any depth of the settings."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        yield from secret_values([inner for _, inner in value])
    elif isinstance(value, Mapping):
        yield from secret_values(list(value.values()))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secret_values(inner)


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of the settings; secrets are marked as pydantic and as Meltano do it.

    A default of null is left out: singer-sdk would fill it in and look for a group's settings in
    it.
    """
    schema = model.model_json_schema()
    for definition in (schema, *schema.get("$defs", {}).values()):
        for spec in definition.get("properties", {}).values():
            if spec.get("default", ...) is None:
                del spec["default"]
            for choice in (spec, *spec.get("anyOf", ())):
                if choice.get("format") == "password":
                    spec |= {"secret": True, "writeOnly": True, "format": "password"}
    return schema


def _own_name(model: type[BaseModel], name: str) -> str:
    """The setting that is meant by a camelCase name or another name for it."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    aliases: Mapping[str, str] = getattr(model, "also_known_as", {})
    return name if name in model.model_fields else aliases.get(snake, snake)


def _explained(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with each setting; values are never shown, since they may be secret."""
    return " ".join(
        _one_fault(fault, model) for fault in error.errors(include_input=False, include_url=False)
    )


def _one_fault(fault: Any, model: type[BaseModel]) -> str:
    name = ".".join(str(part) for part in fault["loc"]) or "settings"
    if fault["type"] == "missing":
        return f"The setting {name!r} is missing."
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, model.model_fields, n=1)
        return f"Unknown setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else ".")
    return f"The setting {name!r} is wrong: {fault['msg']}."
