"""dbt templates, read without running them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_github.dbt.jinja import blocks, calls, compiled

VARIABLES = {"table": "orders", "year": "2024"}


def called(text: str) -> list[tuple[str, ...]]:
    return [(one.name, *(arg or "?" for arg in one.args)) for one in calls(text, VARIABLES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ ref('a') }}", [("ref", "a")]),
        ('{{ref("a")}}', [("ref", "a")]),
        ("{{- ref( 'shop' , 'a' ) -}}", [("ref", "shop", "a")]),
        ("{{ ref('a', v=2) }}", [("ref", "a")]),
        ("{{ source('app', 'orders') }}", [("source", "app", "orders")]),
        ("{{ union([ref('a'), ref('b')]) }}", [("ref", "a"), ("ref", "b")]),
        ("{% set x = ref('a') %}", [("ref", "a")]),
        ("{{ ref(var('table')) }}", [("ref", "orders"), ("var", "table")]),
        ("{{ ref(var('other', 'b')) }}", [("ref", "b"), ("var", "other", "b")]),
        ("{{ ref(name) }}", [("ref", "?")]),
        ("{{ ref('a' ~ 'b') }}", [("ref", "?")]),
        ("{# ref('a') #}", []),
        ("{# {{ ref('a') }} #}", []),
        ("{% raw %}{{ ref('a') }}{% endraw %}{{ ref('b') }}", [("ref", "b")]),
        ("ref('a')", []),
        ("{{ href('a') }}", []),
        ("{{ ref('a' }}", []),
        ("{{ ref('a')", []),
        ("{{ ref('it, (is) odd') }}", [("ref", "it, (is) odd")]),
    ],
)
def test_calls(text: str, expected: list[tuple[str, ...]]) -> None:
    assert called(text) == expected


def test_options_are_literals_or_unknown() -> None:
    (call,) = calls("{{ config(alias='x', schema=target.name, enabled=False, tags=['a']) }}", {})
    assert call.options == {"alias": "x", "schema": None, "enabled": "false", "tags": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM {{ ref('a') }}", "SELECT * FROM <ref a>"),
        ("{{ config(x='y') }}SELECT {{ var('year') }}{# no #}", "<config >SELECT <var year>"),
        ("{% if is_incremental() %}a{% if b %}c{% endif %}d{% endif %}e", "e"),
        ("{% snapshot s %}SELECT 1{% endsnapshot %}", "SELECT 1"),
        ("FROM {{ this }}", "FROM <this >"),
        ("{% for x in y %}a{% endfor %}", None),
        ("{{ my_macro() }}", None),
        ("{{ ref('a') | upper }}", None),
        ("{% set x = 1 %}", None),
    ],
)
def test_plain_templates_have_a_text(text: str, expected: str | None) -> None:
    assert (
        compiled(text, VARIABLES, lambda one: f"<{one.name} {(one.args or ('',))[0]}>") == expected
    )


@given(st.text(alphabet="{}%#'\"(), refsourc=\n\\-", max_size=200))
def test_nothing_is_lost_and_nothing_raised(text: str) -> None:
    list(calls(text, {}))
    compiled(text, {}, lambda _: "")
    assert sum(len(one.inner) for one in blocks(text)) <= len(text)


@pytest.mark.parametrize(
    "piece", ["{{", "{%", "{#", "{{ ref(", "{{ ref('", "{% raw %}", "{{ ref(ref("]
)
def test_it_takes_time_in_proportion_to_the_text(piece: str) -> None:
    started = time.monotonic()
    text = piece * (400_000 // len(piece))
    list(calls(text, {}))
    list(calls(text + "}}", {}))
    compiled(text, {}, lambda _: "")
    assert time.monotonic() - started < 10
