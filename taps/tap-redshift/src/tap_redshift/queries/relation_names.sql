-- Tables by their numbers, which is how the query log names them.
SELECT c.oid AS id, n.nspname AS schema_name, c.relname AS table_name
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r'
  AND n.nspname !~ '^pg_';
