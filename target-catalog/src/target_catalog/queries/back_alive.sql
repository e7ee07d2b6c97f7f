-- Objects out of scope that a run says are alive are in scope again.
INSERT INTO moved (direction, kind, stream, urn, object_key, parent_urn, is_object)
SELECT 'back', 'changed', {stream}, t.urn, t.urn, {t_parent}, true
FROM alive AS a
JOIN {table} AS t ON t.connector_id = %(connector)s AND t.urn = a.urn
WHERE a.stream = {stream} AND t.left_scope_at IS NOT NULL
ON CONFLICT DO NOTHING;
