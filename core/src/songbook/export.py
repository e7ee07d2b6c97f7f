"""Records in the words of others: OpenLineage's dataset events.

It needs the extra `openlineage`: pip install "songbook-core[openlineage]".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata

from songbook import urn
from songbook.errors import ConfigError
from songbook.records import Column, DataModel, Field, Lineage, Record, System, Table, Whole

try:
    from openlineage.client.event_v2 import DatasetEvent, StaticDataset
    from openlineage.client.facet_v2 import (
        DatasetFacet,
        column_lineage_dataset,
        dataset_type_dataset,
        documentation_dataset,
        ownership_dataset,
        schema_dataset,
        symlinks_dataset,
        tags_dataset,
    )
except ImportError:
    raise ConfigError(
        "The client of OpenLineage is not installed.",
        hint='Install it: pip install "songbook-core[openlineage]"',
    ) from None

__all__ = ["to_openlineage"]

PRODUCER = f"urn:songbook:core:{metadata.version('songbook-core')}"
TYPES: dict[str, tuple[str, str | None]] = {
    "view": ("VIEW", None),
    "materialized_view": ("VIEW", "MATERIALIZED"),
    "external_table": ("TABLE", "EXTERNAL"),
    "temporary_table": ("TABLE", "TEMPORARY"),
    "stream": ("STREAM", None),
}
"""Table types in OpenLineage's words; any other is a subtype of TABLE."""


