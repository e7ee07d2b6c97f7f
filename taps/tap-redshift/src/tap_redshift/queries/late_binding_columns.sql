-- Columns of late-binding views, which only this function knows; it may not be joined with tables.
-- https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_LATE_BINDING_VIEW_COLS.html
SELECT
    current_database() AS path_1,
    v.view_schema AS path_2,
    v.view_name AS path_3,
    v.col_name AS path_4,
    v.col_name AS name,
    current_database() AS table_path_1,
    v.view_schema AS table_path_2,
    v.view_name AS table_path_3,
    v.col_name AS field_path,
    v.col_num AS ordinal,
    v.col_type AS data_type
FROM pg_catalog.pg_get_late_binding_view_cols() AS v (
    view_schema name, view_name name, col_name name, col_type varchar, col_num int
)
WHERE (%(every_schema)s OR v.view_schema IN %(schemas)s)
  AND (%(every_table)s OR v.view_name IN %(tables)s)
ORDER BY v.view_schema, v.view_name, v.col_num;
