-- Rows and sizes of tables that are not empty; needs a grant, unless one is a superuser
-- (https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html). A block is 1 MB.
SELECT
    "database" AS database_name,
    "schema" AS schema_name,
    "table" AS table_name,
    CAST(tbl_rows AS bigint) AS row_count,
    "size" * 1048576 AS size_bytes
FROM pg_catalog.svv_table_info;
