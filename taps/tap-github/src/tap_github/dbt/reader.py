"""The lineage of a dbt project, from its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from songbook import lineage
from songbook.connector import Item
from songbook.records import Diagnostic, Lineage
from tap_github import sql_lineage
from tap_github.config import Warehouse
from tap_github.contents import Content, text_of
from tap_github.dbt import yaml_files
from tap_github.dbt.jinja import Call, calls, compiled
from tap_github.dbt.manifest import EMPTY, Manifest, manifest
from tap_github.dbt.names import (
    NAMING_MACROS,
    Model,
    Naming,
    is_enabled,
    relation,
    source_relation,
)
from tap_github.dbt.yaml_files import Project, Settings, Source
from tap_github.repository import Repository
from tap_github.tables import End, Relation, end, quoted, warehouse_of

ORIGIN = "declared"
STANDIN = "songbook_ref_"
"""What stands for a reference in the SQL that is analysed; followed by its number."""


class DbtReader:
    """Takes in the files of one project, holds what they say, and tells their lineage at the end.

    It holds the text of one project's models, never more.
    """

    def __init__(self, repository: Repository, branch: str, root: str) -> None:
        self._repository = repository
        self._branch = branch
        self._root = root
        self._project = Project()
        self._sources: dict[tuple[str, str], Source] = {}
        self._settings: dict[str, Settings] = {}
        self._scripts: dict[str, str | None] = {}
        self._manifest = EMPTY
        self._has_macros = False

    def read(self, content: Content) -> Iterator[Item]:
        """Take in a file; lineage is told when all are known."""
        entry = content.entry
        path = entry.path.removeprefix(self._root)
        if entry.kind == "dbt_project" and content.text is not None:
            self._project = yaml_files.project(content.text)
        elif entry.kind == "dbt_schema" and content.text is not None:
            found = yaml_files.described(content.text)
            self._sources |= found.sources
            self._settings |= found.settings
        elif entry.kind == "dbt_manifest":
            self._manifest = self._read_manifest(content)
        elif entry.kind in ("sql", "dbt_seed"):
            self._scripts[path] = content.text
            self._has_macros |= bool(content.text and NAMING_MACROS.search(content.text))
        yield from ()

    def _read_manifest(self, content: Content) -> Manifest:
        """Manifests are mostly too large to be carried as a definition, but not to be read."""
        text = content.text or text_of(self._repository, content.entry)
        return manifest(text) if text else EMPTY

    def finish(self) -> Iterator[Item]:
        """The edges of all models."""
        warehouse = self._warehouse()
        naming = Naming(self._project, warehouse, self._settings, self._has_macros)
        found = [model for model in self._models() if is_enabled(model, naming)]
        book = _Book(self._ends_of_models(found, naming), self._ends_of_sources(naming))
        for model in found:
            file = self._file(model)
            yield from _edges(file, model, book, naming, self._manifest)
        if book.unknown:
            yield self._note(book.unknown)

    def _warehouse(self) -> Warehouse:
        name = f"{self._repository.owner}/{self._repository.name}"
        path = f"{self._root}dbt_project.yml"
        chosen = warehouse_of(self._repository.config.warehouses, name, path)
        return chosen or Warehouse(platform=self._manifest.platform or "")

    def _models(self) -> Iterator[Model]:
        for path, text in sorted(self._scripts.items()):
            kind = self._kind(path)
            if kind is not None:
                asked = list(calls(text or "", self._project.variables))
                yield Model(path, PurePosixPath(path).stem, kind, asked, text)

    def _kind(self, path: str) -> str | None:
        """Whether a file makes a table, by its folder: models, seeds or snapshots."""
        for kind, folders in self._project.paths.items():
            if any(path.startswith(f"{folder}/") for folder in folders):
                return kind
        return None

    def _file(self, model: Model) -> str:
        return self._repository.below(self._branch, *f"{self._root}{model.path}".split("/"))

    def _ends_of_models(self, models: list[Model], naming: Naming) -> dict[str, End]:
        """Where each model is found: its table, where that has a URN, else its file."""
        ends = {}
        for model in models:
            table = self._manifest.relations.get(model.path) or relation(model, naming)
            place = end(naming.warehouse, table) if table else End()
            ends[model.name] = place if place.urn else End(urn=self._file(model))
        return ends

    def _ends_of_sources(self, naming: Naming) -> dict[tuple[str, str], End]:
        if not naming.warehouse.platform:
            return {}
        tables: dict[tuple[str, str], Relation | None] = {
            key: source_relation(source, naming) for key, source in self._sources.items()
        }
        tables |= self._manifest.sources
        return {key: end(naming.warehouse, table) for key, table in tables.items() if table}

    def _note(self, unknown: set[str]) -> Diagnostic:
        return Diagnostic(
            code="GITHUB_DBT_REFERENCES_UNKNOWN",
            stream=Lineage.STREAM,
            scope_urn=self._repository.urn,
            severity="info",
            title=f"References of the dbt project {self._project.name!r} that lead nowhere.",
            detail=", ".join(sorted(unknown)),
            remediation="Set `warehouses` for this repository, or commit target/manifest.json.",
            count=len(unknown),
        )


class _Book:
    """Where the models and sources of a project are found."""

    def __init__(self, models: dict[str, End], sources: dict[tuple[str, str], End]) -> None:
        self._models = models
        self._sources = sources
        self.unknown: set[str] = set()
        """References that lead nowhere, as they are written."""

    def end(self, call: Call) -> End | None:
        """What a `ref` or `source` leads to."""
        if call.name == "source":
            names = (*call.args, None, None)
            found = self._sources.get((names[0] or "", names[1] or ""))
        else:
            name, version = (call.args or (None,))[-1] or "", call.options.get("v")
            found = self._models.get(name) or self._models.get(f"{name}.v{version}")
            found = found or self._models.get(f"{name}_v{version}")
        if found is None:
            self.unknown.add(f"{call.name}({', '.join(arg or '…' for arg in call.args)})")
        return found

    def of_model(self, model: Model) -> End:
        """What a model makes."""
        return self._models[model.name]


def _edges(
    file: str, model: Model, book: _Book, naming: Naming, known: Manifest
) -> Iterator[Lineage]:
    """The edges of one model: of tables by its references, of columns by its SQL."""
    downstream = book.of_model(model).urn or file
    ends = [book.end(call) for call in model.calls if call.name in ("ref", "source")]
    hidden = [end(naming.warehouse, table) for table in known.reads.get(model.path, ())]
    for upstream in dict.fromkeys([*(one for one in ends if one), *hidden]):
        if upstream.urn != downstream:
            yield lineage.edge(
                asserted_by=file,
                origin=ORIGIN,
                downstream_urn=downstream,
                upstream_urn=upstream.urn,
                upstream_ref=upstream.ref,
                granularity="table",
                confidence=1.0,
            )
    yield from _columns(file, downstream, model, book, naming)


def _columns(
    file: str, downstream: str, model: Model, book: _Book, naming: Naming
) -> Iterator[Lineage]:
    """The edges of columns, and of tables that the SQL names by itself."""
    platform = naming.warehouse.platform
    if not model.text or not platform:
        return
    standins: dict[str, End | None] = {}

    def put(call: Call) -> str | None:
        if call.name == "config":
            return ""
        if call.name == "var":
            return naming.project.variables.get((call.args or (None,))[0] or "")
        name = f"{STANDIN}{len(standins)}"
        standins[name] = End(urn=downstream) if call.name == "this" else book.end(call)
        return quoted(platform, name)

    text = compiled(model.text, naming.project.variables, put)
    if text is None:
        return
    in_warehouse = sql_lineage.ends_in(naming.warehouse)

    def ends(name: str) -> End | None:
        last = name.rpartition(".")[2]
        return standins[last] if last in standins else in_warehouse(name)

    found = sql_lineage.analysis(text, naming.warehouse)
    yield from sql_lineage.columns(file, found, ends, downstream)
