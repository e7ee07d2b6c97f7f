-- Tables, partitions, views, materialized views and foreign tables: one row a relation.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      AND d.deptype = 'e'
),
storage_option AS (
    SELECT c.oid, jsonb_object_agg(o.option_name, o.option_value) AS options
    FROM pg_catalog.pg_class AS c
    CROSS JOIN LATERAL pg_options_to_table(c.reloptions) AS o
    WHERE c.reloptions IS NOT NULL
    GROUP BY c.oid
),
-- Other options of foreign tables can be commands or keys: they stay in the source.
foreign_option AS (
    SELECT f.ftrelid, jsonb_object_agg(o.option_name, o.option_value) AS options
    FROM pg_catalog.pg_foreign_table AS f
    CROSS JOIN LATERAL pg_options_to_table(f.ftoptions) AS o
    WHERE o.option_name IN ('schema', 'schema_name', 'table', 'table_name', 'filename', 'format')
    GROUP BY f.ftrelid
),
partition_key AS (
    SELECT
        p.partrelid,
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'expression', COALESCE(quote_ident(a.attname), pg_get_expr(p.partexprs, p.partrelid)),
            'field_path', a.attname,
            'kind', CASE p.partstrat
                WHEN 'r' THEN 'range' WHEN 'l' THEN 'list' WHEN 'h' THEN 'hash'
            END
        )) ORDER BY k.position) AS keys
    FROM pg_catalog.pg_partitioned_table AS p
    CROSS JOIN LATERAL unnest(p.partattrs) WITH ORDINALITY AS k (attnum, position)
    LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = p.partrelid AND a.attnum = k.attnum AND k.attnum <> 0
    -- The server writes all expressions of a key as one list, which stands where the first one is.
    WHERE k.attnum <> 0 OR k.position = array_position(p.partattrs::smallint[], 0::smallint) + 1
    GROUP BY p.partrelid
),
parent AS (
    SELECT
        i.inhrelid,
        n.nspname,
        c.relname,
        i.inhseqno
    FROM pg_catalog.pg_inherits AS i
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = i.inhparent
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
),
inherited AS (
    SELECT
        p.inhrelid,
        jsonb_agg(
            jsonb_build_object('schema', p.nspname, 'name', p.relname) ORDER BY p.inhseqno
        ) AS parents
    FROM parent AS p
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = p.inhrelid AND NOT c.relispartition
    GROUP BY p.inhrelid
)
SELECT
    ARRAY[current_database(), n.nspname, c.relname]::text[] AS path,
    c.relname::text AS name,
    ARRAY[current_database(), n.nspname]::text[] AS container_path,
    CASE
        WHEN c.relispartition THEN 'partition'
        WHEN c.relkind = 'r' THEN 'table'
        WHEN c.relkind = 'p' THEN 'partitioned_table'
        WHEN c.relkind = 'v' THEN 'view'
        WHEN c.relkind = 'm' THEN 'materialized_view'
        WHEN c.relkind = 'f' THEN 'foreign_table'
    END AS table_type,
    CASE c.relkind
        WHEN 'r' THEN 'table'
        WHEN 'p' THEN 'partitioned table'
        WHEN 'v' THEN 'view'
        WHEN 'm' THEN 'materialized view'
        WHEN 'f' THEN 'foreign table'
    END AS native_type,
    s.description,
    jsonb_build_array(jsonb_build_object(
        'principal', pg_get_userbyid(c.relowner), 'kind', 'role', 'source', 'pg_class.relowner'
    )) AS owners,
    CASE
        WHEN c.relispartition THEN ARRAY[current_database(), p.nspname, p.relname]::text[]
    END AS partition_of_path,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
    CASE WHEN c.relkind IN ('v', 'm') THEN 'sql' END AS definition_language,
    CASE
        WHEN c.relkind = 'v' THEN COALESCE((o.options ->> 'security_barrier')::boolean, FALSE)
    END AS is_secure,
    fs.srvname::text AS location,
    COALESCE(k.keys, '[]') AS partition_keys,
    CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
    -- Without statistics PostgreSQL 14 and later say -1, and older ones 0 rows on 0 pages.
    CASE
        WHEN c.relkind <> 'v'
         AND c.reltuples >= 0
         AND (
             c.reltuples > 0
             OR c.relpages > 0
             OR current_setting('server_version_num')::integer >= 140000
         )
        THEN c.reltuples::bigint
    END AS row_count,
    -- Pages at the last VACUUM or ANALYZE: asking for the size of today would stat every file.
    CASE
        WHEN c.relkind IN ('r', 'm') AND (c.relpages > 0 OR c.reltuples >= 0)
        THEN (c.relpages + COALESCE(toast.relpages, 0))::bigint
            * current_setting('block_size')::bigint
    END AS size_bytes,
    GREATEST(
        pg_stat_get_last_vacuum_time(c.oid),
        pg_stat_get_last_autovacuum_time(c.oid),
        pg_stat_get_last_analyze_time(c.oid),
        pg_stat_get_last_autoanalyze_time(c.oid)
    ) AS statistics_at,
    COALESCE(o.options, '{}') || COALESCE(fo.options, '{}') || jsonb_strip_nulls(jsonb_build_object(
        'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
        'tablespace', ts.spcname,
        'access_method', NULLIF(am.amname, 'heap')
    )) AS options,
    jsonb_strip_nulls(jsonb_build_object(
        'extension', x.extname,
        'foreign_data_wrapper', fdw.fdwname,
        'inherits', h.parents,
        'of_type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
        'partition_key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
        'populated', CASE WHEN c.relkind = 'm' THEN c.relispopulated END,
        'replica_identity', CASE
            WHEN c.relkind NOT IN ('r', 'p') THEN NULL
            WHEN c.relreplident = 'n' THEN 'nothing'
            WHEN c.relreplident = 'f' THEN 'full'
            WHEN c.relreplident = 'i' THEN 'index'
        END,
        'row_security', NULLIF(c.relrowsecurity, FALSE),
        'force_row_security', NULLIF(c.relforcerowsecurity, FALSE)
    )) AS extra
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
-- A number is unique in its catalog only, so a comment names the catalog too.
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = c.oid AND s.classoid = c.tableoid AND s.objsubid = 0
LEFT JOIN pg_catalog.pg_class AS toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_catalog.pg_tablespace AS ts ON ts.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_am AS am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_foreign_table AS ft ON ft.ftrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_server AS fs ON fs.oid = ft.ftserver
LEFT JOIN pg_catalog.pg_foreign_data_wrapper AS fdw ON fdw.oid = fs.srvfdw
LEFT JOIN storage_option AS o ON o.oid = c.oid
LEFT JOIN foreign_option AS fo ON fo.ftrelid = c.oid
LEFT JOIN partition_key AS k ON k.partrelid = c.oid
LEFT JOIN parent AS p ON p.inhrelid = c.oid AND c.relispartition
LEFT JOIN inherited AS h ON h.inhrelid = c.oid
LEFT JOIN extension_member AS x ON x.objid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
  AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C";
