"""Settings from files and the environment, and what is said about wrong ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from songbook import Settings
from songbook.errors import ConfigError
from songbook.settings import ambient, json_schema, read, secret_values, validate

CANARY = "canary-4711"


class Login(BaseModel):
    key: SecretStr = Field(description="The key.")


class Config(Settings):
    also_known_as: ClassVar[dict[str, str]] = {"username": "user"}
    project_id: str = Field(description="The project.")
    port: int = Field(default=1, description="The port.")
    user: str | None = Field(default=None, description="The user.")
    password: SecretStr | None = Field(default=None, description="The password.")
    auth: Login | None = Field(default=None, description="Another way in.")
    headers: dict[str, SecretStr] = Field(default={}, description="Headers.")
    keys: list[Login] = Field(default=[], description="Keys.")


def fault(**given: object) -> str:
    with pytest.raises(ConfigError) as caught:
        validate(Config, given)
    assert caught.value.hint
    return str(caught.value)


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text('{"project_id": "a", "port": 2}')
    second.write_text('{"project_id": "b"}')
    monkeypatch.setenv("TAP_X_USER", "me")
    monkeypatch.setenv("TAP_X_PORT", "3")
    monkeypatch.setenv("TAP_X_INCLUDE", '["a", "b"]')
    monkeypatch.setenv("TAP_X_UNRELATED", "?")
    found = read([str(first), str(second), "ENV"], prefix="TAP_X_", model=Config)
    assert found == {"project_id": "b", "port": "3", "user": "me", "include": ["a", "b"]}
    assert validate(Config, found).port == 3


def test_the_environment_is_read_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAP_X_USER", "me")
    assert read([], prefix="TAP_X_", model=Config) == {}


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"port": 2}', encoding="utf-8-sig")
    assert read([str(file)], prefix="TAP_X_", model=Config) == {"port": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [("false", False), ("True", True), ("0", 0), ("2", 2), ('{"a": {}}', {"a": {}}), ("__", "__")],
)
def test_settings_of_the_sdk_in_the_environment_are_values(
    monkeypatch: pytest.MonkeyPatch, text: str, value: object
) -> None:
    monkeypatch.setenv("TAP_X_FLATTENING_ENABLED", text)
    monkeypatch.setenv("TAP_X_PASSWORD", "0123")
    found = read(["ENV"], prefix="TAP_X_", model=Config)
    assert found == {"flattening_enabled": value, "password": "0123"}


def test_text_in_the_environment_that_only_begins_like_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAP_X_PASSWORD", "{pass")
    assert read(["ENV"], prefix="TAP_X_", model=Config) == {"password": "{pass"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Can't read the settings"),
        (f'{{"password": "{CANARY}"', "is not JSON"),
        ("[]", "holds no JSON object"),
        ('{"password": "\\ud800"}', "is not JSON"),
        (b"\xff\xfe\xff", "is not JSON"),
    ],
)
def test_broken_files(tmp_path: Path, content: str | bytes | None, message: str) -> None:
    path = tmp_path / "config.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError, match=message) as caught:
        read([str(path)], prefix="", model=Config)
    assert caught.value.hint
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("name", ["projectId", "project_id"])
def test_camel_case_is_understood(name: str) -> None:
    assert validate(Config, {name: "p"}).project_id == "p"


def test_other_names_are_understood() -> None:
    assert validate(Config, {"project_id": "p", "username": "u"}).user == "u"


def test_settings_of_the_sdk_are_let_through() -> None:
    assert validate(Config, {"project_id": "p", "stream_maps": {"a": None}}).project_id == "p"


def test_an_unknown_setting_comes_with_a_suggestion() -> None:
    assert "did you mean 'password'" in fault(project_id="p", pasword=CANARY)
    assert "Unknown setting 'zzz'." in fault(project_id="p", zzz=1)


def test_a_missing_setting_is_named() -> None:
    assert fault() == "The setting 'project_id' is missing."


def test_every_fault_is_told_and_no_value_shown() -> None:
    message = fault(port=CANARY, password=[CANARY], auth={"key": 5, CANARY: 1}, include=CANARY)
    for name in ("project_id", "port", "password", "auth.key", "include"):
        assert f"{name!r}" in message
    assert CANARY not in message


def test_even_pydantics_own_error_shows_no_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate({"project_id": "p", "password": [CANARY]})
    assert CANARY not in str(caught.value)


def test_secrets_are_known_at_every_depth() -> None:
    given = {
        "project_id": "p",
        "password": "secret-1",
        "auth": {"key": "secret-2"},
        "headers": {"X-Token": "secret-3"},
        "keys": [{"key": "secret-4"}],
    }
    config = validate(Config, given)
    assert sorted(secret_values(config)) == ["secret-1", "secret-2", "secret-3", "secret-4"]
    assert "secret-" not in repr(config)


def test_references_are_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_SECRET", CANARY)
    given = {"project_id": "p", "auth": {"key": "${env:THE_SECRET}"}}
    config = validate(Config, given)
    assert config.auth is not None
    assert config.auth.key.get_secret_value() == CANARY
    with pytest.raises(ConfigError, match="SONGBOOK_AMBIENT=0"):
        validate(Config, given, ambient=False)


@pytest.mark.parametrize(("value", "expected"), [("0", False), ("1", True), (None, True)])
def test_ambient(monkeypatch: pytest.MonkeyPatch, value: str | None, expected: bool) -> None:
    monkeypatch.delenv("SONGBOOK_AMBIENT", raising=False)
    if value is not None:
        monkeypatch.setenv("SONGBOOK_AMBIENT", value)
    assert ambient() is expected


def test_the_schema_marks_secrets() -> None:
    schema = json_schema(Config)
    password = schema["properties"]["password"]
    assert (password["secret"], password["writeOnly"], password["format"]) == (
        True,
        True,
        "password",
    )
    assert schema["$defs"]["Login"]["properties"]["key"]["secret"]
    assert "secret" not in schema["properties"]["user"]
    assert json.dumps(schema)


def test_the_schema_has_no_default_of_null() -> None:
    """singer-sdk would take it for a group of settings and look into it."""
    properties = json_schema(Config)["properties"]
    assert "default" not in properties["auth"]
    assert properties["port"]["default"] == 1
