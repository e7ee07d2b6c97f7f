"""The record types of the catalog, as msgspec Structs: what a tap may say.

Each type mirrors one file of `schemas/`, which is the contract. `tests/test_records.py` proves that
both agree. A field's docstring is the description that its schema carries.

Fields that hold the name of a column or field have the type `FieldPath`: parts joined by dots, and
a part that holds a dot, a quote or nothing is put in double quotes (see `songbook.urn.field_path`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import msgspec

FieldPath: TypeAlias = Annotated[str, msgspec.Meta(extra={"field_path": True})]
Json: TypeAlias = dict[str, Any]

TypeClass: TypeAlias = Literal[
    "string", "integer", "float", "decimal", "boolean", "date", "time", "timestamp", "interval",
    "binary", "json", "array", "struct", "map", "geo", "uuid", "enum", "other",
]  # fmt: skip


class Tag(msgspec.Struct, kw_only=True, frozen=True):
    """A label on an asset: key, value and where it comes from."""

    key: str
    """What it is about."""
    value: str | None = None
    """What it says."""
    source: str | None = None
    """Where it comes from."""


class Owner(msgspec.Struct, kw_only=True, frozen=True):
    """Who is responsible for an asset, and which fact says so."""

    principal: str
    """Name of the owner, as the source stores it."""
    kind: Literal["user", "role", "group", "service"]
    """What sort of principal that is."""
    source: str | None = None
    """The fact that says so."""


class PartitionKey(msgspec.Struct, kw_only=True, frozen=True):
    """One part of a table's partition key: a column or an expression."""

    expression: str
    """The column or expression."""
    field_path: FieldPath | None = None
    """The column, when it is one."""
    kind: str | None = None
    """range, list, hash, time ..."""
    granularity: str | None = None
    """The unit of a partition by time."""


class IndexColumn(msgspec.Struct, kw_only=True, frozen=True):
    """One part of an index: a column or an expression, and its order."""

    field_path: FieldPath | None = None
    """The column, when it is one."""
    expression: str | None = None
    """The expression, when it is not a column."""
    order: str | None = None
    """ASC or DESC, and where nulls go when that is not the default."""


class Identity(msgspec.Struct, kw_only=True, frozen=True):
    """How a column numbers its rows."""

    start: int | None = None
    """The first number."""
    increment: int | None = None
    """The step."""
    mode: str | None = None
    """always or by_default."""


class Argument(msgspec.Struct, kw_only=True, frozen=True):
    """One argument of a routine."""

    data_type: str
    """Its type as declared."""
    name: str | None = None
    """Its name."""
    mode: str | None = None
    """in, out, inout, variadic, table."""
    default: str | None = None
    """The expression that stands in when it is not given."""


class UpstreamRef(msgspec.Struct, kw_only=True, frozen=True):
    """A table of another system, as the source names it."""

    platform: str
    """The product that holds the table."""
    host: str | None = None
    """The host that the source connects to."""
    port: int | None = None
    """The port that it connects to."""
    account: str | None = None
    """The account, project or workspace."""
    database: str | None = None
    """The database, as the source writes it."""
    schema: str | None = None
    """The schema, as the source writes it."""
    table: str | None = None
    """The table, as the source writes it."""
    quoted: bool | None = None
    """Whether the names were quoted, so that their case counts."""
    raw: str | None = None
    """The whole reference, as the source writes it."""


