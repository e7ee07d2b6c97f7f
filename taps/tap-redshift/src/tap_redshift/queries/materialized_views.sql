-- Materialized views: in the catalog they look like views.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_MV_INFO.html
SELECT
    TRIM(database_name) AS database_name,
    TRIM(schema_name) AS schema_name,
    TRIM(name) AS table_name,
    state = 1 AS is_incremental,
    autorefresh IN ('t', '1') AS is_refreshed_automatically
FROM pg_catalog.svv_mv_info
WHERE TRIM(database_name) = %(database)s;
