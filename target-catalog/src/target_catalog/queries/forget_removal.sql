-- What came back leaves no tombstone.
DELETE FROM catalog.removed AS r
USING delta AS d
JOIN {staging} AS s USING (seq)
WHERE d.is_new AND r.connector_id = %(connector)s AND r.stream = {stream} AND r.object_key = {s_object_key};
