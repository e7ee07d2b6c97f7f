-- Remove the held records of strangers' streams, with one change row a stream; gives their number.
WITH gone AS (
    DELETE FROM catalog.other_records AS t
    USING catalog.held_removals AS h
    WHERE h.connector_id = %(connector)s AND h.run_id = %(run)s AND h.urn = h.stream
      AND t.connector_id = h.connector_id AND t.stream = h.stream AND t.key = h.object_key
    RETURNING t.stream
)
INSERT INTO catalog.changes (at, connector_id, run_id, stream, urn, object_key, kind, counts)
SELECT now(), %(connector)s, %(run)s, stream, stream, stream, 'removed', jsonb_build_object(stream, count(*))
FROM gone
GROUP BY stream
RETURNING (counts ->> stream)::bigint;
