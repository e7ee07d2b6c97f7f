-- Views that people expect. Where two connectors of an organisation report one URN, a view shows it once: by the
-- connector whose system it is, else the newest. What left the scope is not shown.

CREATE VIEW catalog.objects WITH (security_invoker = true) AS
SELECT connector_id, 'containers' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.containers
UNION ALL
SELECT connector_id, 'tables' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.tables
UNION ALL
SELECT connector_id, 'routines' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.routines
UNION ALL
SELECT connector_id, 'sequences' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.sequences
UNION ALL
SELECT connector_id, 'locations' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.locations
UNION ALL
SELECT connector_id, 'ml_models' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.ml_models
UNION ALL
SELECT connector_id, 'data_models' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.data_models
UNION ALL
SELECT connector_id, 'dashboards' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.dashboards
UNION ALL
SELECT connector_id, 'charts' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.charts
UNION ALL
SELECT connector_id, 'jobs' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.jobs
UNION ALL
SELECT connector_id, 'repositories' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.repositories
UNION ALL
SELECT connector_id, 'files' AS stream, urn, namespace, name, description, left_scope_at FROM catalog.files;

COMMENT ON VIEW catalog.objects IS 'Everything that data can flow from or to, as each connector reports it.';

CREATE VIEW catalog.relations WITH (security_invoker = true) AS
SELECT DISTINCT ON (c.organization_id, t.urn)
    c.organization_id, c.name AS connector, t.*
FROM catalog.tables AS t
JOIN catalog.connectors AS c ON c.id = t.connector_id
LEFT JOIN catalog.systems AS o ON o.connector_id = t.connector_id AND o.namespace = t.namespace
WHERE t.left_scope_at IS NULL
ORDER BY c.organization_id, t.urn, o.namespace IS NULL, t.changed_at DESC, t.connector_id;

COMMENT ON VIEW catalog.relations IS 'Tables, views and everything else that can be queried, each once an organisation.';

CREATE VIEW catalog.base_tables WITH (security_invoker = true) AS
SELECT * FROM catalog.relations WHERE table_type NOT IN ('view', 'materialized_view', 'semantic_view');

COMMENT ON VIEW catalog.base_tables IS 'Relations that hold rows of their own.';

CREATE VIEW catalog.views WITH (security_invoker = true) AS
SELECT * FROM catalog.relations WHERE table_type IN ('view', 'materialized_view', 'semantic_view');

COMMENT ON VIEW catalog.views IS 'Views and materialized views with their definition.';

CREATE VIEW catalog.relation_columns WITH (security_invoker = true) AS
SELECT r.organization_id, r.connector, r.name AS table_name, r.table_type, c.*
FROM catalog.relations AS r
JOIN catalog.columns AS c
    ON c.connector_id = r.connector_id
    AND c.urn >= r.urn || '#' AND c.urn < r.urn || '$'
WHERE c.left_scope_at IS NULL;

COMMENT ON VIEW catalog.relation_columns IS 'Columns of the relations, from the connector that each relation is taken from.';

CREATE VIEW catalog.known_containers WITH (security_invoker = true) AS
SELECT DISTINCT ON (c.organization_id, t.urn)
    c.organization_id, c.name AS connector, t.*
FROM catalog.containers AS t
JOIN catalog.connectors AS c ON c.id = t.connector_id
LEFT JOIN catalog.systems AS o ON o.connector_id = t.connector_id AND o.namespace = t.namespace
WHERE t.left_scope_at IS NULL
ORDER BY c.organization_id, t.urn, o.namespace IS NULL, t.changed_at DESC, t.connector_id;

COMMENT ON VIEW catalog.known_containers IS 'Databases, schemas, projects, sites and folders, each once an organisation.';

CREATE VIEW catalog.schemas WITH (security_invoker = true) AS
SELECT * FROM catalog.known_containers WHERE container_type IN ('schema', 'dataset');

COMMENT ON VIEW catalog.schemas IS 'Schemas and datasets: what holds tables.';

CREATE VIEW catalog.databases WITH (security_invoker = true) AS
SELECT * FROM catalog.known_containers WHERE container_type IN ('database', 'project', 'catalog');

COMMENT ON VIEW catalog.databases IS 'Databases, projects and catalogs: what holds schemas.';

CREATE VIEW catalog.primary_keys WITH (security_invoker = true) AS
SELECT r.organization_id, r.connector, r.name AS table_name, k.table_urn, k.urn, k.name, k.columns
FROM catalog.relations AS r
JOIN catalog.constraints AS k ON k.connector_id = r.connector_id AND k.table_urn = r.urn
WHERE k.constraint_type = 'primary_key' AND k.left_scope_at IS NULL;

COMMENT ON VIEW catalog.primary_keys IS 'The primary key of each relation that has one.';

CREATE VIEW catalog.foreign_keys WITH (security_invoker = true) AS
SELECT
    r.organization_id, r.connector, r.name AS table_name, k.table_urn, k.urn, k.name, k.columns,
    k.referenced_table_urn, k.referenced_columns, k.on_update, k.on_delete
FROM catalog.relations AS r
JOIN catalog.constraints AS k ON k.connector_id = r.connector_id AND k.table_urn = r.urn
WHERE k.constraint_type = 'foreign_key' AND k.left_scope_at IS NULL;

COMMENT ON VIEW catalog.foreign_keys IS 'Foreign keys and what they point to.';

CREATE VIEW catalog.lineage_edges WITH (security_invoker = true) AS
SELECT
    c.organization_id, c.name AS connector, e.lineage_id, e.asserted_by, e.origin,
    e.resolved_upstream_urn AS upstream_urn,
    CASE WHEN e.granularity = 'star' THEN f.field_path ELSE e.upstream_field END AS upstream_field,
    e.downstream_urn,
    CASE WHEN e.granularity = 'star' THEN f.field_path ELSE e.downstream_field END AS downstream_field,
    e.transformation_type, e.transformation_subtype, e.transformation, e.confidence, e.resolution
FROM catalog.lineage AS e
JOIN catalog.connectors AS c ON c.id = e.connector_id
LEFT JOIN catalog.relation_columns AS f
    ON e.granularity = 'star'
    AND f.organization_id = c.organization_id
    AND f.table_urn = e.resolved_upstream_urn
WHERE e.resolved_upstream_urn IS NOT NULL AND e.left_scope_at IS NULL;

COMMENT ON VIEW catalog.lineage_edges IS 'Lineage whose upstream is known; a star edge is one row a column of its upstream.';

CREATE VIEW catalog.unresolved_lineage WITH (security_invoker = true) AS
SELECT c.organization_id, c.name AS connector, e.*
FROM catalog.lineage AS e
JOIN catalog.connectors AS c ON c.id = e.connector_id
WHERE e.resolved_upstream_urn IS NULL AND e.left_scope_at IS NULL;

COMMENT ON VIEW catalog.unresolved_lineage IS 'Lineage whose upstream is not in the catalog, or could be one of several tables.';

INSERT INTO catalog.migrations (version, name) VALUES ('20261122080200', 'catalog_views');
