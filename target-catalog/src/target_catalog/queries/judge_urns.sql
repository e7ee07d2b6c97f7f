-- Upstreams that taps know by URN: the object of that URN, where the organisation has one. A namespace that is only another
-- name of a system stands for the system's.
CREATE TEMPORARY TABLE judged_urns ON COMMIT DROP AS
WITH aliases AS (
    SELECT DISTINCT alias COLLATE "C" AS alias, namespace
    FROM systems_now CROSS JOIN LATERAL unnest(sole_aliases) AS other (alias)
),
wanted AS (
    SELECT
        o.upstream_urn,
        coalesce(a.namespace || substr(o.upstream_urn, length(a.alias) + 1), o.upstream_urn) COLLATE "C" AS urn
    FROM (SELECT DISTINCT upstream_urn FROM open_edges WHERE upstream_urn IS NOT NULL) AS o
    LEFT JOIN aliases AS a ON a.alias = catalog.urn_namespace(o.upstream_urn)
)
SELECT w.upstream_urn, w.urn
FROM wanted AS w
WHERE w.urn IN (SELECT o.urn FROM catalog.objects AS o WHERE o.connector_id = ANY (%(connectors)s));
