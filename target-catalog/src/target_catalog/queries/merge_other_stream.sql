-- The schema of a stream that is none of ours.
INSERT INTO catalog.other_streams AS o (connector_id, stream, schema, key_properties)
VALUES (%(connector)s, %(stream)s, %(schema)s, %(key_properties)s)
ON CONFLICT (connector_id, stream) DO UPDATE
SET schema = excluded.schema, key_properties = excluded.key_properties
WHERE (o.schema, o.key_properties) IS DISTINCT FROM (excluded.schema, excluded.key_properties);
