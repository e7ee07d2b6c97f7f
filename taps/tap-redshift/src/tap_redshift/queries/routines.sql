-- Functions and procedures: one row an overload. Names and numbers of arguments come as text.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_PROC_INFO.html
SELECT
    current_database() AS database_name,
    n.nspname AS schema_name,
    p.proname AS name,
    s.description,
    pg_get_userbyid(p.proowner) AS owner,
    p.prokind AS kind,
    l.lanname AS language,
    oidvectortypes(p.proargtypes) AS input_types,
    array_to_string(p.proallargtypes, ' ') AS all_type_ids,
    array_to_string(p.proargmodes, ' ') AS modes,
    array_to_string(p.proargnames, CHR(31)) AS argument_names,
    format_type(p.prorettype, NULL) AS return_type,
    p.prosrc AS definition,
    p.prosecdef AS is_definers,
    p.provolatile AS volatility
FROM pg_catalog.pg_proc_info AS p
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
INNER JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
-- 1255 is pg_proc, everywhere.
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = p.prooid AND s.classoid = 1255 AND s.objsubid = 0
WHERE n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
  AND (%(every_schema)s OR n.nspname IN %(schemas)s)
ORDER BY n.nspname, p.proname, oidvectortypes(p.proargtypes);