class Record(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What every record type has: a stream, a key, and a place in URNs."""

    STREAM: ClassVar[str]
    """The Singer stream that carries this type."""
    KEY: ClassVar[tuple[str, ...]] = ("urn",)
    """The fields that name one record of the stream."""
    KIND: ClassVar[str | None] = None
    """The reserved segment `~kind` before the last part of the URN; `#` for fields of a table."""
    PARENT: ClassVar[str | None] = None
    """The field that holds the URN of the whole that this is a part of."""
    SUBJECT: ClassVar[str | None] = "urn"
    """The field with the URN that filters and scopes look at."""
    DEFAULT: ClassVar[bool] = True
    """Whether a run reads this stream when nobody chose."""


class Asset(Record, kw_only=True):
    """Anything that has a name and a URN."""

    urn: str
    """Identity: the namespace and the percent-encoded path of identifiers, as the source stores
    them."""
    name: str
    """The last identifier, exactly as the source stores it."""
    description: str | None = None
    """The comment or description that stands in the source."""
    tags: list[Tag] = []
    """Labels that the source puts on it."""
    extra: Json = {}
    """Facts that only this platform has; each tap documents its own."""


class Whole(Asset, kw_only=True):
    """An asset that stands for itself, unlike a column."""

    url: str | None = None
    """A link that opens it in the source's own interface."""
    owners: list[Owner] = []
    """Who owns it according to the source."""
    created_at: dt.datetime | None = None
    """When it was created, by the source's clock."""
    altered_at: dt.datetime | None = None
    """When its definition last changed, by the source's clock."""


class System(Record, kw_only=True):
    """A server, account or site that taps read: the root of its URNs."""

    STREAM = "systems"
    KEY = ("namespace",)
    SUBJECT = "namespace"

    namespace: str
    """Scheme and authority of every URN of this system, as OpenLineage names it."""
    platform: str
    """The product: postgres, snowflake, tableau ..."""
    kind: Literal["database", "warehouse", "bi", "code"] | None = None
    """What sort of system it is."""
    version: str | None = None
    """The version that the server reports."""
    namespace_aliases: list[str] = []
    """Other namespaces under which the same system is known."""
    identifiers: Json = {}
    """How names compare here: what becomes of unquoted and quoted identifiers, and whether case
    matters."""
    default_database: str | None = None
    """The database that a name without one refers to."""
    default_schema: str | None = None
    """The schema that a name without one refers to."""
    tap: str | None = None
    """The tap that read it."""
    tap_version: str | None = None
    """The version of that tap."""
    extra: Json = {}
    """Facts that only this platform has; each tap documents its own."""


class Container(Whole, kw_only=True):
    """A thing that holds tables or other assets: a database, schema, project, site or folder."""

    STREAM = "containers"

    container_type: str
    """database, schema, project, dataset, catalog, site, workspace, folder, organization,
    share ..."""
    parent_urn: str | None = None
    """The container that holds this one."""


class Table(Whole, kw_only=True):
    """A relation: a table, view, partition or anything else that has columns and can be queried."""

    STREAM = "tables"

    container_urn: str
    """The schema, dataset or database that holds it."""
    table_type: str
    """table, view, materialized_view, external_table, foreign_table, partitioned_table, partition,
    temporary_table, transient_table, dynamic_table, iceberg_table, hybrid_table, stream,
    snapshot, clone, streaming_table, semantic_view ..."""
    native_type: str | None = None
    """What the source itself calls this sort of relation."""
    partition_of_urn: str | None = None
    """The table that this one is a partition of."""
    definition: str | None = None
    """The statement or expression that defines it."""
    definition_language: str | None = None
    """The language of the definition: sql, lookml, dax, m, python."""
    is_secure: bool | None = None
    """Whether its definition is hidden from those who may not own it, or it shields rows from
    leaking."""
    location: str | None = None
    """Where its data is kept, when that is outside the system or a named space in it."""
    file_format: str | None = None
    """The format of its files."""
    partition_keys: list[PartitionKey] = []
    """What its rows are partitioned by."""
    partition_bound: str | None = None
    """Which rows belong to this partition."""
    clustering_keys: list[str] = []
    """What its rows are clustered by."""
    sort_keys: list[str] = []
    """What its rows are sorted by."""
    distribution: Json | None = None
    """How its rows are spread over nodes: style and key."""
    row_count: int | None = None
    """Number of rows, as the source estimates or counts it."""
    size_bytes: int | None = None
    """Size in bytes, as the source estimates or counts it."""
    statistics_at: dt.datetime | None = None
    """When the source last took the statistics above."""
    data_changed_at: dt.datetime | None = None
    """When its rows last changed."""
    auto_increment: int | None = None
    """The number that the next row gets, where a column numbers the rows."""
    retention_days: float | None = None
    """How many days its history is kept."""
    options: Json = {}
    """Settings that it was created with."""


class Column(Asset, kw_only=True):
    """A column of a table, or a field nested in one."""

    STREAM = "columns"
    KIND = "#"
    PARENT = "table_urn"

    table_urn: str
    """The relation that has it."""
    field_path: FieldPath
    """Its path in the table: the name, and for nested fields the names from the outside in, joined
    by dots."""
    parent_field_path: FieldPath | None = None
    """The field that it is nested in."""
    ordinal: int | None = None
    """Its position, as the source numbers it; the first is 1, and dropped columns may leave
    gaps."""
    data_type: str
    """The type as declared, in the words of the source."""
    type_class: TypeClass | None = None
    """The type's family, the same on all platforms."""
    length: int | None = None
    """The most characters, bytes or bits it holds."""
    precision: int | None = None
    """Digits of a number, or of the seconds' fraction."""
    scale: int | None = None
    """Digits after the decimal point."""
    nullable: bool | None = None
    """Whether it may be null."""
    default: str | None = None
    """The expression that fills it when nothing is given."""
    identity: Identity | None = None
    """How it numbers rows, when it does."""
    generation_expression: str | None = None
    """The expression that computes it."""
    generated: Literal["stored", "virtual"] | None = None
    """Whether a computed value is kept or made when read."""
    collation: str | None = None
    """How its text is ordered, when that is not the default."""
    masking_policy: str | None = None
    """The policy that masks it."""
    hidden: bool | None = None
    """Whether the source hides it from a plain SELECT *."""


class Constraint(Asset, kw_only=True):
    """A rule that rows of a table obey."""

    STREAM = "constraints"
    KIND = "constraint"
    PARENT = "table_urn"

    table_urn: str
    """The table that it stands on."""
    constraint_type: Literal["primary_key", "foreign_key", "unique", "check", "exclusion"]
    """What sort of rule it is."""
    columns: list[FieldPath] = []
    """The columns it speaks of, in its order."""
    referenced_table_urn: str | None = None
    """The table that a foreign key points to."""
    referenced_columns: list[FieldPath] = []
    """The columns that a foreign key points to, in the order of `columns`."""
    on_update: str | None = None
    """What a foreign key does when the referenced row changes."""
    on_delete: str | None = None
    """What a foreign key does when the referenced row goes."""
    expression: str | None = None
    """The rule as the source writes it."""
    enforced: bool | None = None
    """Whether the source refuses rows that break it."""
    validated: bool | None = None
    """Whether the rows that were there before it obey it too."""
    deferrable: bool | None = None
    """Whether it can be checked at the end of a transaction."""


class Index(Asset, kw_only=True):
    """An index of a table."""

    STREAM = "indexes"
    KIND = "index"
    PARENT = "table_urn"

    table_urn: str
    """The table that it serves."""
    columns: list[IndexColumn] = []
    """What it orders by: columns or expressions, with their order."""
    unique: bool | None = None
    """Whether two rows may not have the same key."""
    method: str | None = None
    """The access method: btree, gin ..."""
    predicate: str | None = None
    """Which rows it holds, when not all."""
    include_columns: list[FieldPath] = []
    """Columns that it carries without ordering by them."""
    size_bytes: int | None = None
    """Size in bytes."""


class Routine(Whole, kw_only=True):
    """A function or procedure."""

    STREAM = "routines"
    KIND = "routine"

    routine_type: str
    """function, procedure, aggregate, window."""
    language: str | None = None
    """The language it is written in."""
    arguments: list[Argument] = []
    """What it takes."""
    return_type: str | None = None
    """What it gives."""
    definition: str | None = None
    """Its source."""
    security: str | None = None
    """Whose rights it runs with: invoker or definer."""
    volatility: str | None = None
    """Whether it may give another answer to the same question: immutable, stable, volatile."""


class Trigger(Whole, kw_only=True):
    """What runs when rows of a table change."""

    STREAM = "triggers"
    KIND = "trigger"

    table_urn: str | None = None
    """The table that it watches."""
    timing: str | None = None
    """BEFORE, AFTER or INSTEAD OF."""
    events: list[str] = []
    """INSERT, UPDATE, DELETE, TRUNCATE."""
    definition: str | None = None
    """The statement that creates it."""


class Sequence(Whole, kw_only=True):
    """A generator of numbers."""

    STREAM = "sequences"
    KIND = "sequence"

    data_type: str | None = None
    """The type of its numbers."""
    start: int | None = None
    """The first number."""
    increment: int | None = None
    """The step."""
    min: int | None = None
    """The least number."""
    max: int | None = None
    """The greatest number."""
    owned_by: str | None = None
    """URN of the column that it numbers."""


class Type(Whole, kw_only=True):
    """A data type that somebody defined."""

    STREAM = "types"
    KIND = "type"

    type_type: str
    """enum, domain, composite, range."""
    labels: list[str] = []
    """The values of an enum, in order."""
    base_type: str | None = None
    """The type that a domain or range is built on."""
    definition: str | None = None
    """What it is made of."""


class Location(Whole, kw_only=True):
    """A place outside tables that holds data: a stage, volume, external location or file format."""

    STREAM = "locations"
    KIND = "location"

    location_type: str | None = None
    """stage, volume, external_location, file_format."""
    address: str | None = None
    """Where it points to."""
    container_urn: str | None = None
    """The container that holds it."""


class MlModel(Whole, kw_only=True):
    """A machine-learning model."""

    STREAM = "ml_models"
    KIND = "model"

    versions: list[Json] = []
    """Its versions."""
    aliases: list[str] = []
    """Names that point to versions."""
    container_urn: str | None = None
    """The container that holds it."""


class Policy(Whole, kw_only=True):
    """A rule on who sees which rows or values."""

    STREAM = "policies"
    KIND = "policy"
    DEFAULT = False

    policy_type: str
    """masking, row_access, rls."""
    expression: str | None = None
    """The rule."""
    applies_to: list[str] = []
    """URNs of the tables or columns that it guards."""


class Principal(Whole, kw_only=True):
    """A user, role or group."""

    STREAM = "principals"
    KIND = "principal"
    DEFAULT = False

    principal_type: str
    """user, role, group, service."""
    member_of: list[str] = []
    """URNs of the principals that it belongs to."""


class Grant(Record, kw_only=True):
    """A privilege that a principal has on an object."""

    STREAM = "grants"
    KEY = ("grantee_urn", "object_urn", "privilege")
    SUBJECT = "object_urn"
    DEFAULT = False

    grantee_urn: str
    """Who has the privilege."""
    object_urn: str
    """What it is on."""
    privilege: str
    """What it allows, in the words of the source."""
    grantable: bool | None = None
    """Whether the grantee may pass it on."""
    grantor: str | None = None
    """Who gave it."""
    extra: Json = {}
    """Facts that only this platform has; each tap documents its own."""


class DataModel(Whole, kw_only=True):
    """A layer between tables and dashboards: a data source, explore, semantic model or dataflow."""

    STREAM = "data_models"

    data_model_type: str
    """What the platform calls it: datasource, model, explore, view, semantic_model, table, dataflow
    ..."""
    container_urn: str | None = None
    """The container that holds it."""
    parent_urn: str | None = None
    """The data model that it is a part of."""
    connection: Json | None = None
    """Where it reads from: platform, host, port, database ..."""
    definition: str | None = None
    """The code that defines it."""
    definition_language: str | None = None
    """The language of the definition: sql, lookml, dax, m."""
    upstream_refs: list[UpstreamRef] = []
    """Tables of other systems that it reads."""
    refreshed_at: dt.datetime | None = None
    """When its data was last refreshed."""
    certified: bool | None = None
    """Whether somebody vouched for it."""


class Relationship(Asset, kw_only=True):
    """A join between two data models."""

    STREAM = "relationships"

    left_urn: str
    """The data model on the left."""
    left_fields: list[FieldPath] = []
    """Its fields in the join."""
    right_urn: str
    """The data model on the right."""
    right_fields: list[FieldPath] = []
    """Its fields in the join, in the order of `left_fields`."""
    cardinality: str | None = None
    """one_to_one, one_to_many, many_to_one, many_to_many."""
    expression: str | None = None
    """The condition of the join."""


class Field(Asset, kw_only=True):
    """A dimension, measure or other field of a data model."""

    STREAM = "fields"
    KIND = "#"
    PARENT = "data_model_urn"

    data_model_urn: str
    """The data model that has it."""
    field_path: FieldPath
    """Its path in the data model."""
    label: str | None = None
    """The name that people see."""
    role: str | None = None
    """dimension, measure, parameter, filter, hierarchy."""
    data_type: str | None = None
    """The type in the words of the source."""
    aggregation: str | None = None
    """How its values are summed up."""
    formula: str | None = None
    """The expression that computes it."""
    formula_language: str | None = None
    """The language of the formula: tableau, lookml, dax, m, sql."""
    referenced_fields: list[str] = []
    """URNs or paths of the fields that the formula uses."""
    hidden: bool | None = None
    """Whether people don't see it."""


class Dashboard(Whole, kw_only=True):
    """A page of charts: a dashboard, report, workbook or story."""

    STREAM = "dashboards"

    dashboard_type: str
    """dashboard, workbook, report, paginated_report, story, app, look."""
    container_urn: str | None = None
    """The container that holds it."""
    chart_urns: list[str] = []
    """The charts on it."""
    data_model_urns: list[str] = []
    """The data models that it reads."""
    view_count: int | None = None
    """How often it was opened."""
    last_viewed_at: dt.datetime | None = None
    """When it was last opened."""


class Chart(Whole, kw_only=True):
    """One tile, sheet or visual."""

    STREAM = "charts"
    PARENT = "dashboard_urn"

    dashboard_urn: str | None = None
    """The dashboard that shows it."""
    chart_type: str | None = None
    """bar, line, table, map ..."""
    data_model_urns: list[str] = []
    """The data models that it reads."""
    field_urns: list[str] = []
    """The fields that it shows."""
    query: str | None = None
    """The query behind it."""


class Job(Whole, kw_only=True):
    """Something that runs: a notebook, workflow, task, pipeline or scheduled query."""

    STREAM = "jobs"
    KIND = "job"

    job_type: str
    """notebook, workflow, task, pipeline, pipe, scheduled_query, event ..."""
    container_urn: str | None = None
    """The container that holds it."""
    language: str | None = None
    """The language it is written in."""
    definition: str | None = None
    """Its source."""
    schedule: str | None = None
    """When it runs."""
    inputs: list[str] = []
    """URNs of what it reads."""
    outputs: list[str] = []
    """URNs of what it writes."""


class Repository(Whole, kw_only=True):
    """A code repository."""

    STREAM = "repositories"

    default_branch: str | None = None
    """The branch that counts."""
    visibility: str | None = None
    """public, private, internal."""
    languages: Json = {}
    """Bytes of code in each language."""
    topics: list[str] = []
    """Its topics."""
    archived: bool | None = None
    """Whether it is read-only."""
    pushed_at: dt.datetime | None = None
    """When somebody last pushed to it."""
    head_sha: str | None = None
    """The commit at the tip of the default branch."""


class Branch(Whole, kw_only=True):
    """A branch of a repository."""

    STREAM = "branches"

    repository_urn: str
    """The repository that has it."""
    head_sha: str | None = None
    """The commit at its tip."""
    protected: bool | None = None
    """Whether rules guard it."""


class Commit(Asset, kw_only=True):
    """A commit of a chosen branch."""

    STREAM = "commits"

    repository_urn: str | None = None
    """The repository that has it."""
    sha: str
    """Its hash."""
    author: str | None = None
    """Who wrote it."""
    committed_at: dt.datetime | None = None
    """When it was committed."""
    message: str | None = None
    """What its author says about it."""
    parents: list[str] = []
    """Hashes of the commits before it."""
    files: list[str] = []
    """Paths of the files that it touched."""


class PullRequest(Asset, kw_only=True):
    """A pull request."""

    STREAM = "pull_requests"

    repository_urn: str | None = None
    """The repository that it is for."""
    number: int
    """Its number in the repository."""
    state: str | None = None
    """open, closed, merged."""
    author: str | None = None
    """Who opened it."""
    reviews: list[Json] = []
    """Who reviewed it, and how."""
    base: str | None = None
    """The branch that it goes to."""
    head: str | None = None
    """The branch that it comes from."""
    merged_at: dt.datetime | None = None
    """When it was merged."""
    files: list[str] = []
    """Paths of the files that it touches."""


class File(Whole, kw_only=True):
    """A file of a kind that matters to a catalog."""

    STREAM = "files"

    repository_urn: str | None = None
    """The repository that holds it."""
    path: str
    """Its path in the repository."""
    blob_sha: str | None = None
    """The hash of its content."""
    size_bytes: int | None = None
    """Size in bytes."""
    kind: str | None = None
    """sql, dbt_project, dbt_schema, lookml, notebook, pbip, tableau ..."""
    definition: str | None = None
    """Its content, for the kinds above."""
    last_commit_sha: str | None = None
    """The commit that last touched it."""
    last_pull_request: int | None = None
    """The pull request that last touched it."""


class Lineage(Record, kw_only=True):
    """One edge: something downstream is made from something upstream."""

    STREAM = "lineage"
    KEY = ("lineage_id",)
    SUBJECT = "asserted_by"

    lineage_id: str
    """32 hex digits: the first 128 bits of SHA-256 over asserted_by, origin, both ends and the
    transformation."""
    asserted_by: str
    """URN of the view, job, file or dashboard whose definition says so."""
    downstream_urn: str
    """What is made."""
    downstream_field: FieldPath | None = None
    """The column or field that is made; null when the edge is about the whole."""
    upstream_urn: str | None = None
    """What it is made from, when the tap knows its URN."""
    upstream_field: FieldPath | None = None
    """The column or field that it is made from."""
    upstream_ref: UpstreamRef | None = None
    """What it is made from, as the source names it, when that is another system's."""
    granularity: Literal["table", "column", "star"]
    """Whether the edge is about whole tables, single columns, or all columns of the upstream."""
    origin: str
    """How it is known: view_definition, query_log, native, declared, bi_model,
    external_location."""
    transformation_type: Literal["DIRECT", "INDIRECT"] | None = None
    """Whether the value flows (DIRECT) or only decides what flows (INDIRECT), as OpenLineage
    defines it."""
    transformation_subtype: str | None = None
    """OpenLineage's subtype: IDENTITY, TRANSFORMATION, AGGREGATION, or JOIN, GROUP_BY, FILTER,
    SORT, WINDOW, CONDITIONAL."""
    transformation: str | None = None
    """The expression."""
    process_urn: str | None = None
    """The job that makes it."""
    confidence: float | None = None
    """How sure the edge is, from 0 to 1; exact sources say 1."""
    extra: Json = {}
    """Facts that only this platform has; each tap documents its own."""


class Query(Record, kw_only=True):
    """A statement that ran in a window of time."""

    STREAM = "queries"
    KEY = ("statement_hash", "window_start")
    SUBJECT = None
    DEFAULT = False

    statement_hash: str
    """Hash of the text with its literals taken out."""
    window_start: dt.datetime
    """When the window begins."""
    text: str | None = None
    """The statement with its literals taken out."""
    statement_type: str | None = None
    """SELECT, INSERT, MERGE ..."""
    principal_urn: str | None = None
    """Who ran it."""
    runs: int | None = None
    """How often it ran."""
    duration_ms: float | None = None
    """Time in milliseconds, all runs together."""
    rows: int | None = None
    """Rows that it gave or touched."""
    bytes_scanned: int | None = None
    """Bytes that it read."""
    cost: float | None = None
    """What it cost, in the unit that the platform bills."""
    extra: Json = {}
    """Facts that only this platform has; each tap documents its own."""


class Usage(Record, kw_only=True):
    """How much an object was used in a window of time."""

    STREAM = "usage"
    KEY = ("object_urn", "field_path", "window_start")
    SUBJECT = "object_urn"
    DEFAULT = False

    object_urn: str
    """What was used."""
    field_path: FieldPath
    """Which field of it; empty for the whole."""
    window_start: dt.datetime
    """When the window begins."""
    reads: int | None = None
    """How often it was read."""
    writes: int | None = None
    """How often it was written."""
    unique_users: int | None = None
    """How many principals used it."""
    top_queries: list[str] = []
    """Hashes of the statements that used it most."""
    extra: Json = {}
    """Facts that only this platform has; each tap documents its own."""


class Coverage(Record, kw_only=True):
    """What a run saw of one stream in one scope, and what it could not see."""

    STREAM = "coverage"
    KEY = ("stream", "scope_urn")
    SUBJECT = "scope_urn"

    stream: str
    """The stream that this is about."""
    scope_urn: str
    """URN of the system, database, schema, site or repository that was read."""
    complete: bool
    """Whether everything in the scope that passes the filter was sent."""
    extracted: int
    """How many distinct keys were sent."""
    seen: int | None = None
    """How many objects the source showed."""
    filtered: int | None = None
    """How many of them the filter left out."""
    denied: int | None = None
    """How many were refused for lack of a privilege."""
    failed: int | None = None
    """How many could not be read for another reason."""
    truncated: int | None = None
    """How many were cut off by a limit."""
    filter_hash: str | None = None
    """Hash of the filter; when it differs from the last run's, what is missing left the scope and
    was not removed."""
    unread_fields: list[str] = []
    """Fields that this run could not look at; the catalog keeps what it has."""
    reason: str | None = None
    """Why it is not complete."""
    statements: int | None = None
    """How many statements or requests it took."""
    duration_ms: float | None = None
    """Time in milliseconds, that of a slow reader included."""
    cost: float | None = None
    """What it cost, in the unit that the platform bills."""


class Liveness(Record, kw_only=True):
    """In an incremental run: this object is still there and unchanged."""

    STREAM = "liveness"
    KEY = ("stream", "urn")

    stream: str
    """The stream that the object belongs to."""
    urn: str
    """The object."""


NO_SUCH_STREAM = "NO_SUCH_STREAM"
"""Code of the diagnostic that says that a source does not have a stream, which is not covered
then."""

NOTHING_CHANGED = "NOTHING_CHANGED"
"""Code of the diagnostic that says that parts of a stream were not read, since they look as in the
last run; what is below them is left as it was, and not covered."""


class Diagnostic(Record, kw_only=True):
    """Something that a person should know about the run, and what to do about it."""

    STREAM = "diagnostics"
    KEY = ("code", "stream", "scope_urn")
    SUBJECT = "scope_urn"

    code: str
    """A stable name of the problem, such as POSTGRES_DATABASE_DENIED."""
    stream: str
    """The stream that it is about; empty when it is about the whole run."""
    scope_urn: str
    """Where it happened."""
    severity: Literal["info", "warning", "error"]
    """error: something is missing. warning: something may be. info: good to know."""
    title: str
    """What happened, in one line."""
    detail: str | None = None
    """More about it; secrets are masked."""
    remediation: str | None = None
    """What to do: the GRANT to run, where there is one."""
    doc_url: str | None = None
    """Where to read more."""
    count: int | None = None
    """How often it happened."""


TYPES: tuple[type[Record], ...] = (
    System, Container, Table, Column, Constraint, Index, Routine, Trigger, Sequence, Type,
    Location, MlModel, Policy, Principal, Grant, DataModel, Relationship, Field, Dashboard, Chart,
    Job, Repository, Branch, Commit, PullRequest, File, Lineage, Query, Usage,
    Liveness, Diagnostic, Coverage,
)  # fmt: skip
"""All record types, in the order in which their streams are written; coverage comes last."""
