-- One change row for the records of a stranger's stream that went, with their number; the stream stands for its URN.
INSERT INTO catalog.changes (at, connector_id, run_id, stream, urn, object_key, kind, counts)
VALUES (now(), %(connector)s, %(run)s, %(stream)s, %(stream)s, %(stream)s, 'removed',
    jsonb_build_object(%(stream)s::text, %(removed)s::bigint));
