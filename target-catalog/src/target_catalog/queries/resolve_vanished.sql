-- Edges from objects that went are open again.
UPDATE catalog.lineage AS e
SET resolution = NULL, resolved_upstream_urn = NULL, resolution_candidates = NULL
FROM moved AS m
WHERE m.direction = 'out' AND m.is_object AND e.upstream_urn = m.urn
  AND e.connector_id IN (SELECT id FROM catalog.connectors WHERE organization_id = %(organization)s);
