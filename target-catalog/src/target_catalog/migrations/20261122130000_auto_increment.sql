-- The number that a table's next row gets; the views of tables show it as well.

ALTER TABLE catalog.tables ADD COLUMN auto_increment bigint;

CREATE OR REPLACE VIEW catalog.relations WITH (security_invoker = true) AS
SELECT DISTINCT ON (c.organization_id, t.urn)
    c.organization_id, c.name AS connector, t.*
FROM catalog.tables AS t
JOIN catalog.connectors AS c ON c.id = t.connector_id
LEFT JOIN catalog.systems AS o ON o.connector_id = t.connector_id AND o.namespace = t.namespace
WHERE t.left_scope_at IS NULL
ORDER BY c.organization_id, t.urn, o.namespace IS NULL, t.changed_at DESC, t.connector_id;

CREATE OR REPLACE VIEW catalog.base_tables WITH (security_invoker = true) AS
SELECT * FROM catalog.relations WHERE table_type NOT IN ('view', 'materialized_view', 'semantic_view');

CREATE OR REPLACE VIEW catalog.views WITH (security_invoker = true) AS
SELECT * FROM catalog.relations WHERE table_type IN ('view', 'materialized_view', 'semantic_view');

INSERT INTO catalog.migrations (version, name) VALUES ('20261122130000', 'auto_increment');
