-- One change row for each object that moved whole, with counts of what moved with it.
WITH placed AS (
    SELECT m.*, top.urn AS top_urn
    FROM moved AS m
    LEFT JOIN LATERAL (
        SELECT above.urn
        FROM moved AS above
        WHERE above.is_object AND above.direction = m.direction
          AND (above.urn IN (SELECT catalog.urn_ancestors(m.urn))
               OR above.urn = m.parent_urn
               OR above.urn IN (SELECT catalog.urn_ancestors(m.parent_urn))
               OR (above.urn = m.urn AND NOT m.is_object))
        ORDER BY length(above.urn)
        LIMIT 1
    ) AS top ON true
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
