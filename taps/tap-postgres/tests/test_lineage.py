"""Lineage of views, on servers of all known versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import view_lineage
from psycopg import sql
from psycopg.rows import dict_row
from view_lineage import in_short, read, read_view, rows

from songbook import urn
from songbook.lineage import edge
from songbook.records import Diagnostic, Lineage
from tap_postgres.lineage import edges
from tap_postgres.rule_tree import KNOWN_MAJORS

CASES = list(view_lineage.cases())


class Views:
    """A database with a view for each case, and the rows that the statement gives."""

    def __init__(self, server: Any) -> None:
        self.url = view_lineage.database(server)
        with psycopg.connect(self.url, autocommit=True) as connection:
            self.rows = {row["path"][-1]: row for row in rows(connection)}


@pytest.fixture(scope="module")
def views(servers: Any) -> Any:
    built: dict[int, Views] = {}

    def build(major: int) -> Views:
        if major not in built:
            built[major] = Views(servers[major])
        return built[major]

    return build


def supported() -> Iterator[Any]:
    for number, case in enumerate(CASES):
        for major in KNOWN_MAJORS:
            if major >= case.since:
                yield pytest.param(number, major, id=f"{case.name}-{major}")


@pytest.mark.parametrize(("number", "major"), list(supported()))
def test_construct(views: Any, number: int, major: int) -> None:
    found, told = read(views(major).rows[f"case_{number}"], major)
    assert not told
    assert set(map(in_short, found)) == CASES[number].expected
    assert len({it.lineage_id for it in found}) == len(found)


RECORDED = """
    SELECT DISTINCT c.relname, u.relname
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
     AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
    JOIN pg_class u ON u.oid = d.refobjid AND u.relkind <> 'c'
    WHERE c.relnamespace = 's'::regnamespace
