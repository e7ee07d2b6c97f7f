-- A row when the run may commit: it was not given up, and no run of its connector that began later has committed.
SELECT r.id
FROM catalog.runs AS r
WHERE r.id = %(run)s AND r.attempt = %(attempt)s AND r.status = 'running'
  AND NOT EXISTS (
      SELECT FROM catalog.runs AS newer
      WHERE newer.connector_id = %(connector)s AND newer.number > r.number
        AND newer.status IN ('succeeded', 'partial')
  );
