"""What dbt calls the tables that a project's models, seeds and snapshots make
(https://docs.getdbt.com/docs/build/custom-schemas)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tap_github.config import Warehouse
from tap_github.dbt.jinja import Call
from tap_github.dbt.yaml_files import Project, Settings, Source, settings_of
from tap_github.tables import Relation, folded

NAMING_MACROS = re.compile(r"\bmacro\s+(\w+__)?generate_(schema|database|alias)_name\s*\(")
"""A project with such a macro names its tables in its own way, which only running it would tell."""

_TEMPLATE = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Model:
    """A file that makes a table: a model, seed or snapshot."""

    path: str
    """In the project."""
    name: str
    kind: str
    """models, seeds or snapshots."""
    calls: Sequence[Call] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """What decides how tables are called."""

    project: Project
    warehouse: Warehouse
    described: Mapping[str, Settings]
    has_macros: bool
    """Whether the project has a macro for names."""


class Untold(Exception):
    """Only running the project would tell the name."""


def relation(model: Model, naming: Naming) -> Relation | None:
    """The table of a model; None for one that makes none, or one whose name can't be told."""
    try:
        settings = _settings(model, naming)
        if settings.get("materialized") == "ephemeral":
            return None
        if naming.has_macros and not settings.keys().isdisjoint(("alias", "database", "schema")):
            return None
        alias = settings.get("alias") or _default_alias(model.name)
        database = settings.get("database")
        if model.kind == "snapshots":
            database = settings.get("target_database", database)
        return _stored(database, _schema(model, settings, naming), alias, naming)
    except Untold:
        return None


def source_relation(source: Source, naming: Naming) -> Relation | None:
    """The table of a source; None when its name can't be told."""
    try:
        return _stored(source.database, source.schema, source.table, naming)
    except Untold:
        return None


def _stored(database: str | None, schema: str | None, table: str, naming: Naming) -> Relation:
    """A name as the warehouse stores it."""
    platform = naming.warehouse.platform
    names = [value and folded(platform, _filled(value, naming)) for value in (database, schema)]
    return Relation(names[0], names[1], folded(platform, _filled(table, naming)) or table)


def is_enabled(model: Model, naming: Naming) -> bool:
    """Whether dbt looks at the model at all."""
    try:
        return _settings(model, naming).get("enabled") != "false"
    except Untold:
        return True


def _settings(model: Model, naming: Naming) -> Settings:
    """A model's settings: its own win over those of YAML files, and these over the project's."""
    own: dict[str, Any] = {}
    for call in model.calls:
        if call.name == "config":
            own |= call.options
    settings = {**_of_folders(model, naming.project), **naming.described.get(model.name, {})}
    for name, value in own.items():
        found = settings_of({name: "" if value is None else value})
        if found and value is None:
            raise Untold
        settings |= found
    return settings


def _of_folders(model: Model, project: Project) -> Settings:
    """The settings of the folders that a model lies in, from the outermost."""
    tree = project.trees.get(model.kind, {})
    inside = next(
        (
            model.path.removeprefix(f"{folder}/")
            for folder in project.paths[model.kind]
            if model.path.startswith(f"{folder}/")
        ),
        model.path,
    )
    settings: Settings = {}
    for name in (None, project.name, *inside.rpartition("/")[0].split("/"), model.name):
        if name:
            below = tree.get(name)
            if not isinstance(below, dict):
                continue
            tree = below
        settings |= settings_of({k: v for k, v in tree.items() if not isinstance(v, dict)})
    return settings


def _schema(model: Model, settings: Settings, naming: Naming) -> str | None:
    """dbt puts a custom schema behind the connection's; a snapshot's target schema is meant as it
    is."""
    usual = naming.warehouse.schema_name
    if model.kind == "snapshots" and "target_schema" in settings:
        return settings["target_schema"]
    custom = settings.get("schema")
    if custom is None:
        return usual
    if usual is None:
        raise Untold
    return f"{usual}_{custom.strip()}"


def _default_alias(name: str) -> str:
    """A version of a model, `orders.v2`, is the table `orders_v2`."""
    return name.replace(".", "_")


def _filled(text: str, naming: Naming) -> str:
    """A setting with what stands in its braces, where that needs no running."""
    if len(text) > LONGEST_NAME:
        raise Untold
    known = {
        "target.schema": naming.warehouse.schema_name,
        "target.dataset": naming.warehouse.schema_name,
        "target.database": naming.warehouse.database,
        "target.dbname": naming.warehouse.database,
        "target.project": naming.warehouse.database,
    }
    for variable, value in naming.project.variables.items():
        known |= {f"var('{variable}')": value, f'var("{variable}")': value}
    parts = _TEMPLATE.split(text)
    values = [known.get(part) if n % 2 else part for n, part in enumerate(parts)]
    if None in values:
        raise Untold
    return "".join(value for value in values if value is not None)
