-- One change row for each object that moved whole, with counts of what moved with it.
WITH above AS (
    SELECT m.stream, m.object_key, m.direction, up.urn
    FROM moved AS m
    CROSS JOIN LATERAL (
        SELECT catalog.urn_ancestors(m.urn)
        UNION ALL
        SELECT m.urn WHERE NOT m.is_object
        UNION ALL
        SELECT m.parent_urn WHERE NOT catalog.is_within(m.urn, m.parent_urn)
        UNION ALL
        SELECT catalog.urn_ancestors(m.parent_urn) WHERE NOT catalog.is_within(m.urn, m.parent_urn)
    ) AS up (urn)
),
tops AS (
    SELECT DISTINCT ON (a.stream, a.object_key) a.stream, a.object_key, w.urn AS top_urn
    FROM above AS a
    JOIN moved AS w ON w.is_object AND w.direction = a.direction AND w.urn = a.urn
    ORDER BY a.stream, a.object_key, length(w.urn)
),
placed AS (
    SELECT m.*, t.top_urn
    FROM moved AS m
    LEFT JOIN tops AS t USING (stream, object_key)
),
below AS (
    SELECT top_urn, direction, jsonb_object_agg(stream, count) AS counts, bool_or(breaking) AS breaking
    FROM (
        SELECT top_urn, direction, stream, count(*), bool_or(breaking) AS breaking
        FROM placed
        WHERE top_urn IS NOT NULL
        GROUP BY top_urn, direction, stream
    ) AS by_stream
    GROUP BY top_urn, direction
)
INSERT INTO catalog.changes
    (at, connector_id, run_id, stream, urn, object_key, kind, field, before, after, counts, breaking)
SELECT
    now(), %(connector)s, %(run)s, p.stream, p.urn, p.object_key, p.kind,
    CASE WHEN p.kind = 'changed' THEN 'left_scope' END,
    CASE p.direction WHEN 'left' THEN 'false'::jsonb WHEN 'back' THEN 'true'::jsonb END,
    CASE p.direction WHEN 'left' THEN 'true'::jsonb WHEN 'back' THEN 'false'::jsonb END,
    b.counts, p.breaking OR coalesce(b.breaking, false)
FROM placed AS p
LEFT JOIN below AS b ON b.top_urn = p.urn AND b.direction = p.direction AND p.is_object
WHERE p.top_urn IS NULL;
