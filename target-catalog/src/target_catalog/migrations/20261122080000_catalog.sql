-- The catalog's own tables: who loads into it, what each run saw and changed, and the functions that read URNs.

CREATE SCHEMA IF NOT EXISTS catalog;
CREATE SCHEMA IF NOT EXISTS catalog_staging;

COMMENT ON SCHEMA catalog IS 'What taps found in their sources, and how it changed.';
COMMENT ON SCHEMA catalog_staging IS 'Rows on their way into the catalog: unlogged tables of runs under way.';

CREATE TABLE IF NOT EXISTS catalog.migrations (
    version text PRIMARY KEY CHECK (version ~ '^[0-9]{14}$'),
    name text NOT NULL,
    checksum text,
    applied_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE catalog.migrations IS 'Migrations that were applied; the checksum is null where another program ran them.';

CREATE TABLE catalog.organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE catalog.organizations IS 'Tenants: nothing in the catalog is seen or joined across them.';

CREATE TABLE catalog.connectors (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES catalog.organizations ON DELETE CASCADE,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);

COMMENT ON TABLE catalog.connectors IS 'One tap on one source: every row of the catalog belongs to one.';

CREATE TABLE catalog.runs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    connector_id uuid REFERENCES catalog.connectors ON DELETE CASCADE,
    organization_id uuid NOT NULL REFERENCES catalog.organizations ON DELETE CASCADE,
    attempt integer NOT NULL DEFAULT 1,
    status text NOT NULL DEFAULT 'running'
        CHECK (status IN ('running', 'succeeded', 'partial', 'failed', 'interrupted', 'superseded')),
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    backend_pid integer,
    backend_started_at timestamptz,
    records jsonb NOT NULL DEFAULT '{}',
    added bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    removed bigint NOT NULL DEFAULT 0,
    left_scope bigint NOT NULL DEFAULT 0,
    problems jsonb NOT NULL DEFAULT '[]'
);

CREATE INDEX ON catalog.runs (connector_id, number);
CREATE INDEX ON catalog.runs (status) WHERE status = 'running';

COMMENT ON TABLE catalog.runs IS 'Every load, with its outcome. `number` rises with each start and orders runs of a connector.';

CREATE TABLE catalog.state (
    connector_id uuid PRIMARY KEY REFERENCES catalog.connectors ON DELETE CASCADE,
    value jsonb NOT NULL,
    run_id uuid NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE catalog.state IS 'The last Singer state of each connector whose data is in the catalog.';

CREATE TABLE catalog.coverage (
    connector_id uuid NOT NULL REFERENCES catalog.connectors ON DELETE CASCADE,
    stream text COLLATE "C" NOT NULL,
    scope_urn text COLLATE "C" NOT NULL,
    complete boolean NOT NULL,
    extracted bigint NOT NULL,
    seen bigint,
    filtered bigint,
    denied bigint,
    failed bigint,
    truncated bigint,
    filter_hash text,
    unread_fields jsonb,
    reason text,
    statements bigint,
    duration_ms double precision,
    cost double precision,
    arrived bigint NOT NULL,
    run_id uuid NOT NULL,
    PRIMARY KEY (connector_id, stream, scope_urn)
);

COMMENT ON TABLE catalog.coverage IS 'What each connector''s last run with coverage of a scope said about it, and how many keys arrived.';

CREATE TABLE catalog.scopes (
    connector_id uuid NOT NULL REFERENCES catalog.connectors ON DELETE CASCADE,
    stream text COLLATE "C" NOT NULL,
    scope_urn text COLLATE "C" NOT NULL,
    filter_hash text,
    extracted bigint NOT NULL,
    run_id uuid NOT NULL,
    complete_at timestamptz NOT NULL,
    PRIMARY KEY (connector_id, stream, scope_urn)
);

COMMENT ON TABLE catalog.scopes IS 'The last complete coverage of each scope: what a row''s absence is judged against.';

CREATE TABLE catalog.diagnostics (
    connector_id uuid NOT NULL REFERENCES catalog.connectors ON DELETE CASCADE,
    code text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    scope_urn text COLLATE "C" NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    detail text,
    remediation text,
    doc_url text,
    count bigint,
    run_id uuid NOT NULL,
    PRIMARY KEY (connector_id, code, stream, scope_urn)
);

COMMENT ON TABLE catalog.diagnostics IS 'What a person should know about each connector''s last run.';

CREATE TABLE catalog.changes (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    connector_id uuid NOT NULL,
    run_id uuid NOT NULL,
    stream text COLLATE "C" NOT NULL,
    urn text COLLATE "C" NOT NULL,
    object_key text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('added', 'changed', 'removed', 'restored')),
    field text,
    before jsonb,
    after jsonb,
    counts jsonb,
    breaking boolean NOT NULL DEFAULT false,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);

