-- What was sent is there, whatever an earlier run held.
DELETE FROM catalog.held_removals AS h
USING {staging} AS s
WHERE h.connector_id = %(connector)s AND h.stream = {stream} AND h.object_key = {s_object_key};
