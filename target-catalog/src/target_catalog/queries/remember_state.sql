-- The Singer state that goes with the data, unless a run that began later left one.
INSERT INTO catalog.state AS s (connector_id, value, run_id)
VALUES (%(connector)s, %(state)s, %(run)s)
ON CONFLICT (connector_id) DO UPDATE
SET value = excluded.value, run_id = excluded.run_id, updated_at = now()
WHERE s.value IS DISTINCT FROM excluded.value
  AND NOT EXISTS (
      SELECT FROM catalog.runs AS newer
      JOIN catalog.runs AS this ON this.id = excluded.run_id
      WHERE newer.id = s.run_id AND newer.number > this.number
  );