"""


@pytest.mark.parametrize("major", KNOWN_MAJORS)
def test_tables_are_those_of_the_recorded_dependencies(views: Any, major: int) -> None:
    with psycopg.connect(views(major).url) as connection:
        recorded = set(connection.execute(RECORDED).fetchall())
    found = {
        (name, in_short(it).split()[0])
        for name, row in views(major).rows.items()
        for it in read(row, major)[0]
        if it.granularity == "table" and "/pg_catalog/" not in (it.upstream_urn or "")
    }
    constants = next(
        n for n, case in enumerate(CASES) if case.name == "a name in a constant is no source"
    )
    named_in_constants = {(f"case_{constants}", name) for name in ("numbers", "u")}
    assert found == recorded - named_in_constants
    assert named_in_constants <= recorded


@pytest.mark.parametrize("major", KNOWN_MAJORS)
def test_edges_come_in_a_fixed_order_with_all_that_identifies_them(views: Any, major: int) -> None:
    found, _ = read(views(major).rows["base_view"], major)
    database = found[0].downstream_urn.split("/")[3]
    view = f"{view_lineage.NAMESPACE}/{database}/s/base_view"
    assert list(map(in_short, found)) == [
        "t DIRECT",
        "va <- t.a TRANSFORMATION",
        "va <- t.b TRANSFORMATION",
        "vc <- t.c IDENTITY",
    ]
    for it in found:
        assert (it.asserted_by, it.downstream_urn, it.origin) == (view, view, "view_definition")
        assert it.confidence == 1.0
        assert re.fullmatch("[0-9a-f]{32}", it.lineage_id)


def test_same_edges_on_all_versions(views: Any) -> None:
    read_off = []
    for major in KNOWN_MAJORS:
        found = {
            name: [*map(in_short, read(row, major)[0])] for name, row in views(major).rows.items()
        }
        read_off.append({name: found[name] for name in views(15).rows})
    assert all(each == read_off[0] for each in read_off)


@pytest.fixture(params=KNOWN_MAJORS)
def connection(request: Any, servers: Any) -> Iterator[psycopg.Connection[Any]]:
    """An empty database of each version."""
    server = servers[request.param]
    with psycopg.connect(server.url(server.create_database()), autocommit=True) as opened:
        opened.execute("CREATE SCHEMA s")
        yield opened


def major_of(connection: psycopg.Connection[Any]) -> int:
    return connection.info.server_version // 10000


HOSTILE = [
    'quo"te', "apo'strophe", "dot.ted", "sla/sh", "sp ace", "br{ac}es", "par(en)s", "back\\slash",
    "~tilde", "ha#sh", "per%cent", "😀", "ключ", "line\nfeed", "tab\tand\rreturn",
    "\u00a0nbsp\u2003",
    "<>", ":varno", "4 [ 1 0 ]", "x" * 63, "é" * 31, "-1", "+.5", '"', "\\", "[", "true",
]  # fmt: skip


def test_hostile_names(connection: psycopg.Connection[Any]) -> None:
    """Each name is a schema, a table, columns, aliases, a common table and an output column."""
    for number, name in enumerate(HOSTILE):
        it = sql.Identifier(name)
        connection.execute(
            sql.SQL("CREATE SCHEMA {0}; CREATE TABLE {0}.{0} ({0} int, other int)").format(it)
        )
        connection.execute(
            sql.SQL(
                "CREATE VIEW s.{1} AS WITH {0} AS (SELECT {0}, other FROM {0}.{0} AS {0})"
                " SELECT x.{0} AS {0}, {2} AS note FROM {0} AS x ({0}, {3})"
                " JOIN {0}.{0} AS {0} USING ({0}) WHERE x.{3} = 1"
            ).format(
                it, sql.Identifier(f"v{number}"), sql.Literal(name), sql.Identifier(name[:9] + "2")
            )
        )
    found = {row["path"][-1]: read(row, major_of(connection)) for row in rows(connection)}
    database = connection.info.dbname
    for number, name in enumerate(HOSTILE):
        edges, told = found[f"v{number}"]
        table = urn.join(view_lineage.NAMESPACE, [database, name, name])
        field = urn.field_path(name)
        assert not told
        assert [
            (it.downstream_field, it.upstream_urn, it.upstream_field, it.transformation_subtype)
            for it in edges
        ] == [
            (None, table, None, None),
            (field, table, field, "IDENTITY"),
            (None, table, field, "JOIN"),
            (None, table, "other", "FILTER"),
        ]


def test_renamed_columns_have_their_names_of_today(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "CREATE TABLE s.t (old int); CREATE VIEW s.v AS SELECT old AS before FROM s.t"
    )
    connection.execute("ALTER TABLE s.t RENAME old TO new")
    connection.execute("ALTER VIEW s.v RENAME before TO after")
    connection.execute("ALTER TABLE s.t RENAME TO t2")
    assert read_view(connection, "v") == {"t2 DIRECT", "after <- t2.new IDENTITY"}


def test_only_the_select_rule_counts(connection: psycopg.Connection[Any]) -> None:
    connection.execute("""
        CREATE TABLE s.t (a int); CREATE TABLE s.log (b int);
        CREATE VIEW s.v WITH (security_barrier) AS SELECT a FROM s.t;
        CREATE RULE ins AS ON INSERT TO s.v DO INSTEAD INSERT INTO s.log VALUES (new.a);
        CREATE RULE upd AS ON UPDATE TO s.v DO ALSO SELECT * FROM s.log;
    """)
    assert read_view(connection, "v") == {"t DIRECT", "a <- t.a IDENTITY"}


def test_view_that_reads_itself_has_no_edge_to_itself(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "CREATE VIEW s.v AS SELECT 1 AS a; CREATE OR REPLACE VIEW s.v AS SELECT a FROM s.v"
    )
    (row,) = rows(connection)
    found, told = read(row, major_of(connection))
    assert found == []
    assert len(told) == 1


def test_a_role_without_any_rights_reads_the_same(connection: psycopg.Connection[Any]) -> None:
    connection.execute(view_lineage.TABLES.replace("CREATE SCHEMA s;", ""))
    connection.execute("CREATE MATERIALIZED VIEW s.m AS SELECT a FROM t JOIN u USING (id, a)")
    before = rows(connection)
    role = sql.Identifier(f"nobody_{connection.info.dbname}")
    connection.execute(sql.SQL("CREATE ROLE {}").format(role))
    connection.execute(sql.SQL("SET ROLE {}").format(role))
    connection.execute("SET search_path = ''; SET jit = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM s.t")
    assert before
    assert rows(connection) == before


def test_narrowed_and_ordered(connection: psycopg.Connection[Any]) -> None:
    connection.execute('CREATE SCHEMA "S"; CREATE SCHEMA "é"')
    for schema in ("s", '"S"', '"é"'):
        connection.execute(
            f'CREATE VIEW {schema}.b AS SELECT 1 AS k; CREATE VIEW {schema}."B" AS SELECT 1 AS k'
        )
    connection.execute("CREATE TEMPORARY VIEW passing AS SELECT 1 AS k")

    def names(**narrowed: list[str]) -> list[tuple[str, str]]:
        return [(row["path"][1], row["path"][2]) for row in rows(connection, **narrowed)]

    everything = [(schema, view) for schema in ("S", "s", "é") for view in ("B", "b")]
    assert names() == everything
    assert names(schemas=["s"]) == [("s", "B"), ("s", "b")]
    assert names(schemas=["s", "é"], tables=["b"]) == [("s", "b"), ("é", "b")]
    assert names(tables=[]) == []


# Very large and very deep views


def test_two_thousand_operators(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE s.t (a int, b int); SET max_stack_depth = '6MB'")
    connection.execute(f"CREATE VIEW s.v AS SELECT {'a + ' * 2000} b AS k FROM s.t")
    assert read_view(connection, "v") == {
        "t DIRECT", "k <- t.a TRANSFORMATION", "k <- t.b TRANSFORMATION",
    }  # fmt: skip


def test_a_thousand_branches(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE s.t (a int); SET max_stack_depth = '6MB'")
    branches = " UNION ALL ".join(f"SELECT a FROM s.t WHERE a <> {n}" for n in range(1000))
    connection.execute(f"CREATE VIEW s.v AS {branches}")
    assert read_view(connection, "v") == {"t DIRECT", "a <- t.a IDENTITY", "* <- t.a FILTER"}


def test_a_thousand_joins_would_be_read_and_hundreds_are(
    connection: psycopg.Connection[Any],
) -> None:
    connection.execute("CREATE TABLE s.t (id int, a int)")
    joins = " ".join(f"FULL JOIN s.t t{n} USING (id)" for n in range(100))
    connection.execute(f"CREATE VIEW s.v AS SELECT id FROM s.t {joins}")
    assert read_view(connection, "v") == {
        "t DIRECT", "id <- t.id TRANSFORMATION", "id <- t.id CONDITIONAL", "* <- t.id JOIN",
    }  # fmt: skip


def test_a_long_chain_of_common_tables(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE s.t (a int, b int)")
    chain = ", ".join(f"c{n} AS (SELECT a FROM c{n - 1})" for n in range(1, 300))
    connection.execute(
        f"CREATE VIEW s.v AS WITH c0 AS (SELECT a FROM s.t WHERE b > 0), {chain} SELECT a FROM c299"
    )
    assert read_view(connection, "v") == {"t DIRECT", "a <- t.a IDENTITY", "* <- t.b FILTER"}


def nested(depth: int) -> str:
    return "SELECT a FROM (" * depth + "SELECT a FROM s.t WHERE b > 0" + ") q" * depth


def test_nested_queries(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE s.t (a int, b int); SET max_stack_depth = '6MB'")
    connection.execute(f"CREATE VIEW s.v AS {nested(60)}")
    assert read_view(connection, "v") == {"t DIRECT", "a <- t.a IDENTITY", "* <- t.b FILTER"}


def test_queries_nested_too_deep_fall_back(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE s.t (a int, b int); SET max_stack_depth = '6MB'")
    connection.execute(f"CREATE VIEW s.v AS {nested(600)}")
    (row,) = rows(connection)
    found, told = read(row, major_of(connection))
    assert list(map(in_short, found)) == ["t None"]
    assert told[0].detail == "s.v: its queries are nested too deep."


def test_common_tables_that_double_take_no_time(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE s.t (a int)")
    chain = ", ".join(
        f"c{n} AS (SELECT (SELECT max(x.a) FROM c{n - 1} x) + y.a AS a FROM c{n - 1} y)"
        for n in range(1, 40)
    )
    connection.execute(
        f"CREATE VIEW s.v AS WITH c0 AS (SELECT a FROM s.t), {chain} SELECT a FROM c39"
    )
    assert "a <- t.a AGGREGATION" in read_view(connection, "v")


# What can't be read exactly


def fallback(row: dict[str, Any], major: int) -> list[str]:
    found, (told,) = read(row, major)
    assert told.code == "POSTGRES_LINEAGE_FALLBACK"
    assert (told.stream, told.severity, told.count) == ("lineage", "warning", 1)
    assert told.scope_urn == urn.join(view_lineage.NAMESPACE, row["path"][:1])
    assert urn.field_path(*row["path"][1:]) in (told.detail or "")
    assert all(it.granularity == "table" and it.transformation_type is None for it in found)
    return [in_short(it).split()[0] for it in found]


@pytest.fixture(scope="module", params=KNOWN_MAJORS)
def joined(request: Any, views: Any) -> tuple[int, dict[str, Any]]:
    """A view that reads two tables."""
    number = next(n for n, case in enumerate(CASES) if case.name == "join using")
    return request.param, views(request.param).rows[f"case_{number}"]


def test_newer_version(joined: tuple[int, dict[str, Any]]) -> None:
    assert fallback(joined[1], 19) == ["t", "u"]


def test_older_version(joined: tuple[int, dict[str, Any]]) -> None:
    """Tables are all that there ever was: nothing is missing."""
    diagnostic, *found = edges(joined[1], namespace=view_lineage.NAMESPACE, major=14)
    assert isinstance(diagnostic, Diagnostic)
    assert (diagnostic.code, diagnostic.severity) == ("POSTGRES_LINEAGE_OF_TABLES", "info")
    tables = [it for it in found if isinstance(it, Lineage) and it.granularity == "table"]
    assert [in_short(it).split()[0] for it in tables] == ["t", "u"]
    assert tables == found


def test_tables_of_a_tree_that_names_none(connection: psycopg.Connection[Any]) -> None:
    """The recorded dependencies stand in, without the sequence and the type that are not read."""
    connection.execute(view_lineage.TABLES.replace("CREATE SCHEMA s;", ""))
    connection.execute("CREATE VIEW v AS SELECT t.a, nextval('numbers') AS n FROM t, u, pairs(1)")
    strange = view_lineage.STATEMENT.replace(":relid", ":relation")
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(strange, {"schemas": None, "tables": ["v"]})
        (row,) = cursor.fetchall()
    assert fallback(row, 19) == ["t", "u"]


def test_tree_of_another_version(joined: tuple[int, dict[str, Any]]) -> None:
    major, row = joined
    for other in set(KNOWN_MAJORS) - {major}:
        assert fallback(row, other) == ["t", "u"]


def test_every_field_counts(joined: tuple[int, dict[str, Any]]) -> None:
    major, row = joined
    fields = set(re.findall(r"(?<= ):(\w+)(?= )", row["tree"]))
    assert len(fields) > 50
    for field in fields:
        for changed in (f" :{field}x ", f" :new 1 :{field} ", " "):
            tree = row["tree"].replace(f" :{field} ", changed)
            assert fallback(row | {"tree": tree}, major) == ["t", "u"]


def test_every_node_counts(joined: tuple[int, dict[str, Any]]) -> None:
    major, row = joined
    for kind in set(re.findall(r"(?<=\{)\w+", row["tree"])):
        tree = row["tree"].replace(f"{{{kind} ", f"{{{kind}X ")
        assert fallback(row | {"tree": tree}, major) == ["t", "u"]


def test_column_that_is_not_there(joined: tuple[int, dict[str, Any]]) -> None:
    major, row = joined
    relations = json.loads(json.dumps(row["relations"]))
    for relation in relations:
        relation["columns"] = [it for it in relation["columns"] if it[1] != "e"]
    assert fallback(row | {"relations": relations}, major) == ["t", "u"]


def test_relation_that_is_not_there(joined: tuple[int, dict[str, Any]]) -> None:
    major, row = joined
    relations = [it for it in row["relations"] if it["path"][-1] != "u"]
    assert fallback(row | {"relations": relations}, major) == ["t"]


def test_view_with_other_columns_than_its_rule(joined: tuple[int, dict[str, Any]]) -> None:
    major, row = joined
    assert fallback(row | {"columns": row["columns"][:-1]}, major) == ["t", "u"]


def test_numbers_that_lead_nowhere(joined: tuple[int, dict[str, Any]]) -> None:
    """Each change leaves a tree of known shape, but what it says can't be."""
    major, row = joined
    for right, wrong in [
        (r":varno \d+", ":varno 99"), (r":varattno \d+", ":varattno 999"),
        (":varlevelsup 0", ":varlevelsup 7"), (r":rtindex \d+", ":rtindex 0"),
        (r":varno \d+", ":varno x"), (r":varno \d+", ":varno (1)"), (r":resno \d+", ":resno 5"),
        (":commandType 1", ":commandType 2"), (r":rtable \(", ":rtable (<> "),
        (r":fromlist \(", ":fromlist (x "), (":larg ", ":larg <> :rarg "),
    ]:  # fmt: skip
        tree = re.sub(right, wrong, row["tree"])
        assert tree != row["tree"]
        assert fallback(row | {"tree": tree}, major) == ["t", "u"]


