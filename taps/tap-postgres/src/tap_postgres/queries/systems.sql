-- The server: one row, the same from each of its databases.
SELECT
    'database' AS kind,
    current_setting('server_version') AS version,
    'public' AS default_schema,
    jsonb_build_object(
        'server_version_num', current_setting('server_version_num')::integer,
        'encoding', current_setting('server_encoding'),
        'data_checksums', current_setting('data_checksums')::boolean,
        'block_size', current_setting('block_size')::integer,
        'in_recovery', pg_is_in_recovery()
    ) AS extra;
