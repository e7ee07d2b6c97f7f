-- The connector of that id or name, made when there is none.
WITH known AS (
    SELECT id FROM catalog.connectors
    WHERE organization_id = %(organization)s AND (id::text = lower(%(name)s) OR name = %(name)s)
),
made AS (
    INSERT INTO catalog.connectors (organization_id, name)
    SELECT %(organization)s, %(name)s WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (organization_id, name) DO UPDATE SET name = excluded.name
    RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM made LIMIT 1;
