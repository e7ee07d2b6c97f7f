-- The namespaces of the systems that an organisation's taps have read.
SELECT DISTINCT s.namespace
FROM catalog.systems AS s
JOIN catalog.connectors AS c ON c.id = s.connector_id
WHERE c.organization_id = %(organization)s
ORDER BY s.namespace;
