-- Triggers on tables and views, and event triggers of the database.
WITH trigger_on_table AS (
    SELECT
        ARRAY[current_database(), n.nspname, c.relname, t.tgname]::text[] AS path,
        t.tgname::text AS name,
        ARRAY[current_database(), n.nspname, c.relname]::text[] AS table_path,
        s.description,
        '[]'::jsonb AS owners,
        CASE
            WHEN t.tgtype & 2 <> 0 THEN 'BEFORE'
            WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF'
            ELSE 'AFTER'
        END AS timing,
        array_remove(ARRAY[
            CASE WHEN t.tgtype & 4 <> 0 THEN 'INSERT' END,
            CASE WHEN t.tgtype & 16 <> 0 THEN 'UPDATE' END,
            CASE WHEN t.tgtype & 8 <> 0 THEN 'DELETE' END,
            CASE WHEN t.tgtype & 32 <> 0 THEN 'TRUNCATE' END
        ], NULL) AS events,
        pg_get_triggerdef(t.oid) AS definition,
        t.tgfoid AS function_oid,
        t.tgenabled AS enabled,
        jsonb_build_object(
            'level', CASE WHEN t.tgtype & 1 <> 0 THEN 'row' ELSE 'statement' END,
            'update_of', (
                SELECT jsonb_agg(a.attname ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)
            ),
            'constraint', CASE WHEN t.tgconstraint <> 0 THEN TRUE END,
            'deferrable', NULLIF(t.tgdeferrable, FALSE),
            'initially_deferred', NULLIF(t.tginitdeferred, FALSE)
        ) AS extra,
        n.nspname,
        c.relname
    FROM pg_catalog.pg_trigger AS t
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_description AS s
        ON s.objoid = t.oid AND s.classoid = t.tableoid AND s.objsubid = 0
    WHERE NOT t.tgisinternal
      -- A partition's copy of its parent's trigger is no trigger of its own. Before PostgreSQL 13
      -- there was no tgparentid, and before 15 the copies counted as internal.
      AND COALESCE(to_jsonb(t) ->> 'tgparentid', '0') = '0'
      AND NOT starts_with(n.nspname, 'pg_')
      AND n.nspname <> 'information_schema'
      AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
      AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
),
event_trigger AS (
    SELECT
        ARRAY[current_database(), t.evtname]::text[] AS path,
        t.evtname::text AS name,
        NULL::text[] AS table_path,
        s.description,
        jsonb_build_array(jsonb_build_object(
            'principal', pg_get_userbyid(t.evtowner),
            'kind', 'role',
            'source', 'pg_event_trigger.evtowner'
        )) AS owners,
        NULL AS timing,
        ARRAY[t.evtevent]::text[] AS events,
        NULL AS definition,
        t.evtfoid AS function_oid,
        t.evtenabled AS enabled,
        jsonb_build_object('level', 'event', 'tags', t.evttags, 'extension', e.extname) AS extra,
        NULL::name AS nspname,
        NULL::name AS relname
    FROM pg_catalog.pg_event_trigger AS t
    LEFT JOIN pg_catalog.pg_depend AS d
        ON d.classid = 'pg_catalog.pg_event_trigger'::regclass
       AND d.objid = t.oid
       AND d.refclassid = 'pg_catalog.pg_extension'::regclass
       AND d.deptype = 'e'
    LEFT JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_description AS s
        ON s.objoid = t.oid
       AND s.classoid = t.tableoid
       AND s.objsubid = 0
    WHERE %(schemas)s::text[] IS NULL AND %(tables)s::text[] IS NULL
)
SELECT
    t.path,
    t.name,
    t.table_path,
    t.description,
    t.owners,
    t.timing,
    t.events,
    t.definition,
    jsonb_strip_nulls(t.extra || jsonb_build_object(
        'function', jsonb_build_object('schema', fn.nspname, 'name', f.proname),
        'enabled', CASE t.enabled
            WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always'
        END
    )) AS extra
FROM (SELECT * FROM trigger_on_table UNION ALL SELECT * FROM event_trigger) AS t
LEFT JOIN pg_catalog.pg_proc AS f ON f.oid = t.function_oid
LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.pronamespace
ORDER BY t.nspname COLLATE "C" NULLS FIRST, t.relname COLLATE "C", t.name COLLATE "C";
