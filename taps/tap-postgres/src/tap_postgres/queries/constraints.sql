-- Primary keys, foreign keys, unique, check and exclusion constraints of tables.
WITH key_column AS (
    SELECT k.oid, array_agg(a.attname::text ORDER BY u.position) AS names
    FROM pg_catalog.pg_constraint AS k
    CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS u (attnum, position)
    INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
    GROUP BY k.oid
),
referenced_column AS (
    SELECT k.oid, array_agg(a.attname::text ORDER BY u.position) AS names
    FROM pg_catalog.pg_constraint AS k
    CROSS JOIN LATERAL unnest(k.confkey) WITH ORDINALITY AS u (attnum, position)
    INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum
    WHERE k.contype = 'f'
    GROUP BY k.oid
),
-- PostgreSQL 15 brought ON DELETE SET NULL (column): older catalogs have no confdelsetcols.
set_column AS (
    SELECT k.oid, jsonb_agg(a.attname ORDER BY u.position) AS names
    FROM pg_catalog.pg_constraint AS k
    CROSS JOIN LATERAL jsonb_array_elements_text(
        NULLIF(to_jsonb(k) -> 'confdelsetcols', 'null')
    ) WITH ORDINALITY AS u (attnum, position)
    INNER JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = k.conrelid AND a.attnum = u.attnum::smallint
    WHERE k.contype = 'f' AND k.confdeltype IN ('n', 'd')
    GROUP BY k.oid
),
foreign_key_action (letter, action) AS (
    VALUES
    ('a', 'NO ACTION'), ('r', 'RESTRICT'), ('c', 'CASCADE'), ('n', 'SET NULL'), ('d', 'SET DEFAULT')
)
SELECT
    ARRAY[current_database(), n.nspname, c.relname, k.conname]::text[] AS path,
    k.conname::text AS name,
    ARRAY[current_database(), n.nspname, c.relname]::text[] AS table_path,
    s.description,
    CASE k.contype
        WHEN 'p' THEN 'primary_key'
        WHEN 'f' THEN 'foreign_key'
        WHEN 'u' THEN 'unique'
        WHEN 'c' THEN 'check'
        WHEN 'x' THEN 'exclusion'
    END AS constraint_type,
    COALESCE(kc.names, '{}') AS columns,
    CASE
        WHEN k.contype = 'f' THEN ARRAY[current_database(), rn.nspname, rc.relname]::text[]
    END AS referenced_table_path,
    COALESCE(rk.names, '{}') AS referenced_columns,
    on_update.action AS on_update,
    on_delete.action AS on_delete,
    pg_get_constraintdef(k.oid) AS expression,
    k.enforced,
    k.convalidated AS validated,
    k.condeferrable AS deferrable,
    jsonb_strip_nulls(jsonb_build_object(
        'initially_deferred', NULLIF(k.condeferred, FALSE),
        'inherited', NULLIF(k.coninhcount > 0, FALSE),
        'no_inherit', CASE WHEN k.contype = 'c' AND k.connoinherit THEN TRUE END,
        'on_delete_columns', sc.names,
        'match', CASE k.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END,
        'period', NULLIF(k.period, FALSE)
    )) AS extra
-- PostgreSQL 18 brought conenforced and conperiod: on older servers the names mean these columns.
FROM (SELECT TRUE AS conenforced, FALSE AS conperiod) AS older_server
CROSS JOIN LATERAL (
    SELECT p.*, p.tableoid AS catalog, conenforced AS enforced, conperiod AS period
    FROM pg_catalog.pg_constraint AS p
) AS k
INNER JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class AS rc ON rc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = rc.relnamespace
LEFT JOIN key_column AS kc ON kc.oid = k.oid
LEFT JOIN referenced_column AS rk ON rk.oid = k.oid
LEFT JOIN set_column AS sc ON sc.oid = k.oid
LEFT JOIN foreign_key_action AS on_update ON k.contype = 'f' AND on_update.letter = k.confupdtype
LEFT JOIN foreign_key_action AS on_delete ON k.contype = 'f' AND on_delete.letter = k.confdeltype
LEFT JOIN pg_catalog.pg_constraint AS whole ON whole.oid = k.conparentid
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = k.oid AND s.classoid = k.catalog AND s.objsubid = 0
WHERE k.contype IN ('p', 'f', 'u', 'c', 'x')
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  -- A key to a partitioned table has a helper for each partition it points to: no rule of its own.
  AND whole.conrelid IS DISTINCT FROM k.conrelid
  AND NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
  AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C";
