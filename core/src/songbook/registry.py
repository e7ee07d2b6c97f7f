"""Which connectors are installed: the entry points of the group `songbook.connectors`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

from songbook.connector import GROUP, Connector
from songbook.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Listed:
    """An installed connector, or one that can't be loaded and why."""

    name: str
    distribution: str | None
    version: str | None
    connector: Connector | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An installed connector as its distribution tells it; nothing of it was imported."""

    name: str
    distribution: str | None
    version: str | None
    summary: str | None
    module: str
    is_found: bool
    """Whether the package of its module is there."""


def entries() -> list[Entry]:
    """All connectors by name, for a process that a stranger's code must not enter."""
    found = metadata.entry_points(group=GROUP)
    return sorted(map(_entry, found), key=lambda entry: entry.name)


def installed() -> list[Listed]:
    """All connectors by name; a broken one is listed with its error and disturbs nobody else."""
    entries = sorted(metadata.entry_points(group=GROUP), key=lambda entry: entry.name)
    return [_listed(entry) for entry in entries]


def load(name: str) -> Connector:
    """The connector of a name or alias; raises ConfigError that lists what is installed."""
    entries = {entry.name: entry for entry in metadata.entry_points(group=GROUP)}
    if name in entries:
        found = _listed(entries[name])
        if found.connector is None:
            hint = f"Reinstall {found.distribution or 'its distribution'}, or ask its authors."
            raise ConfigError(f"The connector {name!r} is broken: {found.error}", hint=hint)
        return found.connector
    for listed in installed():
        if listed.connector is not None and name in listed.connector.aliases:
            return listed.connector
    hint = f'Installed: {", ".join(sorted(entries)) or "none"}. Try: pip install "songbook[{name}]"'
    raise ConfigError(f"There is no connector {name!r}.", hint=hint)


def _entry(entry: metadata.EntryPoint) -> Entry:
    told = entry.dist.metadata if entry.dist else None
    package = entry.module.partition(".")[0]
    return Entry(
        entry.name,
        entry.dist.name if entry.dist else None,
        entry.dist.version if entry.dist else None,
        told["Summary"] if told and "Summary" in told else None,
        entry.module,
        find_spec(package) is not None,
    )


def _listed(entry: metadata.EntryPoint) -> Listed:
    distribution = entry.dist.name if entry.dist else None
    version = entry.dist.version if entry.dist else None
    try:
        value = entry.load()
    # A stranger's module may raise anything, and even try to end the program.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return Listed(entry.name, distribution, version, None, f"{type(error).__name__}: {error}")
    if not isinstance(value, Connector):
        return Listed(entry.name, distribution, version, None, f"{entry.value} is no Connector.")
    return Listed(entry.name, distribution, version, value)
