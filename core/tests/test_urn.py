"""URNs: whatever the identifiers, what is written can be read, and no two things share one."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from songbook import urn
from songbook.records import TYPES
from songbook.urn import Urn

identifiers = st.one_of(
    st.text(max_size=12),
    st.text("./\\'\"~#% \n\t\x00é🎵ßİ%2F", max_size=6),
    st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF),  # lone surrogates
)
namespaces = st.sampled_from(
    ["postgres://db.example:5432", "bigquery://", "tableau://h", "postgres://[::1]:5432"]
)
kinds = st.sampled_from([kind.KIND for kind in TYPES if kind.KIND not in (None, "#")])


@st.composite
def urns(draw: st.DrawFn) -> Urn:
    kind = draw(st.none() | kinds)
    return Urn(
        draw(namespaces),
        tuple(draw(st.lists(identifiers, max_size=4))),
        kind,
        None if kind is None else draw(identifiers),
        draw(st.none() | identifiers),
    )


@given(urns())
@example(Urn("bigquery://"))
@example(Urn("postgres://h:1", ("",)))
@example(Urn("postgres://h:1", ("~routine", "f")))
@example(Urn("postgres://h:1", ("", ""), "index", "", ""))
def test_what_is_written_can_be_read(one: Urn) -> None:
    assert urn.parse(urn.format(one)) == one


@given(urns(), urns())
def test_two_things_never_share_a_urn(one: Urn, other: Urn) -> None:
    assert (urn.format(one) == urn.format(other)) == (one == other)


@given(urns())
def test_only_the_plain_characters_stand_bare(one: Urn) -> None:
    body = urn.format(one).removeprefix(one.namespace)
    assert re.fullmatch(r"[A-Za-z0-9._%/~#-]*", body)


@given(namespaces, st.lists(identifiers, min_size=1, max_size=4), st.none() | kinds)
def test_join_agrees_with_format(namespace: str, path: list[str], kind: str | None) -> None:
    whole = (
        Urn(namespace, tuple(path))
        if kind is None
        else Urn(namespace, tuple(path[:-1]), kind, path[-1])
    )
    assert urn.join(namespace, path, kind) == urn.format(whole)


@given(namespaces, st.lists(identifiers, min_size=1, max_size=4))
def test_join_agrees_with_format_on_fields(namespace: str, path: list[str]) -> None:
    field = urn.field_path(path[-1])
    whole = Urn(namespace, tuple(path[:-1]), field_path=field)
    assert urn.join(namespace, path, "#") == urn.format(whole)


@given(st.lists(identifiers, min_size=1, max_size=3), st.lists(identifiers, min_size=1, max_size=3))
def test_field_paths_are_injective(one: list[str], other: list[str]) -> None:
    assert (urn.field_path(*one) == urn.field_path(*other)) == (one == other)


def test_the_documented_forms() -> None:
    assert (
        urn.join("snowflake://myorg-acct", ["ANALYTICS", "PUBLIC", "Order Items", "AMOUNT"], "#")
        == "snowflake://myorg-acct/ANALYTICS/PUBLIC/Order%20Items#AMOUNT"
    )
    assert urn.join("bigquery://", ["my-proj", "ds", "t"]) == "bigquery:///my-proj/ds/t"
    assert (
        urn.join("postgres://db:5432", ["app", "public", "f(integer,text)"], "routine")
        == "postgres://db:5432/app/public/~routine/f%28integer%2Ctext%29"
    )
    assert urn.join("postgres://db:5432", ["~x"]) == "postgres://db:5432/%7Ex"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "orders",
        "/app/public",
        "://h/a",
        "postgres:/h/a",
        "postgres://h/a b",
        "postgres://h/%61",
        "postgres://h/%2f",
        "postgres://h/a%",
        "postgres://h/a%FF",
        "postgres://h/~index",
        "postgres://h/~index/a/b",
        "postgres://h/a~b",
        "postgres://h/a#b#c",
        "postgres://h/a#b/c",
        "postgres://h/é",
    ],
)
def test_what_format_would_not_write_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Not a |codec"):
        urn.parse(text)


@pytest.mark.parametrize(
    "one",
    [
        Urn("postgres"),
        Urn("postgres://h/app"),
        Urn("post#gres://h"),
        Urn("postgres://h", kind="index"),
        Urn("postgres://h", name="index"),
    ],
)
def test_parts_that_make_no_urn_are_refused(one: Urn) -> None:
    with pytest.raises(ValueError, match=r"Not a namespace|both a kind and a name"):
        urn.format(one)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("postgres://h:5432", True),
        ("postgres://h:54", False),
        ("postgres://h:5432/app", True),
        ("postgres://h:5432/ap", False),
        ("postgres://h:5432/app/public/t", True),
        ("postgres://h:5432/app/public/t#c", True),
        ("postgres://h:5432/app/public/t#c.d", False),
        ("postgres://h:5432/app/public/t/~index/i", False),
        ("bigquery://", False),
    ],
)
def test_containment_ends_at_segments(scope: str, expected: bool) -> None:
    assert urn.is_within("postgres://h:5432/app/public/t#c", scope) is expected


@given(urns(), st.integers(0, 4))
def test_everything_lies_within_what_stands_above_it(one: Urn, length: int) -> None:
    above = urn.format(Urn(one.namespace, one.path[:length]))
    assert urn.is_within(urn.format(one), above)
