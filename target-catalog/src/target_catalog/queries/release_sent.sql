-- What was sent is there, whatever an earlier run held, and so is all that it lies in.
WITH there (stream, object_key) AS (
    SELECT {stream}, {s_object_key} FROM {staging} AS s
    UNION
    SELECT NULL, up.urn FROM {staging} AS s CROSS JOIN LATERAL catalog.urn_ancestors({s_urn}) AS up (urn)
    UNION
    SELECT NULL, {s_parent} FROM {staging} AS s
)
DELETE FROM catalog.held_removals AS h
USING there
WHERE h.connector_id = %(connector)s AND h.object_key = there.object_key
  AND (there.stream IS NULL OR h.stream = there.stream);
