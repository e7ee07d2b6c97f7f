-- All judged edges of the organisation.
INSERT INTO touched (connector_id, lineage_id)
SELECT e.connector_id, e.lineage_id
FROM catalog.lineage AS e
WHERE e.connector_id = ANY (%(connectors)s) AND e.resolution IS NOT NULL;
