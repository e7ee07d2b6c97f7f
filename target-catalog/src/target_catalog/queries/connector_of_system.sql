-- The connector that reads a system, for a run that doesn't say which tap it is.
SELECT c.name
FROM catalog.systems AS s
JOIN catalog.connectors AS c ON c.id = s.connector_id
WHERE c.organization_id = %(organization)s AND s.namespace = %(namespace)s
ORDER BY s.changed_at DESC
LIMIT 1;