CREATE INDEX ON catalog.changes (connector_id, urn);
CREATE INDEX ON catalog.changes (run_id);

COMMENT ON TABLE catalog.changes IS 'The change feed. An object that comes or goes whole is one row with counts of what came or went with it; the first load of a scope is one row of stream `scopes`.';

CREATE TABLE catalog.removed (
    connector_id uuid NOT NULL,
    stream text COLLATE "C" NOT NULL,
    object_key text COLLATE "C" NOT NULL,
    urn text COLLATE "C" NOT NULL,
    last_row jsonb NOT NULL,
    run_id uuid NOT NULL,
    removed_at timestamptz NOT NULL,
    PRIMARY KEY (connector_id, stream, object_key)
);

COMMENT ON TABLE catalog.removed IS 'Tombstones: the last row of each object that was removed, so that a return is known as one.';

CREATE TABLE catalog.held_removals (
    connector_id uuid NOT NULL,
    run_id uuid NOT NULL REFERENCES catalog.runs ON DELETE CASCADE,
    stream text COLLATE "C" NOT NULL,
    object_key text COLLATE "C" NOT NULL,
    urn text COLLATE "C" NOT NULL,
    PRIMARY KEY (connector_id, stream, object_key)
);

COMMENT ON TABLE catalog.held_removals IS 'Removals that a run would not make by itself, because they were too many.';

CREATE TABLE catalog.quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES catalog.runs ON DELETE CASCADE,
    stream text NOT NULL,
    line_number bigint,
    record text NOT NULL,
    faults jsonb NOT NULL
);

COMMENT ON TABLE catalog.quarantine IS 'Records that broke their schema, with every fault; kept when on_invalid is quarantine.';

CREATE TABLE catalog.other_streams (
    connector_id uuid NOT NULL REFERENCES catalog.connectors ON DELETE CASCADE,
    stream text COLLATE "C" NOT NULL,
    schema jsonb NOT NULL,
    key_properties jsonb NOT NULL,
    PRIMARY KEY (connector_id, stream)
);

COMMENT ON TABLE catalog.other_streams IS 'Streams whose schema is none of ours, with that schema.';

CREATE TABLE catalog.other_records (
    connector_id uuid NOT NULL,
    stream text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    record jsonb NOT NULL,
    first_seen_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (connector_id, stream, key)
);

COMMENT ON TABLE catalog.other_records IS 'Records of streams that are none of ours; the key is the JSON of their key properties, or a hash of the record.';

CREATE TABLE catalog.system_aliases (
    organization_id uuid NOT NULL REFERENCES catalog.organizations ON DELETE CASCADE,
    alias text NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, alias)
);

COMMENT ON TABLE catalog.system_aliases IS 'Other names of a system, kept by people: a host, host:port, account or namespace that refers to `namespace`.';

