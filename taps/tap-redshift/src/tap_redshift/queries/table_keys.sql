-- Columns by which rows are spread over the slices, or sorted; in an interleaved sort key every
-- other position is negative (https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html).
SELECT
    current_database() AS database_name,
    n.nspname AS schema_name,
    c.relname AS table_name,
    a.attname AS column_name,
    a.attisdistkey AS is_distribution_key,
    a.attsortkeyord AS sort_position
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE (a.attisdistkey OR a.attsortkeyord <> 0)
  AND a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind = 'r'
  AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname, abs(a.attsortkeyord);
