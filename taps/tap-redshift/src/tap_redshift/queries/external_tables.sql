-- Tables of external schemas: Spectrum, Glue, federated databases, streams.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_TABLES.html
SELECT
    redshift_database_name AS path_1,
    schemaname AS path_2,
    tablename AS path_3,
    tablename AS name,
    redshift_database_name AS container_path_1,
    schemaname AS container_path_2,
    'external_table' AS table_type,
    CASE tabletype WHEN '' THEN 'external table' ELSE 'external ' || LOWER(tabletype) END
        AS native_type,
    CASE location WHEN '' THEN NULL ELSE location END AS location,
    CASE
        WHEN POSITION('parquet' IN LOWER(input_format || serialization_lib)) > 0 THEN 'parquet'
        WHEN POSITION('orc' IN LOWER(input_format || serialization_lib)) > 0 THEN 'orc'
        WHEN POSITION('avro' IN LOWER(input_format || serialization_lib)) > 0 THEN 'avro'
        WHEN POSITION('json' IN LOWER(serialization_lib)) > 0 THEN 'json'
        WHEN POSITION('csv' IN LOWER(serialization_lib)) > 0 THEN 'csv'
        WHEN POSITION('text' IN LOWER(input_format)) > 0 THEN 'text'
    END AS file_format,
    CASE input_format WHEN '' THEN NULL ELSE input_format END AS "extra.input_format",
    CASE serialization_lib WHEN '' THEN NULL ELSE serialization_lib END
        AS "extra.serialization_library",
    CASE compressed WHEN 1 THEN TRUE END AS "extra.compressed"
FROM pg_catalog.svv_external_tables
WHERE redshift_database_name = %(database)s
  AND (%(every_schema)s OR schemaname IN %(schemas)s)
  AND (%(every_table)s OR tablename IN %(tables)s)
ORDER BY schemaname, tablename;
