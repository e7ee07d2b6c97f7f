-- Columns of external tables.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_COLUMNS.html
SELECT
    redshift_database_name AS path_1,
    schemaname AS path_2,
    tablename AS path_3,
    columnname AS path_4,
    columnname AS name,
    redshift_database_name AS table_path_1,
    schemaname AS table_path_2,
    tablename AS table_path_3,
    columnname AS field_path,
    columnnum AS ordinal,
    external_type AS data_type,
    CASE is_nullable WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END AS nullable,
    CASE WHEN part_key > 0 THEN part_key END AS "extra.partition_key"
FROM pg_catalog.svv_external_columns
WHERE redshift_database_name = %(database)s
  AND (%(every_schema)s OR schemaname IN %(schemas)s)
  AND (%(every_table)s OR tablename IN %(tables)s)
ORDER BY schemaname, tablename, columnnum;
