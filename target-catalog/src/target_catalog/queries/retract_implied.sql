-- Edges that follow no more.
DELETE FROM catalog.implied_lineage AS i
WHERE i.connector_id = ANY (%(connectors)s)
  AND (i.implied_by IN (SELECT urn FROM stirred)
       OR (i.connector_id, i.implied_by) IN (SELECT connector_id, lineage_id FROM open_edges))
  AND NOT EXISTS (
      SELECT FROM implied_now AS n
      WHERE n.connector_id = i.connector_id AND n.implied_by = i.implied_by
        AND (n.upstream_urn, n.upstream_field, n.downstream_urn, n.downstream_field)
            IS NOT DISTINCT FROM (i.upstream_urn, i.upstream_field, i.downstream_urn, i.downstream_field)
  );
