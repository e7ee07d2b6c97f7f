-- The organisation of that id or name, made when there is none.
WITH known AS (
    SELECT id FROM catalog.organizations WHERE id::text = lower(%(name)s) OR name = %(name)s
),
made AS (
    INSERT INTO catalog.organizations (name)
    SELECT %(name)s WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (name) DO UPDATE SET name = excluded.name
    RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM made LIMIT 1;
