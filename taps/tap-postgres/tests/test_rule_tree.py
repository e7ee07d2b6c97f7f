"""The parser of rule trees."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import psycopg
import pytest
import view_lineage
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_postgres.query_parts import relations
from tap_postgres.query_scope import Scope
from tap_postgres.rule_shapes import shapes
from tap_postgres.rule_tree import KNOWN_MAJORS, Node, RuleTreeError, Value, nodes, parse

TREES = "SELECT ev_action::text FROM pg_catalog.pg_rewrite WHERE ev_type = '1' ORDER BY oid"


@pytest.fixture(scope="module")
def trees(servers: Any) -> Any:
    """The trees of all views by major version: those of the cases, and the server's own."""
    read = {}
    for major in KNOWN_MAJORS:
        with psycopg.connect(view_lineage.database(servers[major]), autocommit=True) as connection:
            read[major] = [tree for (tree,) in connection.execute(TREES)]
    return read


def write(value: Value) -> str:
    """The text that the server would write for a tree."""
    if isinstance(value, Node):
        fields = "".join(f" :{name} {write(each)}" for name, each in value.fields.items())
        return f"{{{value.kind}{fields}}}"
    if isinstance(value, list):
        return f"({' '.join(map(write, value))})"
    return "<>" if value is None else value


@pytest.mark.parametrize("major", KNOWN_MAJORS)
def test_round_trip(trees: Any, major: int) -> None:
    assert len(trees[major]) > 200
    for text in trees[major]:
        assert f"({write(parse(text, major))})" == text


@pytest.mark.parametrize("major", KNOWN_MAJORS)
def test_all_nodes_are_found(trees: Any, major: int) -> None:
    for text in trees[major]:
        assert len(list(nodes(parse(text, major)))) == len(re.findall(r"(?<!\\)\{", text))


@pytest.mark.parametrize("major", KNOWN_MAJORS)
def test_text_that_ends_early(trees: Any, major: int) -> None:
    text = min(trees[major], key=len)
    for end in range(len(text)):
        with pytest.raises(RuleTreeError):
            parse(text[:end], major)


@pytest.mark.parametrize("major", KNOWN_MAJORS)
@pytest.mark.parametrize("wrong", [0, 9, 14, 19, 99])
def test_other_versions(trees: Any, major: int, wrong: int) -> None:
    text = trees[major][0]
    with pytest.raises(RuleTreeError, match=f"PostgreSQL {wrong} "):
        parse(text, wrong)
    for other in set(KNOWN_MAJORS) - {major}:
        with pytest.raises(RuleTreeError, match="shape"):
            parse(text, other)


REFERENCE = "{RANGETBLREF :rtindex 1}"


def inside(text: str, value: str) -> str:
    """A tree with something in the place of the first list of FROM."""
    return re.sub(r":fromlist \(.*?\)", lambda _: f":fromlist {value}", text, count=1)


@pytest.fixture(scope="module")
def text(servers: Any) -> str:
    """The tree of a small view on the newest server."""
    server = servers[KNOWN_MAJORS[-1]]
    with psycopg.connect(server.url(server.create_database()), autocommit=True) as connection:
        connection.execute("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t")
        (row,) = view_lineage.rows(connection)
    return str(row["tree"])


def parsed(text: str, value: str) -> Value:
    query = parse(inside(text, value), KNOWN_MAJORS[-1])
    return query.node("jointree").value("fromlist")


@pytest.mark.parametrize(
    "token",
    [
        "plain", r"with\ space", r"\{\}\(\)", r"back\\slash", "a[b]", r"\<>", '""', '"quo"ted"',
        "no\u00a0break", "form\x0cfeed", "\r", r"line\\n", "line\\\nfeed", "-1", "😀", "4",
        "[", "]",
    ],
)  # fmt: skip
def test_tokens(text: str, token: str) -> None:
    assert parsed(text, f"({token} next)") == [token, "next"]


def test_value_that_looks_like_a_field(text: str) -> None:
    named = text.replace(":aliasname t ", ":aliasname :aliasname ")
    (entry,) = parse(named, KNOWN_MAJORS[-1]).nodes("rtable")
    assert entry.node("eref").token("aliasname") == ":aliasname"


def test_values(text: str) -> None:
    assert parsed(text, "<>") is None
    assert parsed(text, "()") == []
    assert parsed(text, "(i 1 -2)") == ["i", "1", "-2"]
    assert parsed(text, "((1) (<> 2))") == [["1"], [None, "2"]]
    assert parsed(text, "(4 [ 1 0 -1 0 ] x)") == ["4 [ 1 0 -1 0 ]", "x"]
    value = parsed(text, f"({REFERENCE})")
    assert isinstance(value, list)
    (node,) = value
    assert isinstance(node, Node)
    assert (node.kind, node.fields) == ("RANGETBLREF", {"rtindex": "1"})


