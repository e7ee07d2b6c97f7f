"""Tables that files name: their URNs where the warehouse is known, else references to them."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from songbook import identifiers, urn
from songbook.identifiers import Identifiers
from songbook.records import UpstreamRef
from tap_github.config import Warehouse

RULES: dict[str, Identifiers] = {
    "postgres": identifiers.POSTGRES,
    "redshift": identifiers.REDSHIFT,
    "mysql": identifiers.MYSQL,
    "snowflake": identifiers.SNOWFLAKE,
    "bigquery": identifiers.BIGQUERY,
    "databricks": identifiers.DATABRICKS,
}
"""How platforms compare names."""
WITHOUT_SCHEMAS = frozenset({"mysql"})
"""Platforms whose tables stand right in a database."""
BACKTICKS = frozenset({"bigquery", "databricks", "mysql"})
"""Platforms that quote names so."""
UNQUOTED_BY_DBT = frozenset({"snowflake"})
"""Platforms on which dbt does not quote names, so that they are folded
(https://docs.getdbt.com/reference/project-configs/quoting)."""


class Relation(NamedTuple):
    """A table as a file names it; None for what it leaves to the connection."""

    database: str | None
    schema: str | None
    table: str


class End(NamedTuple):
    """One end of an edge: something in the catalog, or a reference that the catalog resolves."""

    urn: str | None = None
    ref: UpstreamRef | None = None


def warehouse_of(warehouses: Sequence[Warehouse], repository: str, path: str) -> Warehouse | None:
    """The first warehouse that is meant for a file."""
    for one in warehouses:
        if fnmatchcase(repository, one.repository) and fnmatchcase(path, one.path):
            return one
    return None


def end(warehouse: Warehouse, relation: Relation) -> End:
    """A table as an end: its URN when the namespace is known and nothing is missing in its name."""
    full = Relation(
        relation.database or warehouse.database,
        relation.schema or warehouse.schema_name,
        relation.table,
    )
    path = _path(warehouse.platform, full)
    if warehouse.namespace is not None and None not in path:
        return End(urn=urn.join(warehouse.namespace, [part for part in path if part is not None]))
    authority = (warehouse.namespace or "").partition("://")[2]
    host, _, port = authority.partition(":")
    return End(
        ref=UpstreamRef(
            platform=warehouse.platform,
            host=host or None,
            port=int(port) if port.isdigit() else None,
            database=full.database,
            schema=full.schema,
            table=full.table,
            raw=".".join(part for part in full if part),
        )
    )


def _path(platform: str, relation: Relation) -> list[str | None]:
    if platform in WITHOUT_SCHEMAS:
        return [relation.schema or relation.database, relation.table]
    return [relation.database, relation.schema, relation.table]


def folded(platform: str, name: str | None) -> str | None:
    """A name as the platform stores it when dbt creates it."""
    rules = RULES.get(platform)
    if name is None or rules is None:
        return name
    how = rules.unquoted if platform in UNQUOTED_BY_DBT else rules.quoted
    return {"upper": name.upper(), "lower": name.lower()}.get(how, name)


def quoted(platform: str, name: str) -> str:
    """A name in the quotes of its platform; it holds none itself."""
    mark = "`" if platform in BACKTICKS else '"'
    return f"{mark}{name}{mark}"
