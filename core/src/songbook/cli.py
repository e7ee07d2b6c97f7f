"""The command that every tap has: a Singer tap, with more to ask it.

Only what needs singer-sdk imports it: `--discover`, `--test`, stream maps, flattening and
deselected properties.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any, NoReturn

import click
import msgspec

from songbook import about, checks, commands, selection, settings, urn
from songbook.browse import browse
from songbook.connector import Connector
from songbook.errors import INCOMPLETE, OK, ConfigError
from songbook.extract import extract, parse
from songbook.filters import Decision, Filter, Path, parse_name
from songbook.messages import Writer
from songbook.records import Coverage, Diagnostic
from songbook.redact import Redactor


def run_tap(connector: Connector, args: Sequence[str] | None = None) -> NoReturn:
    """The whole program of a tap: `def main() -> None: run_tap(connector)`. Does not return."""
    redactor = Redactor()
    commands.run_command(_command(connector, redactor), args, connector.command, redactor)


def _command(connector: Connector, redactor: Redactor) -> click.Command:
    """The click command of a connector."""

    @click.command(help=f"Read the metadata of {connector.title} and write it as Singer records.")
    @click.version_option(connector.version, prog_name=connector.command)
    @click.option(
        "--about", "show_about", is_flag=True, help="Show what this tap is and its settings."
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "markdown"]),
        default="text",
        help="The form of --about.",
    )
    @click.option(
        "--config",
        "sources",
        multiple=True,
        metavar="FILE|ENV",
        help="Settings: a JSON file, or ENV for environment variables. Repeatable.",
    )
    @click.option("--catalog", type=click.File(), help="A Singer catalog that selects streams.")
    @click.option("--state", type=click.File(), help="Bookmarks of the last run.")
    @click.option("--discover", is_flag=True, help="Write the catalog of streams.")
    @click.option(
        "--test",
        flag_value="all",
        is_flag=False,
        type=click.Choice(["all", "schema"]),
        help="Read one record of each stream; 'schema' writes just the schemas.",
    )
    @click.option("--check", is_flag=True, help="Test the connection; one JSON line a step.")
    @click.option("--quick", is_flag=True, help="With --check: only the cheap steps.")
    @click.option("--grants", is_flag=True, help="Print the privileges it needs, as a script.")
    @click.option("--queries", is_flag=True, help="Print the SQL it runs.")
    @click.option("--explain-filter", metavar="NAME", help="Say whether NAME is read, and why.")
    @click.option(
        "--browse",
        "browsing",
        is_flag=True,
        help="List schemas, tables of a SCHEMA, or columns of a TABLE.",
    )
    @click.argument("names", nargs=-1, metavar="[SCHEMA [TABLE]]")
    def command(**options: Any) -> int:
        if options["names"] and not options["browsing"]:
            raise click.UsageError(f"Unexpected argument {options['names'][0]!r}.")
        if options["show_about"]:
            return _print(about.render(connector, options["form"]))
        if options["queries"]:
            return _print(_queries(connector))
        raw = settings.read(options["sources"], prefix=_prefix(connector), model=connector.config)
        if options["explain_filter"]:
            return _explain(connector, raw, options["explain_filter"])
        if options["check"]:
            return _check(connector, raw, redactor, quick=options["quick"])
        if options["discover"]:
            return _with_sdk(connector, raw, "run_discovery")
        config = parse(connector, raw)
        redactor.learn(*settings.secret_values(config))
        if options["grants"]:
            streams = selection.selected(connector, _catalog(options["catalog"]))
            return _print(connector.grants(config, sorted(streams)))
        if options["browsing"]:
            return _browse(connector, config, options["names"])
        return _read(connector, raw, config, options)

    return command


def _read(
    connector: Connector, raw: dict[str, Any], config: settings.Settings, options: Mapping[str, Any]
) -> int:
    """A sync: by the SDK where something asks for it, else straight to stdout."""
    catalog, state = _catalog(options["catalog"]), _json(options["state"], "state")
    if options["test"]:
        return _with_sdk(
            connector,
            raw,
            "write_schemas" if options["test"] == "schema" else "run_connection_test",
        )
    if selection.needs_sdk(raw, catalog):
        return _with_sdk(connector, raw, "sync_all", catalog=catalog, state=state)
    return _sync(connector, config, selection.selected(connector, catalog), state)


def _sync(
    connector: Connector,
    config: settings.Settings,
    streams: frozenset[str],
    state: Mapping[str, Any] | None,
) -> int:
    """Write everything: schemas once the source answers, records as they come, the state last."""
    gc.freeze()  # modules live as long as the process: they need not be looked through for garbage
    writer = Writer()
    unannounced = list(selection.announced(connector, streams))
    complete = True
    records = extract(connector, config, streams, state=state)
    while True:
        try:
            record = next(records)
        except StopIteration as end:
            writer.state(end.value)
            return OK if complete else _incomplete()
        if unannounced:
            writer.schemas(unannounced)
            unannounced = []
        if isinstance(record, Coverage):
            complete = complete and record.complete
        elif isinstance(record, Diagnostic) and record.severity != "info":
            _tell(record)
        writer.record(record)


def _tell(diagnostic: Diagnostic) -> None:
    """Show a diagnostic to whoever sits at the shell; the record is for the catalog."""
    sys.stderr.write(f"{diagnostic.severity}: {diagnostic.title}\n")
    if diagnostic.remediation:
        sys.stderr.write(f"hint: {diagnostic.remediation}\n")


def _with_sdk(connector: Connector, raw: dict[str, Any], action: str, **given: Any) -> int:
    """Let singer-sdk's own Tap do it."""
    from songbook.singer import run  # importing singer-sdk takes over a second

    return OK if run(connector, raw, action, **given) else _incomplete()


