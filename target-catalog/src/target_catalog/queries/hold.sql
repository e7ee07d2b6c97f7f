-- Keep the list of removals for a person to accept, and forget them here.
WITH held AS (
    DELETE FROM moved WHERE direction = 'out' RETURNING stream, object_key, urn
)
INSERT INTO catalog.held_removals (connector_id, run_id, stream, object_key, urn)
SELECT %(connector)s, %(run)s, stream, object_key, urn FROM held
ON CONFLICT (connector_id, stream, object_key) DO UPDATE SET run_id = excluded.run_id;
