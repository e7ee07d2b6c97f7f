-- One table for each record type of `schemas/`: the facts that taps found, one row an object of a connector.
--
-- Every table ends with the same four columns: when the row was first seen and last changed, and, for an object that
-- a change of the tap's filter put out of scope, the filter under which it was last in scope and when it left.
-- URNs compare bytewise (collation C): what lies below a URN is then one range of the primary key.
-- Rows don't reference their connector by a foreign key: it would be checked row by row on loads of millions.

CREATE TABLE catalog.systems (
    connector_id uuid NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    platform text NOT NULL,
    kind text,
    version text,
    namespace_aliases jsonb,
    identifiers jsonb,
    default_database text,
    default_schema text,
    tap text,
    tap_version text,
    extra jsonb,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, namespace)
);

COMMENT ON TABLE catalog.systems IS 'A server, account or site that taps read: the root of its URNs.';

CREATE TABLE catalog.containers (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    container_type text NOT NULL,
    parent_urn text COLLATE "C",
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.containers IS 'A thing that holds tables or other assets: a database, schema, project, site or folder.';

CREATE TABLE catalog.tables (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    container_urn text COLLATE "C" NOT NULL,
    table_type text NOT NULL,
    native_type text,
    partition_of_urn text COLLATE "C",
    definition text,
    definition_language text,
    is_secure boolean,
    location text,
    file_format text,
    partition_keys jsonb,
    partition_bound text,
    clustering_keys jsonb,
    sort_keys jsonb,
    distribution jsonb,
    row_count bigint,
    size_bytes bigint,
    statistics_at timestamptz,
    data_changed_at timestamptz,
    retention_days double precision,
    options jsonb,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    match_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.match_key(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.tables IS 'A relation: a table, view, partition or anything else that has columns and can be queried.';

CREATE TABLE catalog.columns (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    table_urn text COLLATE "C" NOT NULL,
    field_path text NOT NULL,
    parent_field_path text,
    ordinal bigint,
    data_type text NOT NULL,
    type_class text,
    length bigint,
    precision bigint,
    scale bigint,
    nullable boolean,
    "default" text,
    identity jsonb,
    generation_expression text,
    generated text,
    "collation" text,
    masking_policy text,
    hidden boolean,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.columns IS 'A column of a table, or a field nested in one.';

CREATE TABLE catalog.constraints (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    table_urn text COLLATE "C" NOT NULL,
    constraint_type text NOT NULL,
    columns jsonb,
    referenced_table_urn text COLLATE "C",
    referenced_columns jsonb,
    on_update text,
    on_delete text,
    expression text,
    enforced boolean,
    validated boolean,
    "deferrable" boolean,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.constraints IS 'A rule that rows of a table obey.';

CREATE TABLE catalog.indexes (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    table_urn text COLLATE "C" NOT NULL,
    columns jsonb,
    "unique" boolean,
    method text,
    predicate text,
    include_columns jsonb,
    size_bytes bigint,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.indexes IS 'An index of a table.';

CREATE TABLE catalog.routines (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    routine_type text NOT NULL,
    language text,
    arguments jsonb,
    return_type text,
    definition text,
    security text,
    volatility text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.routines IS 'A function or procedure.';

CREATE TABLE catalog.triggers (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    table_urn text COLLATE "C",
    timing text,
    events jsonb,
    definition text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.triggers IS 'What runs when rows of a table change.';

CREATE TABLE catalog.sequences (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    data_type text,
    start bigint,
    increment bigint,
    min bigint,
    max bigint,
    owned_by text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.sequences IS 'A generator of numbers.';

CREATE TABLE catalog.types (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    type_type text NOT NULL,
    labels jsonb,
    base_type text,
    definition text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.types IS 'A data type that somebody defined.';

CREATE TABLE catalog.locations (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    location_type text,
    address text,
    container_urn text COLLATE "C",
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.locations IS 'A place outside tables that holds data: a stage, volume, external location or file format.';

CREATE TABLE catalog.ml_models (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    versions jsonb,
    aliases jsonb,
    container_urn text COLLATE "C",
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.ml_models IS 'A machine-learning model.';

CREATE TABLE catalog.policies (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    policy_type text NOT NULL,
    expression text,
    applies_to jsonb,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.policies IS 'A rule on who sees which rows or values.';

CREATE TABLE catalog.principals (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    principal_type text NOT NULL,
    member_of jsonb,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.principals IS 'A user, role or group.';

CREATE TABLE catalog.grants (
    connector_id uuid NOT NULL,
    grantee_urn text COLLATE "C" NOT NULL,
    object_urn text COLLATE "C" NOT NULL,
    privilege text COLLATE "C" NOT NULL,
    grantable boolean,
    grantor text,
    extra jsonb,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, grantee_urn, object_urn, privilege)
);

COMMENT ON TABLE catalog.grants IS 'A privilege that a principal has on an object.';

CREATE TABLE catalog.data_models (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    data_model_type text NOT NULL,
    container_urn text COLLATE "C",
    parent_urn text COLLATE "C",
    connection jsonb,
    definition text,
    definition_language text,
    upstream_refs jsonb,
    refreshed_at timestamptz,
    certified boolean,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.data_models IS 'A layer between tables and dashboards: a data source, explore, semantic model or dataflow.';

CREATE TABLE catalog.relationships (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    left_urn text COLLATE "C" NOT NULL,
    left_fields jsonb,
    right_urn text COLLATE "C" NOT NULL,
    right_fields jsonb,
    cardinality text,
    expression text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.relationships IS 'A join between two data models.';

CREATE TABLE catalog.fields (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    data_model_urn text COLLATE "C" NOT NULL,
    field_path text NOT NULL,
    label text,
    role text,
    data_type text,
    aggregation text,
    formula text,
    formula_language text,
    referenced_fields jsonb,
    hidden boolean,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.fields IS 'A dimension, measure or other field of a data model.';

CREATE TABLE catalog.dashboards (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    dashboard_type text NOT NULL,
    container_urn text COLLATE "C",
    chart_urns jsonb,
    data_model_urns jsonb,
    view_count bigint,
    last_viewed_at timestamptz,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.dashboards IS 'A page of charts: a dashboard, report, workbook or story.';

CREATE TABLE catalog.charts (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    dashboard_urn text COLLATE "C",
    chart_type text,
    data_model_urns jsonb,
    field_urns jsonb,
    query text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.charts IS 'One tile, sheet or visual.';

CREATE TABLE catalog.jobs (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    job_type text NOT NULL,
    container_urn text COLLATE "C",
    language text,
    definition text,
    schedule text,
    inputs jsonb,
    outputs jsonb,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.jobs IS 'Something that runs: a notebook, workflow, task, pipeline or scheduled query.';

CREATE TABLE catalog.repositories (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    default_branch text,
    visibility text,
    languages jsonb,
    topics jsonb,
    archived boolean,
    pushed_at timestamptz,
    head_sha text,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.repositories IS 'A code repository.';

CREATE TABLE catalog.branches (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    repository_urn text COLLATE "C" NOT NULL,
    head_sha text,
    protected boolean,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.branches IS 'A branch of a repository.';

CREATE TABLE catalog.commits (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    repository_urn text COLLATE "C",
    sha text NOT NULL,
    author text,
    committed_at timestamptz,
    message text,
    parents jsonb,
    files jsonb,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.commits IS 'A commit of a chosen branch.';

CREATE TABLE catalog.pull_requests (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    repository_urn text COLLATE "C",
    number bigint NOT NULL,
    state text,
    author text,
    reviews jsonb,
    base text,
    head text,
    merged_at timestamptz,
    files jsonb,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.pull_requests IS 'A pull request.';

CREATE TABLE catalog.files (
    connector_id uuid NOT NULL,
    urn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    tags jsonb,
    extra jsonb,
    url text,
    owners jsonb,
    created_at timestamptz,
    altered_at timestamptz,
    repository_urn text COLLATE "C",
    path text NOT NULL,
    blob_sha text,
    size_bytes bigint,
    kind text,
    definition text,
    last_commit_sha text,
    last_pull_request bigint,
    namespace text COLLATE "C" NOT NULL GENERATED ALWAYS AS (catalog.urn_namespace(urn)) STORED,
    path_segments text[] NOT NULL GENERATED ALWAYS AS (catalog.urn_path(urn)) STORED,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, urn)
);

COMMENT ON TABLE catalog.files IS 'A file of a kind that matters to a catalog.';

CREATE TABLE catalog.lineage (
    connector_id uuid NOT NULL,
    lineage_id text COLLATE "C" NOT NULL,
    asserted_by text COLLATE "C" NOT NULL,
    downstream_urn text COLLATE "C" NOT NULL,
    downstream_field text,
    upstream_urn text COLLATE "C",
    upstream_field text,
    upstream_ref jsonb,
    granularity text NOT NULL,
    origin text NOT NULL,
    transformation_type text,
    transformation_subtype text,
    transformation text,
    process_urn text COLLATE "C",
    confidence double precision,
    extra jsonb,
    resolution text CHECK (resolution IN ('exact', 'normalized', 'folded', 'ambiguous', 'unresolved')),
    resolved_upstream_urn text COLLATE "C",
    resolution_candidates jsonb,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, lineage_id)
);

COMMENT ON TABLE catalog.lineage IS 'One edge: something downstream is made from something upstream.';

CREATE TABLE catalog.queries (
    connector_id uuid NOT NULL,
    statement_hash text COLLATE "C" NOT NULL,
    window_start timestamptz NOT NULL,
    text text,
    statement_type text,
    principal_urn text COLLATE "C",
    runs bigint,
    duration_ms double precision,
    rows bigint,
    bytes_scanned bigint,
    cost double precision,
    extra jsonb,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, statement_hash, window_start)
);

COMMENT ON TABLE catalog.queries IS 'A statement that ran in a window of time.';

CREATE TABLE catalog.usage (
    connector_id uuid NOT NULL,
    object_urn text COLLATE "C" NOT NULL,
    field_path text COLLATE "C" NOT NULL,
    window_start timestamptz NOT NULL,
    reads bigint,
    writes bigint,
    unique_users bigint,
    top_queries jsonb,
    extra jsonb,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    in_scope_hash text,
    left_scope_at timestamptz,
    PRIMARY KEY (connector_id, object_urn, field_path, window_start)
);

COMMENT ON TABLE catalog.usage IS 'How much an object was used in a window of time.';
CREATE INDEX ON catalog.tables (match_key);
CREATE INDEX ON catalog.lineage (connector_id, asserted_by);
CREATE INDEX ON catalog.lineage (downstream_urn);
CREATE INDEX ON catalog.lineage (resolved_upstream_urn);
CREATE INDEX ON catalog.lineage (connector_id, upstream_urn);
CREATE INDEX ON catalog.lineage (connector_id) WHERE upstream_ref IS NOT NULL;
CREATE INDEX ON catalog.lineage (connector_id) WHERE resolved_upstream_urn IS NULL;
CREATE INDEX ON catalog.grants (connector_id, object_urn);
CREATE INDEX ON catalog.charts (connector_id, dashboard_urn);

INSERT INTO catalog.migrations (version, name) VALUES ('20261122080100', 'catalog_streams');