def _incomplete() -> int:
    hint = "The stream `coverage` says what is missing, `diagnostics` what to do about it."
    return commands.explain("Not everything could be read.", hint, INCOMPLETE)


def _check(connector: Connector, raw: dict[str, Any], redactor: Redactor, *, quick: bool) -> int:
    """Print a connection test, one JSON line a step; the first failure gives the exit code."""
    code = OK
    for step in checks.check(connector, raw, quick=quick, learn=redactor.learn):
        fields = {
            name: value
            for name, value in msgspec.structs.asdict(step).items()
            if name != "exit_code"
        }
        _print(redactor(json.dumps(fields, ensure_ascii=False)))
        code = code or step.exit_code
    return code


def _explain(connector: Connector, raw: Mapping[str, Any], name: str) -> int:
    """Say which pattern decides about a name, or that it lies outside of the scopes; needs no
    connection."""
    given = {side: raw[side] for side in ("include", "exclude", "scopes") if side in raw}
    limits = settings.validate(settings.Settings, given)
    path = parse_name(name)
    decision = Filter(limits.include, limits.exclude, identifiers=connector.identifiers).decide(
        path
    )
    if decision.included and not _in_scopes(path, limits.scopes):
        decision = Decision(False, None, "outside of all scopes")
    levels = [*connector.levels, *("name" for _ in path[len(connector.levels) :])]
    return _print(
        json.dumps(
            {
                "name": name,
                "read_as": dict(zip(levels, path, strict=False)),
                "included": decision.included,
                "pattern": decision.pattern,
                "reason": decision.reason,
            },
            ensure_ascii=False,
        )
    )


def _in_scopes(path: Path, scopes: Sequence[str]) -> bool:
    """Whether a name lies in a scope or on the way to one, whatever the scope's system."""
    parsed = map(urn.parse, scopes)
    places = [(*one.path, one.name) if one.name is not None else one.path for one in parsed]
    return not places or any(
        all(name == other for name, other in zip(path, place, strict=False)) for place in places
    )


def _browse(connector: Connector, config: settings.Settings, names: Sequence[str]) -> int:
    """Print containers, tables of a schema, or columns of a table, one JSON record a line."""
    if len(names) > len(("schema", "table")):
        raise click.UsageError("--browse takes at most a schema and a table.")
    view = browse(connector, config)
    records = (
        view.columns(*names) if len(names) > 1 else view.tables(*names) if names else view.schemas()
    )
    for record in records:
        _print(msgspec.json.encode(record).decode())
    return OK


def _queries(connector: Connector) -> str:
    """Each statement under the name of its stream."""
    return "\n\n".join(
        f"-- {', '.join(kind.STREAM for kind in one.yields)}\n{one.statement};"
        for one in connector.streams
        if one.statement
    )


def _prefix(connector: Connector) -> str:
    return f"{connector.command.upper().replace('-', '_')}_"


def _catalog(file: IO[str] | None) -> dict[str, Any] | None:
    """The Singer catalog that the command line names; raises ConfigError for what is none."""
    catalog = _json(file, "catalog")
    if file is not None and not (catalog and selection.is_catalog(catalog)):
        hint = "Write one with --discover and change what it selects."
        raise ConfigError("The catalog is not as Singer has it.", hint=hint)
    return catalog


def _json(file: IO[str] | None, what: str) -> dict[str, Any] | None:
    """The JSON object in a file that the command line names; `null` is none. Raises ConfigError."""
    if file is None:
        return None
    try:
        value = json.load(file)
    except ValueError as error:
        raise ConfigError(
            f"The {what} is not JSON: {error}", hint=f"Give the file that holds the {what}."
        ) from None
    if value is not None and not isinstance(value, dict):
        raise ConfigError(
            f"The {what} is no JSON object.", hint=f"Give the file that holds the {what}."
        )
    return value


def _print(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return OK
