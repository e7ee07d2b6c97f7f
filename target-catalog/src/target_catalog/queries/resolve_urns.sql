-- Edges whose tap knew the URN of the upstream: exact when the organisation has such an object, else unresolved.
UPDATE catalog.lineage AS e
SET resolution = CASE WHEN judged.is_known THEN 'exact' ELSE 'unresolved' END,
    resolved_upstream_urn = CASE WHEN judged.is_known THEN e.upstream_urn END
FROM (
    SELECT open.connector_id, open.lineage_id, known.urn IS NOT NULL AS is_known
    FROM catalog.lineage AS open
    JOIN catalog.connectors AS c ON c.id = open.connector_id AND c.organization_id = %(organization)s
    LEFT JOIN (
        SELECT DISTINCT o.urn
        FROM catalog.objects AS o
        JOIN catalog.connectors AS c ON c.id = o.connector_id
        WHERE c.organization_id = %(organization)s
    ) AS known ON known.urn = open.upstream_urn
    WHERE open.resolved_upstream_urn IS NULL AND open.upstream_urn IS NOT NULL
) AS judged
WHERE e.connector_id = judged.connector_id AND e.lineage_id = judged.lineage_id
  AND (judged.is_known OR e.resolution IS DISTINCT FROM 'unresolved');
