"""The record types and the schemas are one contract, written twice."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import re
import types
import typing
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from songbook import contract, records
from songbook.records import TYPES, Record

FOLDER = Path(records.__file__).parent / "schemas"
JSON_TYPES = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dt.datetime: "string",
    dict: "object",
    list: "array",
}

types_ = pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)


def snake(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def docstrings() -> dict[str, dict[str, str]]:
    """The docstring below each attribute of each class of the module."""
    found = {}
    for node in ast.parse(inspect.getsource(records)).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = {
                field.target.id: inspect.cleandoc(below.value.value).replace("\n", " ")
                for field, below in zip(node.body, node.body[1:], strict=False)
                if isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
                and isinstance(below.value.value, str)
            }
    return found


DOCSTRINGS = docstrings()


def described(kind: type, name: str) -> str:
    owners = (DOCSTRINGS[base.__name__] for base in kind.__mro__)
    return next(texts[name] for texts in owners if name in texts)


def expected(annotation: Any) -> dict[str, Any]:
    """What a schema must say of an annotation, without descriptions."""
    if typing.get_origin(annotation) is typing.Annotated:
        return expected(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        some, nothing = typing.get_args(annotation)
        assert nothing is type(None)
        spec = expected(some)
        enum = {"enum": [*spec["enum"], None]} if "enum" in spec else {}
        return spec | {"type": [spec["type"], "null"]} | enum
    if typing.get_origin(annotation) is Literal:
        return {"type": "string", "enum": sorted(typing.get_args(annotation))}
    if typing.get_origin(annotation) is list:
        return {"type": "array", "items": expected(typing.get_args(annotation)[0])}
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return expected_object(annotation)
    plain = typing.get_origin(annotation) or annotation
    format_ = {"format": "date-time"} if plain is dt.datetime else {}
    return {"type": JSON_TYPES[plain], **format_}


def expected_object(kind: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = msgspec.structs.fields(kind)
    return {
        "type": "object",
        "properties": {
            one.name: {**expected(hints[one.name]), "description": described(kind, one.name)}
            for one in fields
        },
        "required": [one.name for one in fields if one.required],
    }


def test_every_type_has_its_schema_and_every_schema_its_type() -> None:
    assert {f"{snake(kind)}.json" for kind in TYPES} == {path.name for path in FOLDER.iterdir()}
    assert len({kind.STREAM for kind in TYPES}) == len(TYPES)
    own = [one for one in vars(records).values() if isinstance(one, type) and "STREAM" in vars(one)]
    assert set(own) == set(TYPES)


@types_
def test_properties_agree(kind: type[Record]) -> None:
    schema = contract.schema_of(kind)
    found = {
        name: {key: value for key, value in spec.items() if key != "x-volatile"}
        for name, spec in schema["properties"].items()
    }
    whole = expected_object(kind)
    assert found == whole["properties"]
    assert list(found) == list(whole["properties"])
    assert schema["required"] == whole["required"]


@types_
def test_the_head_agrees(kind: type[Record]) -> None:
    schema = contract.schema_of(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert re.fullmatch(rf"urn:songbook:record:{snake(kind)}:\d+\.\d+\.\d+", schema["$id"])
    assert schema["title"] == kind.__name__
    assert schema["description"] == " ".join((kind.__doc__ or "").split())
    assert schema["x-stream"] == kind.STREAM
    assert tuple(schema["x-key"]) == kind.KEY
    assert schema.get("x-parent") == kind.PARENT


@types_
def test_the_schema_is_valid_and_stands_alone(kind: type[Record]) -> None:
    Draft202012Validator.check_schema(contract.schema_of(kind))
    assert "$ref" not in (FOLDER / f"{snake(kind)}.json").read_text(encoding="utf-8")


@types_
def test_named_fields_exist(kind: type[Record]) -> None:
    named = [*kind.KEY, kind.PARENT, kind.SUBJECT]
    assert {name for name in named if name} <= set(kind.__struct_fields__)


integers = st.integers(-(2**63), 2**63 - 1)
json_values = st.dictionaries(st.text(), st.none() | integers | st.text(), max_size=2)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: integers,
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    dt.datetime: st.datetimes(timezones=st.just(dt.UTC)),
}


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value that an annotation allows."""
    if typing.get_origin(annotation) is typing.Annotated:
        return values(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return st.none() | values(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) is list:
        return st.lists(values(typing.get_args(annotation)[0]), max_size=2)
    if typing.get_origin(annotation) is dict:
        return json_values
    if typing.get_origin(annotation) is Literal:
        return st.sampled_from(typing.get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return built(annotation)
    return PLAIN[annotation]


def built(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: values(hints[name]) for name in kind.__struct_fields__})


@types_
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_record_obeys_its_schema(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(built(kind))
    line = msgspec.json.encode(record)
    validator = Draft202012Validator(contract.schema_of(kind), format_checker=FormatChecker())
    validator.validate(msgspec.json.decode(line))
    assert msgspec.json.decode(line, type=kind) == record


@types_
def test_what_is_no_field_is_refused(kind: type[Record]) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"no_such_field": 1}, kind)
