-- Tables that views are made from, as the catalog keeps them for views that are bound.
SELECT DISTINCT
    current_database() AS database_name,
    n.nspname AS view_schema,
    v.relname AS view_name,
    rn.nspname AS upstream_schema,
    c.relname AS upstream_name
FROM pg_catalog.pg_depend AS d
INNER JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid
INNER JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
INNER JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
INNER JOIN pg_catalog.pg_namespace AS rn ON rn.oid = c.relnamespace
-- 2618 is pg_rewrite and 1259 pg_class, everywhere.
WHERE d.classid = 2618
  AND d.refclassid = 1259
  AND d.deptype = 'n'
  AND c.oid <> v.oid
  AND v.relkind = 'v'
  AND c.relkind IN ('r', 'v')
  AND c.relname !~ '^mv_tbl__.*__[0-9]+$'
  AND n.nspname !~ '^pg_'
  AND rn.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
ORDER BY n.nspname, v.relname, rn.nspname, c.relname;
