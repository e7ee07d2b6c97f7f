-- Keep the records that an activated version lacks, for a person to accept their removal; the stream stands for its URN.
INSERT INTO catalog.held_removals (connector_id, run_id, stream, object_key, urn)
SELECT %(connector)s, %(run)s, t.stream, t.key, t.stream
FROM catalog.other_records AS t
WHERE t.connector_id = %(connector)s AND t.stream = %(stream)s
  AND NOT EXISTS (SELECT FROM {staging} AS s WHERE s.key = t.key AND s.version = %(version)s);
