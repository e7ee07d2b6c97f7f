-- Stitching: columns at both ends of lineage, edges that follow from other rows, and what the last resolving knew.

ALTER TABLE catalog.lineage
    ADD COLUMN resolved_upstream_field text,
    ADD COLUMN resolved_downstream_field text,
    ADD COLUMN field_resolution text
        CHECK (field_resolution IN ('exact', 'normalized', 'folded', 'ambiguous', 'unresolved'));

COMMENT ON COLUMN catalog.lineage.resolution IS 'How the upstream was found; null until the edge is judged.';
COMMENT ON COLUMN catalog.lineage.field_resolution IS 'How the columns at both ends were found, the worse of the two; null where no end names one, or the catalog knows no column there.';
COMMENT ON COLUMN catalog.lineage.resolved_upstream_field IS 'The upstream''s column as the catalog has it; as the edge names it where the catalog knows no columns there; null when either end''s column is not found.';
COMMENT ON COLUMN catalog.lineage.resolved_downstream_field IS 'The same at the other end.';

-- Graphs are walked by object and column, so these indexes replace those by object alone. A column stands in them by its
-- hash, because a URN may fill an entry.
CREATE INDEX lineage_flows_from ON catalog.lineage (resolved_upstream_urn, hashtext(resolved_upstream_field));
CREATE INDEX lineage_flows_to ON catalog.lineage (downstream_urn, hashtext(resolved_downstream_field));
-- What came into the catalog is looked up among the edges that wait for it.
CREATE INDEX lineage_open ON catalog.lineage (connector_id, resolution) WHERE resolved_upstream_urn IS NULL;
CREATE INDEX lineage_open_urns ON catalog.lineage (upstream_urn) WHERE resolved_upstream_urn IS NULL;
CREATE INDEX lineage_open_fields ON catalog.lineage (connector_id)
    WHERE field_resolution IN ('ambiguous', 'unresolved');
CREATE INDEX lineage_references ON catalog.lineage (lower(upstream_ref ->> 'table'))
    WHERE upstream_ref IS NOT NULL;
DROP INDEX catalog.lineage_downstream_urn_idx;
DROP INDEX catalog.lineage_resolved_upstream_urn_idx;
DROP INDEX catalog.lineage_connector_id_upstream_urn_idx;
DROP INDEX catalog.lineage_connector_id_idx;
DROP INDEX catalog.lineage_connector_id_idx1;

CREATE TABLE catalog.implied_lineage (
    connector_id uuid NOT NULL,
    implied_by text COLLATE "C" NOT NULL,
    upstream_urn text COLLATE "C" NOT NULL,
    upstream_field text,
    downstream_urn text COLLATE "C" NOT NULL,
    downstream_field text
);

CREATE INDEX ON catalog.implied_lineage (connector_id, implied_by);
CREATE INDEX ON catalog.implied_lineage (upstream_urn, hashtext(upstream_field));
CREATE INDEX ON catalog.implied_lineage (downstream_urn, hashtext(downstream_field));

COMMENT ON TABLE catalog.implied_lineage IS 'Edges that follow from other rows, kept up to date with them: the columns of a star edge (`implied_by` is its lineage_id), and what charts, dashboards, jobs and data models with their fields are made of (`implied_by` is their URN).';

CREATE TABLE catalog.resolved_systems (
    organization_id uuid PRIMARY KEY REFERENCES catalog.organizations ON DELETE CASCADE,
    systems jsonb NOT NULL
);

COMMENT ON TABLE catalog.resolved_systems IS 'The systems, their names and their rules as lineage was last resolved by them, to see what has changed since.';

ALTER TABLE catalog.runs ADD COLUMN unresolved jsonb NOT NULL DEFAULT '{}';

COMMENT ON COLUMN catalog.runs.unresolved IS 'How many edges of the connector had no known upstream (unresolved, ambiguous) or column (columns) when the run ended.';