@dataclass
class _Gathered:
    """Records by what they say something about."""

    wholes: list[Table | DataModel] = field(default_factory=list)
    parts: dict[str, list[Column | Field]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[str, list[Lineage]] = field(default_factory=lambda: defaultdict(list))
    aliases: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def to_openlineage(
    records: Iterable[Record], *, at: datetime | None = None
) -> Iterator[DatasetEvent]:
    """An event for each table and data model, in their order, as seen at a moment (without a zone:
    in local time) or now.

    Columns and lineage come after their tables, so all records are read before the first event.
    Edges to tables of other systems that only the catalog can find are left out.
    """
    gathered = _gather(records)
    seen_at = (at or datetime.now(UTC)).astimezone(UTC).isoformat()
    for whole in gathered.wholes:
        namespace, name = _dataset(whole.urn)
        yield DatasetEvent(
            eventTime=seen_at,
            producer=PRODUCER,
            dataset=StaticDataset(namespace, name, facets=dict(_facets(whole, gathered))),
        )


def _gather(records: Iterable[Record]) -> _Gathered:
    found = _Gathered()
    for record in records:
        match record:
            case Table() | DataModel():
                found.wholes.append(record)
            case Column():
                found.parts[record.table_urn].append(record)
            case Field():
                found.parts[record.data_model_urn].append(record)
            case Lineage():
                found.edges[record.downstream_urn].append(record)
            case System():
                found.aliases[record.namespace] = record.namespace_aliases
            case _:  # says nothing about datasets
                pass
    return found


def _dataset(of: str) -> tuple[str, str]:
    """Namespace and name, as https://openlineage.io/docs/spec/naming has them."""
    parts = urn.parse(of)
    return _namespace(parts.namespace), ".".join(parts.path)


def _namespace(namespace: str) -> str:
    return "bigquery" if namespace == "bigquery://" else namespace


def _facets(whole: Table | DataModel, found: _Gathered) -> Iterator[tuple[str, DatasetFacet]]:
    parts = found.parts[whole.urn]
    yield "datasetType", _type(whole)
    if whole.description is not None:
        yield (
            "documentation",
            _signed(documentation_dataset.DocumentationDatasetFacet(description=whole.description)),
        )
    if parts:
        yield "schema", _signed(schema_dataset.SchemaDatasetFacet(fields=_schema(parts)))
    if whole.owners:
        yield "ownership", _signed(ownership_dataset.OwnershipDatasetFacet(owners=_owners(whole)))
    if tags := list(_tags(whole, parts)):
        yield "tags", _signed(tags_dataset.TagsDatasetFacet(tags=tags))
    if links := list(_symlinks(whole, found)):
        yield "symlinks", _signed(symlinks_dataset.SymlinksDatasetFacet(identifiers=links))
    if lineage := _column_lineage(whole.urn, found):
        yield "columnLineage", _signed(lineage)


def _signed(facet: DatasetFacet) -> DatasetFacet:
    facet._producer = PRODUCER  # the client takes it from a global otherwise
    return facet


def _type(whole: Table | DataModel) -> DatasetFacet:
    kind, sub = (
        ("MODEL", whole.data_model_type)
        if isinstance(whole, DataModel)
        else TYPES.get(whole.table_type, ("TABLE", whole.table_type))
    )
    return _signed(
        dataset_type_dataset.DatasetTypeDatasetFacet(
            datasetType=kind, subType=None if sub == "table" else sub
        )
    )


def _schema(
    parts: list[Column | Field], parent: str | None = None
) -> list[schema_dataset.SchemaDatasetFacetFields]:
    """Columns, each with the fields nested in it."""
    return [
        schema_dataset.SchemaDatasetFacetFields(
            name=part.name,
            type=part.data_type,
            description=part.description,
            ordinal_position=part.ordinal if isinstance(part, Column) else None,
            fields=_schema(parts, part.field_path),
        )
        for part in parts
        if (part.parent_field_path if isinstance(part, Column) else None) == parent
    ]


def _owners(whole: Whole) -> list[ownership_dataset.Owner]:
    return [
        ownership_dataset.Owner(name=f"{owner.kind}:{owner.principal}", type=owner.source)
        for owner in whole.owners
    ]


def _tags(
    whole: Whole, parts: list[Column | Field]
) -> Iterator[tags_dataset.TagsDatasetFacetFields]:
    for tag in whole.tags:
        yield tags_dataset.TagsDatasetFacetFields(tag.key, tag.value or "", tag.source)
    for part in parts:
        for tag in part.tags:
            yield tags_dataset.TagsDatasetFacetFields(
                tag.key, tag.value or "", tag.source, part.field_path
            )


def _symlinks(whole: Table | DataModel, found: _Gathered) -> Iterator[symlinks_dataset.Identifier]:
    """The same by other names of its system, and where its data is kept."""
    parts = urn.parse(whole.urn)
    for alias in found.aliases[parts.namespace]:
        yield symlinks_dataset.Identifier(_namespace(alias), ".".join(parts.path), "TABLE")
    scheme, mark, rest = (whole.location or "" if isinstance(whole, Table) else "").partition("://")
    if mark:
        bucket, _, path = rest.partition("/")
        yield symlinks_dataset.Identifier(f"{scheme}://{bucket}", path or "/", "LOCATION")


def _column_lineage(
    downstream: str, found: _Gathered
) -> column_lineage_dataset.ColumnLineageDatasetFacet | None:
    """What each column is made from, and what the whole depends on."""
    inputs: dict[str | None, dict[tuple[str, str], list[Lineage]]] = {}
    for edge in found.edges[downstream]:
        for field_path, upstream_field in _ends(edge, found):
            source = (edge.upstream_urn or "", upstream_field)
            inputs.setdefault(field_path, {}).setdefault(source, []).append(edge)
    if not inputs:
        return None
    whole = _inputs(inputs.pop(None, {}))
    fields = {
        name: column_lineage_dataset.Fields(inputFields=_inputs(sources))
        for name, sources in inputs.items()
        if name is not None
    }
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields, dataset=whole)


def _ends(edge: Lineage, found: _Gathered) -> Iterator[tuple[str | None, str]]:
    """Downstream and upstream column of an edge; a star has one pair a column of its upstream."""
    if edge.upstream_urn is None:
        return
    if edge.granularity == "star":
        made = {part.field_path for part in found.parts[edge.downstream_urn]}
        for part in found.parts[edge.upstream_urn]:
            if not made or part.field_path in made:
                yield edge.downstream_field or part.field_path, part.field_path
    elif edge.upstream_field is not None:
        yield edge.downstream_field, edge.upstream_field


def _inputs(
    sources: dict[tuple[str, str], list[Lineage]],
) -> list[column_lineage_dataset.InputField]:
    return [
        column_lineage_dataset.InputField(*_dataset(of), upstream_field, _transformations(edges))
        for (of, upstream_field), edges in sources.items()
    ]


def _transformations(edges: list[Lineage]) -> list[column_lineage_dataset.Transformation]:
    return [
        column_lineage_dataset.Transformation(
            type=edge.transformation_type,
            subtype=edge.transformation_subtype,
            description=edge.transformation,
        )
        for edge in edges
        if edge.transformation_type is not None
    ]
