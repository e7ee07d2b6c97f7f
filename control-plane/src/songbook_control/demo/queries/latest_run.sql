-- The newest run of a connector and how it ended.
SELECT r.id, r.connector_id, r.status, r.added, r.changed, r.removed
FROM catalog.runs AS r
JOIN catalog.connectors AS c ON c.id = r.connector_id
WHERE c.name = %(connector)s
ORDER BY r.number DESC
LIMIT 1;
