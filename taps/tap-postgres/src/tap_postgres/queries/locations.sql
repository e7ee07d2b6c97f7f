-- Foreign servers: where the data of foreign tables is kept.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_foreign_server'::regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      AND d.deptype = 'e'
),
-- Options not named here can be keys and passwords: they stay in the source.
server_option AS (
    SELECT f.oid, jsonb_object_agg(o.option_name, o.option_value) AS options
    FROM pg_catalog.pg_foreign_server AS f
    CROSS JOIN LATERAL pg_options_to_table(f.srvoptions) AS o
    WHERE o.option_name IN ('host', 'hostaddr', 'port', 'dbname')
    GROUP BY f.oid
)
SELECT
    ARRAY[current_database(), f.srvname]::text[] AS path,
    f.srvname::text AS name,
    s.description,
    jsonb_build_array(jsonb_build_object(
        'principal', pg_get_userbyid(f.srvowner),
        'kind', 'role',
        'source', 'pg_foreign_server.srvowner'
    )) AS owners,
    'foreign_server' AS location_type,
    NULLIF(concat(
        COALESCE(o.options ->> 'host', o.options ->> 'hostaddr'),
        ':' || (o.options ->> 'port'),
        '/' || (o.options ->> 'dbname')
    ), '') AS address,
    ARRAY[current_database()]::text[] AS container_path,
    jsonb_strip_nulls(jsonb_build_object(
        'extension', x.extname,
        'foreign_data_wrapper', w.fdwname,
        'options', o.options,
        'server_type', f.srvtype,
        'server_version', f.srvversion
    )) AS extra
FROM pg_catalog.pg_foreign_server AS f
INNER JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = f.srvfdw
LEFT JOIN server_option AS o ON o.oid = f.oid
LEFT JOIN extension_member AS x ON x.objid = f.oid
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = f.oid AND s.classoid = f.tableoid AND s.objsubid = 0
ORDER BY f.srvname COLLATE "C";
