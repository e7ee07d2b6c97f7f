"""GitHub's descriptions of its API: what may be asked, and what answers look like."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from graphql import GraphQLSchema, build_schema

PACKAGES = Path(__file__).parent / "node_modules" / "@octokit"
HOW_TO_GET = "Run: npm install --prefix taps/tap-github/tests --no-package-lock --ignore-scripts"


def have_descriptions() -> None:
    """Skip, or in CI fail, without the packages."""
    if not PACKAGES.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW_TO_GET)


@cache
def graphql_schema() -> GraphQLSchema:
    text = (PACKAGES / "graphql-schema" / "schema.graphql").read_text("utf-8")
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


@cache
def webhooks() -> dict[str, list[dict[str, Any]]]:
    """Example payloads by name of event."""
    found = json.loads((PACKAGES / "webhooks-examples" / "api.github.com/index.json").read_bytes())
    return {one["name"]: one["examples"] for one in found}


@cache
def description(name: str) -> Description:
    """The description of `api.github.com` or of an Enterprise Server, such as `ghes-3.19`."""
    return Description(
        json.loads((PACKAGES / "openapi" / "generated" / f"{name}.json").read_bytes())
    )


class Description:
    """One OpenAPI document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._paths = document["paths"]
        self._parameters = document["components"]["parameters"]
        self._examples = document["components"]["examples"]
        self._components = {"schemas": _nullable(document["components"]["schemas"])}
        self._routes = sorted(
            ((_route(path), path) for path in self._paths), key=lambda one: one[1].count("{")
        )
        self._validators: dict[str, Any] = {}

    def example(self, name: str) -> Any:
        """A copy of an example payload."""
        return json.loads(json.dumps(self._examples[name]["value"]))

    def faults(self, path: str, query: Mapping[str, str], answer: Any) -> list[str]:
        """What is wrong with a GET and its answer, according to the description."""
        template = self._template(path)
        if template is None:
            return [f"no such path: {path}"]
        operation = self._paths[template]["get"]
        return self._unknown(operation, query) + self._invalid(template, operation, answer)

    def _template(self, path: str) -> str | None:
        depth = path.count("/")
        routes = (one for one in self._routes if one[1].count("/") == depth)
        return next((template for route, template in routes if route.fullmatch(path)), None)

    def _unknown(self, operation: Mapping[str, Any], query: Mapping[str, str]) -> list[str]:
        given = [
            self._parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
            for one in operation.get("parameters", ())
        ]
        known = {one["name"] for one in given if one["in"] == "query"}
        return [f"no such parameter: {name}" for name in query if name not in known]

    def _invalid(self, template: str, operation: Mapping[str, Any], answer: Any) -> list[str]:
        if template not in self._validators:
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            whole = {**_nullable(schema), "components": self._components}
            self._validators[template] = jsonschema_rs.validator_for(whole)
        return [
            f"{template}: {error.message} at {error.instance_path}"
            for error in self._validators[template].iter_errors(answer)
        ]


def _route(path: str) -> re.Pattern[str]:
    """A path with its parameters open; a reference may hold slashes, encoded."""
    return re.compile(re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(path)))


def _nullable(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema has it."""
    if isinstance(node, list):
        return [_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    whole = {key: _nullable(value) for key, value in node.items()}
    if whole.pop("nullable", False) is True:
        return {"anyOf": [whole, {"type": "null"}]}
    return whole
