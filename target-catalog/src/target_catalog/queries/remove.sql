-- Rows that go.
DELETE FROM {table} AS t
USING moved AS m
WHERE t.connector_id = %(connector)s AND m.stream = {stream} AND m.direction = 'out'
  AND m.object_key = {t_object_key};
