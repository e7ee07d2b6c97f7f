-- The edges to judge: those that nobody judged yet, and those that may read otherwise now.
CREATE TEMPORARY TABLE open_edges ON COMMIT DROP AS
SELECT
    e.connector_id, e.lineage_id, e.granularity, e.upstream_urn, e.upstream_ref, e.upstream_field,
    e.downstream_urn, e.downstream_field
FROM catalog.lineage AS e
WHERE e.connector_id = ANY (%(connectors)s) AND e.resolved_upstream_urn IS NULL AND e.resolution IS NULL
UNION ALL
SELECT
    e.connector_id, e.lineage_id, e.granularity, e.upstream_urn, e.upstream_ref, e.upstream_field,
    e.downstream_urn, e.downstream_field
FROM (SELECT DISTINCT connector_id, lineage_id FROM touched) AS t
JOIN catalog.lineage AS e USING (connector_id, lineage_id)
WHERE e.connector_id = ANY (%(connectors)s) AND e.resolution IS NOT NULL;
