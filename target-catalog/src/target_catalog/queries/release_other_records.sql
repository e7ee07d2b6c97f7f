-- An activated version is judged anew, and a record that was sent is there, whatever an earlier run held.
DELETE FROM catalog.held_removals AS h
WHERE h.connector_id = %(connector)s AND h.stream = %(stream)s AND h.urn = h.stream
  AND (%(version)s::bigint IS NOT NULL OR EXISTS (SELECT FROM {staging} AS s WHERE s.key = h.object_key));
