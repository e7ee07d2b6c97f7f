-- The Singer state that goes with the data.
INSERT INTO catalog.state AS s (connector_id, value, run_id)
VALUES (%(connector)s, %(state)s, %(run)s)
ON CONFLICT (connector_id) DO UPDATE
SET value = excluded.value, run_id = excluded.run_id, updated_at = now()
WHERE s.value IS DISTINCT FROM excluded.value;
