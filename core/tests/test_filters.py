"""One meaning of include and exclude."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songbook.errors import ConfigError
from songbook.filters import Filter, parse_name
from songbook.identifiers import BIGQUERY, DATABRICKS, POSTGRES


def decide(path: str, include: list[str], exclude: list[str] = []) -> bool:  # noqa: B006
    return Filter(include, exclude, identifiers=POSTGRES).decide(parse_name(path)).included


@pytest.mark.parametrize(
    ("path", "include", "exclude", "expected"),
    [
        ("app.public.t", [], [], True),
        ("app.public.t", ["app"], [], True),
        ("app.public.t", ["app.public"], [], True),
        ("app.public.t", ["app.public.t"], [], True),
        ("app.public.t", ["app.public.u"], [], False),
        ("app.public.t", ["public"], [], False),
        ("app.public.t", ["*.public"], [], True),
        ("app.public.t", ["app.*.t"], [], True),
        ("app.public.t", ["app.p?blic.[s-u]"], [], True),
        ("app.public.t", ["app.pub"], [], False),
        ("app.public.t", ["App"], [], False),
        ("app.public.t", ["other", "app.public"], [], True),
        ("app.public.t", [], ["app.public"], False),
        ("app.public.t", [], ["*.*.tmp_*"], True),
        ("app.public.tmp_1", [], ["*.*.tmp_*"], False),
        ("app.public.t", ["app.public.t"], ["app"], False),
        ("app.public", ["app.public.t"], [], True),
        ("app", ["app.public.t"], [], True),
        ("app", ["*.public.t"], [], True),
        ("other", ["app.public.t"], [], False),
        ("app.other", ["app.public.t"], [], False),
        ("app", [], ["app.public"], True),
        ("app", ["app.public.t"], ["app"], False),
        ('"my.db".public', ['"my.db"'], [], True),
        ('"my.db".public', ["my*"], [], True),
        ('"my.db".public', ['"my*"'], [], False),
        ('"my*".public', ['"my*"'], [], True),
        ('"say ""hi"""', ['"say ""hi"""'], [], True),
        ('"new\nline".t', ["new*"], [], True),
        ('"".t', ['""'], [], True),
    ],
)
def test_decisions(path: str, include: list[str], exclude: list[str], expected: bool) -> None:
    assert decide(path, include, exclude) is expected


def test_a_decision_names_its_pattern() -> None:
    both = Filter(["app"], ["*.tmp"], identifiers=POSTGRES)
    assert both.decide(("app", "tmp", "t")).pattern == "*.tmp"
    assert both.decide(("app", "x")).pattern == "app"
    assert both.decide(("other",)).pattern is None


@pytest.mark.parametrize(
    ("rules", "expected"), [(POSTGRES, False), (BIGQUERY, False), (DATABRICKS, True)]
)
def test_case_counts_as_on_the_platform(rules: object, expected: bool) -> None:
    one = Filter(["Main.Sales"], identifiers=rules)  # type: ignore[arg-type]
    assert one.decide(("main", "sales", "t")).included is expected


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", 'a"b"', '"a"b', '"a', 'a."b', '"'])
def test_what_is_no_pattern_is_a_config_error(text: str) -> None:
    with pytest.raises(ConfigError, match="Not a name or pattern") as caught:
        Filter([text], identifiers=POSTGRES)
    assert "quote" in caught.value.hint


@given(st.lists(st.sampled_from("abcd"), min_size=1), st.randoms(use_true_random=False))
def test_the_hash_is_about_the_set_of_patterns(patterns: list[str], random: object) -> None:
    shuffled = list(patterns)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = Filter(patterns, identifiers=POSTGRES)
    assert first.hash == Filter([*shuffled, patterns[0]], identifiers=POSTGRES).hash
    assert first.hash != Filter([], patterns, identifiers=POSTGRES).hash
    assert first.hash != Filter([*patterns, "e"], identifiers=POSTGRES).hash


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_any_name_can_be_quoted(path: list[str]) -> None:
    text = ".".join('"' + part.replace('"', '""') + '"' for part in path)
    assert parse_name(text) == tuple(path)
    assert Filter([text], identifiers=POSTGRES).decide(tuple(path)).included
    assert not Filter([text], identifiers=POSTGRES).decide((*path[:-1], path[-1] + "x")).included


def test_a_filter_without_patterns_is_false() -> None:
    assert not Filter(identifiers=POSTGRES)
    assert Filter(exclude=["a"], identifiers=POSTGRES)
