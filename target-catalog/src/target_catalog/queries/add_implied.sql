-- Edges that follow now.
INSERT INTO catalog.implied_lineage
    (connector_id, implied_by, upstream_urn, upstream_field, downstream_urn, downstream_field)
SELECT n.connector_id, n.implied_by, n.upstream_urn, n.upstream_field, n.downstream_urn, n.downstream_field
FROM implied_now AS n
WHERE NOT EXISTS (
    SELECT FROM catalog.implied_lineage AS i
    WHERE i.connector_id = n.connector_id AND i.implied_by = n.implied_by
      AND (n.upstream_urn, n.upstream_field, n.downstream_urn, n.downstream_field)
          IS NOT DISTINCT FROM (i.upstream_urn, i.upstream_field, i.downstream_urn, i.downstream_field)
);
