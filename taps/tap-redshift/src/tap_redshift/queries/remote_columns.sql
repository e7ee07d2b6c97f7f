-- Columns of a database that is not local.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_COLUMNS.html
SELECT
    database_name AS path_1,
    schema_name AS path_2,
    table_name AS path_3,
    column_name AS path_4,
    column_name AS name,
    database_name AS table_path_1,
    schema_name AS table_path_2,
    table_name AS table_path_3,
    column_name AS field_path,
    ordinal_position AS ordinal,
    CASE remarks WHEN '' THEN NULL ELSE remarks END AS description,
    data_type,
    character_maximum_length AS length,
    numeric_precision AS precision,
    numeric_scale AS scale,
    CASE UPPER(is_nullable) WHEN 'YES' THEN TRUE WHEN 'NO' THEN FALSE END AS nullable,
    CASE column_default WHEN '' THEN NULL ELSE column_default END AS "default"
FROM pg_catalog.svv_all_columns
WHERE database_name = %(database)s
  AND schema_name NOT IN ('information_schema', 'pg_catalog')
  AND (%(every_schema)s OR schema_name IN %(schemas)s)
  AND (%(every_table)s OR table_name IN %(tables)s)
ORDER BY schema_name, table_name, ordinal_position;
