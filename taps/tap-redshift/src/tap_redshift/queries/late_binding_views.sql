-- How many views the catalog keeps no dependencies for, because they are bound when they are read.
SELECT COUNT(*) AS views
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'
  AND c.relnatts = 0
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history');
