-- Rows that come, or come back after they were removed or out of scope; those of a first load are counted elsewhere.
INSERT INTO moved (direction, kind, stream, urn, object_key, parent_urn, is_object)
SELECT
    CASE WHEN d.is_new THEN 'in' ELSE 'back' END,
    CASE WHEN d.is_back THEN 'changed' WHEN r.object_key IS NULL THEN 'added' ELSE 'restored' END,
    {stream}, {s_urn}, {s_object_key}, {s_parent}, {is_object}
FROM delta AS d
JOIN {staging} AS s USING (seq)
LEFT JOIN catalog.removed AS r
    ON r.connector_id = %(connector)s AND r.stream = {stream} AND r.object_key = {s_object_key}
WHERE (d.is_new OR d.is_back)
  AND NOT EXISTS (
      SELECT FROM run_scopes AS c WHERE c.stream = {stream} AND c.is_first AND {s_within}
  );
