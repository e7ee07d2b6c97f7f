-- A field that the run could not look at keeps what the catalog has.
UPDATE {staging} AS s
SET {field} = t.{field}
FROM {table} AS t, run_scopes AS c
WHERE t.connector_id = %(connector)s AND {same_key}
  AND c.stream = {stream} AND c.unread_fields ? %(field)s AND {s_within}
  AND s.{field} IS DISTINCT FROM t.{field};
