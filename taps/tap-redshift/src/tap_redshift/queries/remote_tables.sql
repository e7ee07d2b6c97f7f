-- Tables of a database that is not local.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_TABLES.html
SELECT
    database_name AS path_1,
    schema_name AS path_2,
    table_name AS path_3,
    table_name AS name,
    database_name AS container_path_1,
    schema_name AS container_path_2,
    CASE
        WHEN POSITION('VIEW' IN UPPER(table_type)) > 0 THEN 'view'
        WHEN POSITION('EXTERNAL' IN UPPER(table_type)) > 0 THEN 'external_table'
        ELSE 'table'
    END AS table_type,
    LOWER(table_type) AS native_type,
    CASE remarks WHEN '' THEN NULL ELSE remarks END AS description
FROM pg_catalog.svv_all_tables
WHERE database_name = %(database)s
  AND schema_name NOT IN ('information_schema', 'pg_catalog')
  AND (%(every_schema)s OR schema_name IN %(schemas)s)
  AND (%(every_table)s OR table_name IN %(tables)s)
ORDER BY schema_name, table_name;
