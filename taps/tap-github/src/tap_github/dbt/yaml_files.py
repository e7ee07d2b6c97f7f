"""What stands in a dbt project's YAML: the project itself, its sources, and settings of models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

Settings = dict[str, str]
SETTINGS = ("alias", "database", "enabled", "materialized", "schema", "target_database",
            "target_schema")  # fmt: skip
"""Settings that decide what a model is called in the warehouse."""
OTHER_WORDS = {"project": "database", "dataset": "schema", "catalog": "database"}
"""What adapters call database and schema."""
DEFAULT_PATHS = {"models": ["models"], "seeds": ["seeds"], "snapshots": ["snapshots"]}


class Project(NamedTuple):
    """A dbt_project.yml."""

    name: str = ""
    variables: dict[str, str] = {}  # never changed
    trees: dict[str, Any] = {}
    """Settings by folder, for models, seeds and snapshots."""
    paths: dict[str, list[str]] = DEFAULT_PATHS
    """The folders of models, seeds and snapshots."""


class Source(NamedTuple):
    """A table that a project reads but does not make."""

    database: str | None
    schema: str | None
    table: str


class Described(NamedTuple):
    """What one YAML file says."""

    sources: dict[tuple[str, str], Source]
    settings: dict[str, Settings]
    """By name of model, seed or snapshot."""


def project(text: str) -> Project:
    """A project; an empty one where the text is none."""
    whole = _mapping(load(text))
    name = _text(whole.get("name")) or ""
    return Project(
        name=name,
        variables=_variables(_mapping(whole.get("vars")), name),
        trees={kind: _mapping(whole.get(kind)) for kind in DEFAULT_PATHS},
        paths={
            "models": _paths(whole, "model-paths", "source-paths", "models"),
            "seeds": _paths(whole, "seed-paths", "data-paths", "seeds"),
            "snapshots": _paths(whole, "snapshot-paths", "snapshot-paths", "snapshots"),
        },
    )


def described(text: str) -> Described:
    """What a file of sources and models says."""
    whole = _mapping(load(text))
    settings: dict[str, Settings] = {}
    for kind in DEFAULT_PATHS:
        for one in _mappings(whole.get(kind)):
            name = _text(one.get("name"))
            if name:
                settings[name] = settings_of(_mapping(one.get("config")))
    return Described(dict(_sources(whole)), settings)


def settings_of(given: dict[Any, Any]) -> Settings:
    """The settings that matter, by the names that dbt's own documentation uses."""
    found: Settings = {}
    for key, value in given.items():
        bare = str(key).removeprefix("+")
        name = OTHER_WORDS.get(bare, bare)
        text = _text(value)
        if name in SETTINGS and text is not None:
            found[name] = text
    return found


def load(text: str) -> Any:
    """The YAML of a stranger, without its own types; None where it is none."""
    try:
        return yaml.load(text, Loader)  # a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _sources(whole: dict[Any, Any]) -> Iterator[tuple[tuple[str, str], Source]]:
    for source in _mappings(whole.get("sources")):
        name = _text(source.get("name"))
        if not name:
            continue
        settings = settings_of(_mapping(source.get("config"))) | settings_of(source)
        for table in _mappings(source.get("tables")):
            table_name = _text(table.get("name"))
            if table_name:
                yield (
                    (name, table_name),
                    Source(
                        database=settings.get("database"),
                        schema=settings.get("schema", name),
                        table=_text(table.get("identifier")) or table_name,
                    ),
                )


def _variables(given: dict[Any, Any], name: str) -> dict[str, str]:
    """Variables of the project: those of all, and its own."""
    own = {**given, **_mapping(given.get(name))}
    return {str(key): text for key, value in own.items() if (text := _text(value)) is not None}


def _paths(whole: dict[Any, Any], key: str, old_key: str, default: str) -> list[str]:
    given = whole.get(key) or whole.get(old_key)
    if not isinstance(given, list):
        return [default]
    return [path.strip("/") for path in given if isinstance(path, str)]


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[dict[Any, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None
