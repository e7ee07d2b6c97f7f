-- The database and its schemas, those of external catalogs among them.
SELECT
    d.datname AS path_1,
    NULL AS path_2,
    d.datname AS name,
    'database' AS container_type,
    NULL AS parent_path_1,
    obj_description(d.oid, 'pg_database') AS description,
    pg_get_userbyid(d.datdba) AS "owners.principal",
    'user' AS "owners.kind",
    'pg_database.datdba' AS "owners.source",
    NULL AS "extra.external_catalog",
    NULL AS "extra.external_database"
FROM pg_catalog.pg_database AS d
WHERE d.datname = current_database()

UNION ALL

SELECT
    current_database(),
    n.nspname,
    n.nspname,
    'schema',
    current_database(),
    obj_description(n.oid, 'pg_namespace'),
    pg_get_userbyid(n.nspowner),
    'user',
    'pg_namespace.nspowner',
    -- The kinds: https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_SCHEMAS.html
    CASE e.eskind
        WHEN 1 THEN 'data_catalog'
        WHEN 2 THEN 'hive_metastore'
        WHEN 3 THEN 'postgres'
        WHEN 4 THEN 'redshift'
        WHEN 5 THEN 'remote_redshift'
        WHEN 8 THEN 'mysql'
        WHEN 9 THEN 'kinesis'
        WHEN 10 THEN 'kafka'
        ELSE CAST(e.eskind AS varchar)
    END,
    e.esdbname
FROM pg_catalog.pg_namespace AS n
-- An external schema is a namespace with more to it:
-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_EXTERNAL_SCHEMA.html
LEFT JOIN pg_catalog.pg_external_schema AS e ON e.esoid = n.oid
WHERE n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
  AND (%(every_schema)s OR n.nspname IN %(schemas)s)
ORDER BY 4, 3;
