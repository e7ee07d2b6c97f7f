-- Records of a stream that is none of ours: only what differs is written.
WITH written AS (
    INSERT INTO catalog.other_records AS t (connector_id, stream, key, record, first_seen_at, changed_at)
    SELECT %(connector)s, %(stream)s, s.key, s.record, now(), now()
    FROM {staging} AS s
    LEFT JOIN catalog.other_records AS o
        ON o.connector_id = %(connector)s AND o.stream = %(stream)s AND o.key = s.key
    WHERE o.key IS NULL OR o.record IS DISTINCT FROM s.record
    ON CONFLICT (connector_id, stream, key) DO UPDATE
    SET record = excluded.record, changed_at = now()
    RETURNING first_seen_at = changed_at AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written;
