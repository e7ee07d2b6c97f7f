"""Run one library over statements, and report times and edges.

python benchmarks/analyzers.py LIBRARY < work.json > found.json

Runs in the library's own environment, so it imports nothing but that library. `work.json` holds
statements as {"sql": …, "schema": {table: [column, …]}}; what comes out are CPU seconds, edges as
[downstream, upstream], and what went wrong, for each.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Sequence[str]]
Edges = Iterator[tuple[str, str]]
Analyzer = Callable[[str, Schema], Edges]

DIALECT = "postgres"
RECURSION = 20_000
"""Some libraries need far more than Python's 1,000 for long statements."""
ENOUGH = 0.02
"""CPU seconds for which a quick statement is run over and over; shorter times are not to be had."""
PATIENCE = 30
"""CPU seconds a library may take for one piece of work before it is given up."""


def songbook() -> Analyzer:
    """Ours."""
    from songbook.lineage.sql import analyze

    def edges(sql: str, schema: Schema) -> Edges:
        for edge in analyze(sql, dialect=DIALECT, schema=schema).columns:
            down = f"{edge.downstream_table}.{edge.downstream_column}"
            yield down, f"{edge.upstream_table}.{edge.upstream_column}"

    return edges


def sqlglot_lineage() -> Analyzer:
    """sqlglot's function, which answers for one output column; what can be shared is shared."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    def edges(sql: str, schema: Schema) -> Edges:
        tree = sqlglot.parse_one(sql, dialect=DIALECT)
        query = qualify(tree.expression, schema=nested(schema), dialect=DIALECT)
        scope = build_scope(query)
        target = tree.this.sql()
        for name in query.named_selects:
            node = lineage(  # type: ignore[call-overload]  # the types leave out a ready scope
                name,
                query,
                None,
                None,
                dialect=DIALECT,
                scope=scope,
                trim_selects=False,
                copy=False,
            )
            for leaf in node.walk():
                if not leaf.downstream and isinstance(leaf.source, exp.Table):
                    table = ".".join(part.name for part in leaf.source.parts)
                    yield f"{target}.{name}", f"{table}.{leaf.name.split('.')[-1].strip(QUOTE)}"

    return edges


def sqllineage() -> Analyzer:
    """reata's, on sqlfluff, with the columns that it is told."""
    from sqllineage.core.metadata.dummy import DummyMetaDataProvider
    from sqllineage.runner import LineageRunner

    def edges(sql: str, schema: Schema) -> Edges:
        told = DummyMetaDataProvider({table: list(columns) for table, columns in schema.items()})
        runner = LineageRunner(sql, dialect=DIALECT, metadata_provider=told)
        for path in runner.get_column_lineage():
            yield str(path[-1]), str(path[0])

    return edges


def collate_sqllineage() -> Analyzer:
    """OpenMetadata's, with the parser that it takes by default; it can't be told columns."""
    from collate_sqllineage.runner import LineageRunner

    def edges(sql: str, _: Schema) -> Edges:
        for path in LineageRunner(sql, dialect=DIALECT).get_column_lineage():
            yield str(path[-1]), str(path[0])

    return edges


def openlineage_sql() -> Analyzer:
    """OpenLineage's, in Rust; it can't be told columns."""
    from openlineage_sql import parse

    def edges(sql: str, _: Schema) -> Edges:
        found = parse([sql], dialect=DIALECT)
        if found.errors:
            raise ValueError(found.errors[0].message)
        target = found.out_tables[0].qualified_name
        for column in found.column_lineage:
            for upstream in column.lineage:
                if upstream.origin is not None:
                    table = upstream.origin.qualified_name
                    yield f"{target}.{column.descendant.name}", f"{table}.{upstream.name}"

    return edges


QUOTE = '"'
LIBRARIES = {
    it.__name__: it
    for it in (songbook, sqlglot_lineage, sqllineage, collate_sqllineage, openlineage_sql)
}


def nested(schema: Schema) -> dict[str, Any]:
    """Tables with two names as sqlglot wants them."""
    told: dict[str, Any] = {}
    for table, columns in schema.items():
        database, _, name = table.partition(".")
        told.setdefault(database, {})[name] = dict.fromkeys(columns, "unknown")
    return told


def main(library: str) -> None:
    """Analyze each statement, after one that warms up."""
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    sys.setrecursionlimit(RECURSION)
    analyzer = LIBRARIES[library]()
    list(analyzer("CREATE TABLE mart.t AS SELECT a.b FROM shop.a", {"shop.a": ["b"]}))
    gc.collect()
    gc.freeze()  # a look at all that was imported would fall on one statement by chance
    json.dump([measured(analyzer, **statement) for statement in json.load(sys.stdin)], sys.stdout)


def measured(analyzer: Analyzer, sql: str, schema: Schema) -> dict[str, Any]:
    """What one statement costs and gives."""
    started, runs, passed, error, found = time.process_time(), 0, 0.0, None, set()
    while passed < ENOUGH:
        try:
            found = set(analyzer(sql, schema))
        except Exception as failure:  # noqa: BLE001  # another library may raise anything
            error = f"{type(failure).__name__}: {failure}"[:200]
        runs, passed = runs + 1, time.process_time() - started
    return {"seconds": passed / runs, "edges": sorted(found), "error": error}


if __name__ == "__main__":
    main(sys.argv[1])
