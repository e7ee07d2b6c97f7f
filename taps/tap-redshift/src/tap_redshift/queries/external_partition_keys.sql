-- The columns by which external tables are partitioned, in their order.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_COLUMNS.html
SELECT
    redshift_database_name AS database_name,
    schemaname AS schema_name,
    tablename AS table_name,
    columnname AS column_name
FROM pg_catalog.svv_external_columns
WHERE part_key > 0
  AND redshift_database_name = %(database)s
ORDER BY schemaname, tablename, part_key;
