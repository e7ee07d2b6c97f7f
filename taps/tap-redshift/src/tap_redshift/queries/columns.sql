-- Columns of local tables and of views that are bound: one row a column that was not dropped.
SELECT
    current_database() AS path_1,
    n.nspname AS path_2,
    c.relname AS path_3,
    a.attname AS path_4,
    a.attname AS name,
    current_database() AS table_path_1,
    n.nspname AS table_path_2,
    c.relname AS table_path_3,
    a.attname AS field_path,
    a.attnum AS ordinal,
    s.description,
    format_type(a.atttypid, a.atttypmod) AS data_type,
    NOT a.attnotnull AS nullable,
    -- An identity is stored as a default such as "identity"(100, 0, '1,2'::text), or
    -- default_identity(...) where a value may be given.
    CASE WHEN d.adsrc !~ 'identity"?[(]' THEN d.adsrc END AS "default",
    CASE
        WHEN d.adsrc ~ 'identity"?[(]'
        THEN CAST(SPLIT_PART(SPLIT_PART(d.adsrc, '''', 2), ',', 1) AS bigint)
    END AS "identity.start",
    CASE
        WHEN d.adsrc ~ 'identity"?[(]'
        THEN CAST(SPLIT_PART(SPLIT_PART(d.adsrc, '''', 2), ',', 2) AS bigint)
    END AS "identity.increment",
    CASE
        WHEN d.adsrc ~ 'default_identity"?[(]' THEN 'by_default'
        WHEN d.adsrc ~ 'identity"?[(]' THEN 'always'
    END AS "identity.mode",
    CASE
        WHEN c.relkind = 'r'
        THEN TRIM(pg_catalog.format_encoding(CAST(a.attencodingtype AS integer)))
    END AS "extra.encoding",
    CASE WHEN a.attisdistkey THEN TRUE END AS "extra.distribution_key",
    CASE WHEN a.attsortkeyord <> 0 THEN a.attsortkeyord END AS "extra.sort_key"
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = a.attrelid AND s.classoid = 1259 AND s.objsubid = a.attnum
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind IN ('r', 'v')
  AND c.relname !~ '^mv_tbl__.*__[0-9]+$'
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
  AND (%(every_schema)s OR n.nspname IN %(schemas)s)
  AND (%(every_table)s OR c.relname IN %(tables)s)
ORDER BY n.nspname, c.relname, a.attnum;
