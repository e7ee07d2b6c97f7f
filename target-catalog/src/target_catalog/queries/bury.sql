-- Keep the last row of what goes, so that its return is known as one.
INSERT INTO catalog.removed (connector_id, stream, object_key, urn, last_row, run_id, removed_at)
SELECT %(connector)s, {stream}, m.object_key, m.urn, jsonb_strip_nulls(to_jsonb(t)), %(run)s, now()
FROM moved AS m
JOIN {table} AS t ON t.connector_id = %(connector)s AND m.object_key = {t_object_key}
WHERE m.stream = {stream} AND m.direction = 'out'
ON CONFLICT (connector_id, stream, object_key) DO UPDATE
SET last_row = excluded.last_row, run_id = excluded.run_id, removed_at = excluded.removed_at;
