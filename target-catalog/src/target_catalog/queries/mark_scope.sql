-- Rows that left the scope say so, with the filter under which they were last in it; rows that are back don't.
UPDATE {table} AS t
SET left_scope_at = CASE WHEN m.direction = 'left' THEN now() END, in_scope_hash = m.in_scope_hash
FROM moved AS m
WHERE t.connector_id = %(connector)s AND m.stream = {stream} AND m.object_key = {t_object_key}
  AND (m.direction = 'left' OR (m.direction = 'back' AND t.left_scope_at IS NOT NULL));
