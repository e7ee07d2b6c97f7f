-- The server, seen from the database that we are connected to: one row.
SELECT
    'database' AS kind,
    current_setting('server_version') AS version,
    current_database()::text AS default_database,
    'public' AS default_schema,
    jsonb_build_object(
        'server_version_num', current_setting('server_version_num')::integer,
        'encoding', current_setting('server_encoding'),
        'data_checksums', current_setting('data_checksums')::boolean,
        'block_size', current_setting('block_size')::integer,
        'in_recovery', pg_is_in_recovery()
    ) AS extra;