-- A host, account or namespace in the one form in which names of systems compare: lower case, without scheme, user, path
-- and trailing dots. Snowflake's accounts lose the service's domain and what a name may have or lack
-- (docs.snowflake.com/en/user-guide/admin-account-identifier); Redshift's endpoints are cluster and region, as in namespaces.
CREATE FUNCTION catalog.system_name(platform text, name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE platform
        WHEN 'snowflake' THEN translate(regexp_replace(
            regexp_replace(authority, '(\.privatelink)?(\.snowflakecomputing\.(com|cn))?(:\d+)?$', ''),
            '(\.us-west-2)?(\.(aws|azure|gcp))?$', ''
        ), '_', '-')
        WHEN 'redshift' THEN regexp_replace(
            authority, '^([^.]+)\.[^.]+\.([^.]+)\.redshift(-serverless)?\.amazonaws\.com(\.cn)?(:\d+)?$', '\1.\2\5'
        )
        ELSE authority
    END
    FROM (
        SELECT regexp_replace(
            regexp_replace(lower(name), '^([a-z0-9+.-]+:)*//|[/?#].*$', '', 'g'), '^.*@|\.+(?=(:\d+)?$)', '', 'g'
        ) AS authority
    ) AS cut;
END;

-- Identifiers as one text in which an unquoted name, or a quoted one, is as the platform stores it.
CREATE FUNCTION catalog.folded(name text, rule text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE rule WHEN 'lower' THEN lower(name) WHEN 'upper' THEN upper(name) ELSE name END;

-- What charts, dashboards, jobs, data models and fields say they are made of. The URN of a field names its model before
-- the `#`.
CREATE VIEW catalog.implied_by_objects WITH (security_invoker = true) AS
SELECT o.connector_id, o.urn AS implied_by,
    split_part(up.urn, '#', 1) COLLATE "C" AS upstream_urn,
    catalog.urn_decode(nullif(split_part(up.urn, '#', 2), '')) AS upstream_field,
    o.urn AS downstream_urn, NULL::text AS downstream_field
FROM (
    SELECT connector_id, urn, field_urns AS upstreams FROM catalog.charts
    UNION ALL
    SELECT connector_id, urn, data_model_urns FROM catalog.charts
    UNION ALL
    SELECT connector_id, urn, chart_urns FROM catalog.dashboards
    UNION ALL
    SELECT connector_id, urn, data_model_urns FROM catalog.dashboards
    UNION ALL
    SELECT connector_id, urn, inputs FROM catalog.jobs
) AS o
CROSS JOIN LATERAL jsonb_array_elements_text(o.upstreams) AS up (urn)
UNION ALL
SELECT connector_id, urn, urn, NULL, dashboard_urn, NULL FROM catalog.charts WHERE dashboard_urn IS NOT NULL
UNION ALL
SELECT connector_id, urn, urn, NULL, parent_urn, NULL FROM catalog.data_models WHERE parent_urn IS NOT NULL
UNION ALL
SELECT j.connector_id, j.urn, j.urn, NULL,
    split_part(down.urn, '#', 1) COLLATE "C", catalog.urn_decode(nullif(split_part(down.urn, '#', 2), ''))
FROM catalog.jobs AS j
CROSS JOIN LATERAL jsonb_array_elements_text(j.outputs) AS down (urn)
UNION ALL
SELECT f.connector_id, f.data_model_urn,
    CASE WHEN up.is_urn THEN split_part(up.field, '#', 1) ELSE f.data_model_urn END COLLATE "C",
    CASE WHEN up.is_urn THEN catalog.urn_decode(split_part(up.field, '#', 2)) ELSE up.field END,
    f.data_model_urn, f.field_path
FROM catalog.fields AS f
CROSS JOIN LATERAL (
    SELECT field, field LIKE '%://%#%' AS is_urn FROM jsonb_array_elements_text(f.referenced_fields) AS named (field)
) AS up;

COMMENT ON VIEW catalog.implied_by_objects IS 'What charts, dashboards, jobs, data models and fields say they are made of, as edges.';

CREATE OR REPLACE VIEW catalog.lineage_edges WITH (security_invoker = true) AS
SELECT
    c.organization_id, c.name AS connector, e.lineage_id, e.asserted_by, e.origin,
    e.resolved_upstream_urn AS upstream_urn,
    CASE WHEN e.granularity = 'star' THEN f.upstream_field ELSE e.resolved_upstream_field END AS upstream_field,
    e.downstream_urn,
    CASE WHEN e.granularity = 'star' THEN f.downstream_field ELSE e.resolved_downstream_field END AS downstream_field,
    e.transformation_type, e.transformation_subtype, e.transformation, e.confidence, e.resolution,
    e.granularity, e.field_resolution
FROM catalog.lineage AS e
JOIN catalog.connectors AS c ON c.id = e.connector_id
LEFT JOIN catalog.implied_lineage AS f
    ON e.granularity = 'star' AND f.connector_id = e.connector_id AND f.implied_by = e.lineage_id
WHERE e.resolved_upstream_urn IS NOT NULL AND e.left_scope_at IS NULL;

COMMENT ON VIEW catalog.lineage_edges IS 'Lineage whose upstream is known, with columns as the catalog has them; a star edge is one row a column of its upstream.';

CREATE OR REPLACE VIEW catalog.unresolved_lineage WITH (security_invoker = true) AS
SELECT c.organization_id, c.name AS connector, e.*
FROM catalog.lineage AS e
JOIN catalog.connectors AS c ON c.id = e.connector_id
WHERE (e.resolved_upstream_urn IS NULL OR e.field_resolution IN ('ambiguous', 'unresolved'))
  AND e.left_scope_at IS NULL;

COMMENT ON VIEW catalog.unresolved_lineage IS 'Lineage whose upstream, or whose column at either end, is not in the catalog, or could be one of several.';

ALTER TABLE catalog.implied_lineage ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog.resolved_systems ENABLE ROW LEVEL SECURITY;
CREATE POLICY organization ON catalog.implied_lineage
    USING (connector_id = ANY (ARRAY(SELECT unnest(catalog.my_connectors()))));
CREATE POLICY organization ON catalog.resolved_systems
    USING (organization_id = ANY (catalog.my_organizations()));

INSERT INTO catalog.migrations (version, name) VALUES ('20261122110000', 'stitching');
