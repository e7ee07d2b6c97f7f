"""Which connectors are installed: the entry points of the group `songbook.connectors`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

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
