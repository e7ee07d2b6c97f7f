-- Local tables and views: one row a relation. What holds the rows of a materialized view is left
-- out (https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html).
SELECT
    current_database() AS path_1,
    n.nspname AS path_2,
    c.relname AS path_3,
    c.relname AS name,
    current_database() AS container_path_1,
    n.nspname AS container_path_2,
    CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS table_type,
    CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS native_type,
    s.description,
    pg_get_userbyid(c.relowner) AS "owners.principal",
    'user' AS "owners.kind",
    'pg_class.relowner' AS "owners.source",
    c.relcreationtime AT TIME ZONE 'UTC' AS created_at,
    CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.reloid) END AS definition,
    CASE c.relkind WHEN 'v' THEN 'sql' END AS definition_language,
    -- The numbers: https://docs.aws.amazon.com/redshift/latest/dg/r_PG_CLASS_INFO.html
    CASE
        WHEN c.relkind = 'v' THEN NULL
        WHEN c.releffectivediststyle = 0 THEN 'even'
        WHEN c.releffectivediststyle = 1 THEN 'key'
        WHEN c.releffectivediststyle = 8 THEN 'all'
        WHEN c.releffectivediststyle = 10 THEN 'auto(all)'
        WHEN c.releffectivediststyle = 11 THEN 'auto(even)'
        WHEN c.releffectivediststyle = 12 THEN 'auto(key)'
    END AS "distribution.style",
    -- The catalog has no columns of a view that is bound when it is read.
    CASE WHEN c.relkind = 'v' AND c.relnatts = 0 THEN TRUE END AS "extra.late_binding"
FROM pg_catalog.pg_class_info AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
-- A number is unique in its catalog only; 1259 is pg_class, everywhere.
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = c.reloid AND s.classoid = 1259 AND s.objsubid = 0
WHERE c.relkind IN ('r', 'v')
  AND c.relname !~ '^mv_tbl__.*__[0-9]+$'
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
  AND (%(every_schema)s OR n.nspname IN %(schemas)s)
  AND (%(every_table)s OR c.relname IN %(tables)s)
ORDER BY n.nspname, c.relname;
