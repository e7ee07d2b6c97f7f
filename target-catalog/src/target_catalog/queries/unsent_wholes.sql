-- Wholes in covered scopes that the catalog has and that were not sent.
INSERT INTO unsent (urn)
SELECT DISTINCT t.urn
FROM run_scopes AS c
JOIN {table} AS t ON {t_within}
WHERE c.stream = {stream} AND t.connector_id = %(connector)s
  AND NOT EXISTS (SELECT FROM {staging} AS s WHERE s.urn = t.urn)
ON CONFLICT DO NOTHING;
