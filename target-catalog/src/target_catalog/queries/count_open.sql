-- How many edges of the organisation have no known upstream.
SELECT count(*)
FROM catalog.lineage AS e
JOIN catalog.connectors AS c ON c.id = e.connector_id
WHERE c.organization_id = %(organization)s AND e.resolved_upstream_urn IS NULL;