# Identity


def test_every_part_of_an_edge_counts_for_its_id() -> None:
    parts: dict[str, Any] = {
        "asserted_by": "x", "origin": "x", "downstream_urn": "x", "downstream_field": "x",
        "upstream_urn": "x", "upstream_field": "x", "granularity": "column",
        "transformation_type": "DIRECT", "transformation_subtype": "x",
    }  # fmt: skip
    same = edge(**parts, confidence=0.5).lineage_id
    others = {edge(**parts | {name: "other"}).lineage_id for name in parts}
    assert edge(**parts).lineage_id == same
    assert len(others | {same}) == len(parts) + 1


def test_parts_of_an_edge_are_kept_apart() -> None:
    def made(downstream_field: str | None, upstream_urn: str | None) -> str:
        return edge(
            asserted_by="v", origin="o", downstream_urn="v", granularity="column",
            downstream_field=downstream_field, upstream_urn=upstream_urn,
        ).lineage_id  # fmt: skip

    pairs = [("a", "bc"), ("ab", "c"), (None, "abc"), ("", "abc"), ("abc", None), ('a","b', "c")]
    assert len({made(*pair) for pair in pairs}) == len(pairs)


def test_id_is_what_it_was() -> None:
    """Catalogs hold these ids: they may not change."""
    it = edge(
        asserted_by="a", origin="o", downstream_urn="a", upstream_urn="b", granularity="table"
    )
    assert it.lineage_id == "a55175ec9e5908d460b55134612d91f7"
