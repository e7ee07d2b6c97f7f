-- What a catalog of the first four migrations held after a load.
INSERT INTO catalog.organizations (name) VALUES ('default');
INSERT INTO catalog.connectors (organization_id, name) SELECT id, 'old' FROM catalog.organizations;
INSERT INTO catalog.tables (connector_id, urn, name, container_urn, table_type, first_seen_at, changed_at)
SELECT c.id, 'x://h/d/s/' || t, t, 'x://h/d/s', 'table', now(), now()
FROM catalog.connectors AS c, unnest('{a,v}'::text[]) AS t;
INSERT INTO catalog.columns (connector_id, urn, name, table_urn, field_path, data_type, first_seen_at, changed_at)
SELECT c.id, 'x://h/d/s/' || t || '#i', 'i', 'x://h/d/s/' || t, 'i', 'int', now(), now()
FROM catalog.connectors AS c, unnest('{a,v}'::text[]) AS t;
INSERT INTO catalog.charts (connector_id, urn, name, dashboard_urn, first_seen_at, changed_at)
SELECT id, 'x://h/chart', 'chart', 'x://h/dash', now(), now() FROM catalog.connectors;
INSERT INTO catalog.lineage (connector_id, lineage_id, asserted_by, downstream_urn, downstream_field,
    upstream_urn, upstream_field, granularity, origin, resolution, resolved_upstream_urn, first_seen_at, changed_at)
SELECT c.id, e.*, now(), now() FROM catalog.connectors AS c, (VALUES
    ('1', 'x://h/d/s/v', 'x://h/d/s/v', 'i', 'x://h/d/s/a', 'i', 'column', 'view_definition', 'exact', 'x://h/d/s/a'),
    ('2', 'x://h/d/s/v', 'x://h/d/s/v', NULL, 'x://h/d/s/a', NULL, 'star', 'view_definition', 'exact', 'x://h/d/s/a'),
    ('3', 'x://h/d/s/v', 'x://h/d/s/v', 'i', 'x://h/d/s/a', 'j', 'column', 'view_definition', 'exact', 'x://h/d/s/a')
) AS e (id, asserted_by, downstream_urn, downstream_field, upstream_urn, upstream_field, granularity, origin,
        resolution, resolved)