@pytest.mark.parametrize(
    "value",
    [
        "({RANGETBLREF})", "({RANGETBLREF :rtindex})", "({RANGETBLREF :rtindex 1 :rtindex})",
        "({RANGETBLREF :rtindex 1 2})", "({RANGETBLREF rtindex 1})",
        "({RANGETBLREF :rtindex 1 :more 1})", "({rangetblref :rtindex 1})", "({UNHEARDOF})",
        "({})", "{RANGETBLREF :rtindex 1)", "(}", ")", "}", "({RANGETBLREF :rtindex 1)}",
    ],
)  # fmt: skip
def test_unknown_shapes(text: str, value: str) -> None:
    with pytest.raises(RuleTreeError):
        parsed(text, value)


@pytest.mark.parametrize(
    "text", ["", "()", "<>", "x", "(x)", "({RANGETBLREF :rtindex 1})", "({", ")", "(((("]
)
def test_what_is_not_one_query(text: str) -> None:
    with pytest.raises(RuleTreeError):
        parse(text, KNOWN_MAJORS[-1])


def test_two_queries(text: str) -> None:
    with pytest.raises(RuleTreeError, match="one query"):
        parse(f"({text[1:-1]} {text[1:-1]})", KNOWN_MAJORS[-1])


def test_depth(text: str) -> None:
    depth = 100_000
    value = parsed(text, "(" * depth + ")" * depth)
    found = 0
    while isinstance(value, list) and value:
        (value,) = value
        found += 1
    assert found == depth - 1


def test_fields_of_the_wrong_sort(text: str) -> None:
    query = parse(text, KNOWN_MAJORS[-1])
    with pytest.raises(RuleTreeError, match="rtable of QUERY is not a token"):
        query.token("rtable")
    with pytest.raises(RuleTreeError, match="hasAggs of QUERY is not a number"):
        query.number("hasAggs")
    with pytest.raises(RuleTreeError, match="hasAggs of QUERY is not a list"):
        query.elements("hasAggs")
    with pytest.raises(RuleTreeError, match="a node is missing"):
        query.node("hasAggs")
    with pytest.raises(RuleTreeError, match="QUERY has no unheard"):
        query.value("unheard")


def follow(text: str, major: int) -> None:
    """Read all that can be read off a tree; nothing but these two errors may come of it."""
    with suppress(RuleTreeError, RecursionError):
        query = parse(text, major)
        scope = Scope(query)
        relations(query)
        scope.rows()
        for number in scope.outputs():
            scope.output(number)


ALPHABET = st.sampled_from([*'(){}\\ :<>[]"x1-', ":varno", " :args (", "{VAR ", "<>", "\n"])


@given(data=st.data())
@settings(max_examples=500, deadline=5000)
def test_damaged_text_is_refused_or_read_but_never_worse(trees: Any, data: st.DataObject) -> None:
    """Whatever stands in the text, there is an answer: lineage of columns, or of whole tables."""
    major = data.draw(st.sampled_from(KNOWN_MAJORS))
    text = data.draw(st.sampled_from(trees[major][:60]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.sampled_from([0, 0, 1, 1, 2, 10, 1000]))
        text = text[:at] + "".join(data.draw(st.lists(ALPHABET, max_size=3))) + text[at + length :]
    follow(text, major)


@given(data=st.data())
@settings(max_examples=500, deadline=5000)
def test_exchanged_numbers_are_refused_or_read_but_never_worse(
    trees: Any, data: st.DataObject
) -> None:
    """Trees of known shape whose numbers lead anywhere."""
    major = data.draw(st.sampled_from(KNOWN_MAJORS))
    text = data.draw(st.sampled_from(trees[major]))
    places = list(
        re.finditer(r"(?<=:)(?:var\w+|rtindex|resno|rtekind|ctelevelsup|\w*[rR]ef) (-?\d+)", text)
    )
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    other = data.draw(
        st.sampled_from(["0", "1", "2", "3", "9", "-1", "99", "x", "--1", "<>", "(1)"])
    )
    text = text[: place.start(1)] + other + text[place.end(1) :]
    follow(text, major)


def test_shapes_differ_where_versions_do() -> None:
    assert "varnullingrels" not in shapes(15)["VAR"]
    assert "varnullingrels" in shapes(16)["VAR"]
    assert "varreturningtype" in shapes(18)["VAR"]
    assert "rteperminfos" not in shapes(15)["QUERY"]
    assert len({shapes(major)["RANGETBLENTRY 0"] for major in KNOWN_MAJORS}) == 3
    assert all(
        name.islower() or name.isidentifier() for fields in shapes(17).values() for name in fields
    )
