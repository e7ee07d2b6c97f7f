"""The connection test."""

from __future__ import annotations

import dataclasses
from typing import Any

from fake_source import connector

from songbook import Check, Evidence
from songbook.checks import check
from songbook.errors import ConfigError, ConnectionFailed, PermissionMissing
from songbook.testing import JsonApi


def statuses(config: dict[str, Any], **given: Any) -> list[tuple[str, str]]:
    return [(step.step, step.status) for step in check(connector, config, **given)]


def test_each_step_has_evidence(config: dict[str, Any]) -> None:
    settings, connection, ping = check(connector, config)
    assert settings.summary == "2 settings are valid."
    assert connection.summary == "Connected to boards://example."
    assert (ping.summary, ping.command) == ("The site answers.", "GET /")
    assert {step.status for step in (settings, connection, ping)} == {"passed"}
    assert {step.exit_code for step in (settings, connection, ping)} == {0}


def test_what_follows_a_failure_is_skipped() -> None:
    steps = list(check(connector, {"token": "canary-4711"}))
    assert [step.status for step in steps] == ["failed", "skipped", "skipped"]
    assert steps[0].exit_code == ConfigError.exit_code
    assert steps[0].remediation
    assert "canary" not in repr(steps)


def test_a_failed_connection(config: dict[str, Any]) -> None:
    config["base_url"] = "http://127.0.0.1:9"
    steps = list(check(connector, config))
    assert [step.status for step in steps] == ["passed", "failed", "skipped"]
    assert steps[1].exit_code == ConnectionFailed.exit_code


def test_a_failed_step_names_the_way_out(api: JsonApi, config: dict[str, Any]) -> None:
    api.answers["/"] = 403
    denied = list(check(connector, config))[1]
    assert (denied.status, denied.remediation) == ("failed", "Grant it to Viewer.")
    assert denied.exit_code == PermissionMissing.exit_code


def test_quick_leaves_out_what_costs(config: dict[str, Any]) -> None:
    slow = Check("slow", lambda _: Evidence("", status="warning", remediation="Do it."))
    more = dataclasses.replace(connector, checks=(*connector.checks, slow))
    assert [step.step for step in check(more, config, quick=True)][-1] == "ping"
    last = list(check(more, config))[-1]
    assert (last.step, last.status, last.remediation) == ("slow", "warning", "Do it.")


def test_the_caller_learns_the_secrets_first(config: dict[str, Any]) -> None:
    learnt: list[str] = []
    for step in check(connector, config, learn=lambda *secrets: learnt.extend(secrets)):
        assert learnt == ["canary-token"], step
