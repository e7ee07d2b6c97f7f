-- Objects that are said to be unchanged, and that the catalog doesn't have.
SELECT count(*)
FROM alive AS a
WHERE a.stream = {stream}
  AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.connector_id = %(connector)s AND t.urn = a.urn);
