"""Other names of systems, kept by people: a host may be known by several."""

from __future__ import annotations

from uuid import UUID

from songbook import urn
from songbook.errors import ConfigError
from target_catalog import runs
from target_catalog.database import Connection
from target_catalog.resolve import Resolving
from target_catalog.statements import statement


def known(connection: Connection, organization: UUID) -> list[tuple[str, str]]:
    """All aliases with the namespace that each stands for."""
    values = {"organization": organization}
    return [(row[0], row[1]) for row in connection.execute(statement("list_aliases"), values)]


def add(connection: Connection, organization: UUID, alias: str, namespace: str) -> int:
    """Let an alias stand for a system; gives how many edges of lineage found their upstream."""
    with connection.transaction():
        runs.lock(connection, organization)
        _refuse(connection, organization, alias, namespace)
        values = {"organization": organization, "alias": alias, "namespace": namespace}
        connection.execute(statement("add_alias"), values)
        return _resolved(connection, organization)


def remove(connection: Connection, organization: UUID, alias: str) -> int:
    """Take an alias away; gives how many edges of lineage lost their upstream."""
    with connection.transaction():
        runs.lock(connection, organization)
        values = {"organization": organization, "alias": alias}
        if not connection.execute(statement("remove_alias"), values).rowcount:
            raise ConfigError(
                f"There is no alias {alias!r}.", hint="`aliases list` shows those there are."
            )
        return -_resolved(connection, organization)


def _refuse(connection: Connection, organization: UUID, alias: str, namespace: str) -> None:
    """Say what is wrong with a new alias, if anything is."""
    systems = _systems(connection, organization)
    if namespace not in systems:
        raise ConfigError(
            f"No system of this organisation has the namespace {namespace!r}.",
            hint=f"Its systems are: {', '.join(systems) or 'none yet; load one first'}.",
        )
    if alias in systems:
        raise ConfigError(
            f"{alias!r} is a system itself.", hint="Give a name under which no tap reads a system."
        )
    if not alias.strip() or alias != alias.strip() or _has_path(alias):
        raise ConfigError(
            f"{alias!r} names no system.",
            hint="An alias is a host, host:port, account or namespace, such as proxy.example:5432.",
        )
    taken = dict(known(connection, organization)).get(alias, namespace)
    if taken != namespace:
        raise ConfigError(
            f"{alias!r} stands for {taken} already.", hint=f"First: aliases remove {alias}"
        )


def _has_path(alias: str) -> bool:
    try:
        return bool(urn.parse(alias).path)
    except ValueError:
        return "/" in alias


def _systems(connection: Connection, organization: UUID) -> list[str]:
    rows = connection.execute(statement("list_systems"), {"organization": organization})
    return [namespace for (namespace,) in rows]


def _resolved(connection: Connection, organization: UUID) -> int:
    """Resolve by the aliases as they are now; gives by how many the open edges became fewer."""
    before = _open(connection, organization)
    connection.execute(statement("stirred_table"))
    Resolving(connection, organization).touched()
    return before - _open(connection, organization)


def _open(connection: Connection, organization: UUID) -> int:
    row = connection.execute(statement("count_open"), {"organization": organization}).fetchone()
    return int(row[0]) if row else 0