-- Whether a URN is the scope itself or lies below it. The range holds both, and an index can answer it: `0` is the
-- character after `/`, and `#` comes before.
CREATE FUNCTION catalog.is_within(urn text, scope text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN urn COLLATE "C" >= scope COLLATE "C"
    AND urn COLLATE "C" < scope || '0' COLLATE "C"
    AND (length(urn) = length(scope) OR substr(urn, length(scope) + 1, 1) IN ('/', '#'));

-- The scheme and authority of a URN.
CREATE FUNCTION catalog.urn_namespace(urn text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(substring(urn FROM '^[^/#]*//[^/#]*'), urn);

-- One percent-encoded identifier as the source stores it; left as it is where it can't be text.
CREATE FUNCTION catalog.urn_decode(segment text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    IF position('%' IN segment) = 0 THEN
        RETURN segment;
    END IF;
    RETURN convert_from(string_agg(
        CASE WHEN part[1] LIKE '\%__' THEN decode(substr(part[1], 2), 'hex')
             ELSE convert_to(part[1], 'UTF8') END, '' ORDER BY place), 'UTF8')
    FROM regexp_matches(segment, '%[0-9A-Fa-f]{2}|[^%]+|%', 'g') WITH ORDINALITY AS parts (part, place);
EXCEPTION WHEN data_exception THEN
    RETURN segment;
END;
$$;

-- The identifiers of a URN from the outermost in, without a field.
CREATE FUNCTION catalog.urn_path(urn text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT catalog.urn_decode(segment)
    FROM unnest(string_to_array(
        nullif(substr(split_part(urn, '#', 1), length(catalog.urn_namespace(urn)) + 2), ''), '/'
    )) WITH ORDINALITY AS segments (segment, place)
    ORDER BY place
);

-- Platform and folded path: an index for finding candidates, never an identity.
CREATE FUNCTION catalog.match_key(namespace text, path text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN split_part(namespace, '://', 1) || '/' || lower(array_to_string(path, '/') COLLATE "default");

CREATE FUNCTION catalog.match_key(urn text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN catalog.match_key(catalog.urn_namespace(urn), catalog.urn_path(urn));

-- Everything that a URN lies below, from the system inwards.
CREATE FUNCTION catalog.urn_ancestors(urn text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_to_string(parts[1:level], '/')
    FROM (SELECT string_to_array(split_part(urn, '#', 1), '/') AS parts) AS split,
        generate_series(3, cardinality(parts) - CASE WHEN position('#' IN urn) > 0 THEN 0 ELSE 1 END) AS level;
END;

-- Whether a change of one field can break those who read the object.
CREATE FUNCTION catalog.is_breaking(stream text, field text, before jsonb, after jsonb, record jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN stream = 'columns' AND field = 'type_class' THEN before IS NOT NULL
    WHEN stream = 'columns' AND field IN ('length', 'precision')
        THEN after IS NOT NULL AND (before IS NULL OR after < before)
    WHEN stream = 'columns' AND field = 'nullable' THEN before = 'false' AND after = 'true'
    WHEN stream = 'constraints' AND field = 'columns' THEN record ->> 'constraint_type' = 'primary_key'
    WHEN stream = 'constraints' AND field = 'constraint_type' THEN '"primary_key"' IN (before, after)
    ELSE false
END;

-- Whether the removal of a row can break those who read it.
CREATE FUNCTION catalog.removal_breaks(stream text, record jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN stream IN ('tables', 'columns', 'fields')
    OR (stream = 'constraints' AND coalesce(record ->> 'constraint_type' = 'primary_key', false));

-- The organisations whose rows the session may see: a list of ids in the setting `songbook.organization`.
CREATE FUNCTION catalog.my_organizations() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(string_to_array(
    replace(nullif(current_setting('songbook.organization', true), ''), ' ', ''), ','
)::uuid[], '{}');

-- The connectors of those organisations.
CREATE FUNCTION catalog.my_connectors() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(id), '{}') FROM catalog.connectors
    WHERE organization_id = ANY (catalog.my_organizations());
END;

INSERT INTO catalog.migrations (version, name) VALUES ('20261122080000', 'catalog');
