-- Views with their definitions: a query for a view that is bound, the whole statement for one that is bound when it is read
-- and for a materialized one.
SELECT
    current_database() AS database_name,
    n.nspname AS schema_name,
    c.relname AS view_name,
    pg_catalog.pg_get_viewdef(c.reloid) AS definition
FROM pg_catalog.pg_class_info AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
ORDER BY n.nspname, c.relname;
