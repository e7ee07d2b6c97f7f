-- Sequences, those behind serial and identity columns included; their current value is data.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      AND d.deptype = 'e'
)
SELECT
    ARRAY[current_database(), n.nspname, c.relname]::text[] AS path,
    c.relname::text AS name,
    s.description,
    jsonb_build_array(jsonb_build_object(
        'principal', pg_get_userbyid(c.relowner), 'kind', 'role', 'source', 'pg_class.relowner'
    )) AS owners,
    format_type(q.seqtypid, NULL) AS data_type,
    q.seqstart AS start,
    q.seqincrement AS increment,
    q.seqmin AS min,
    q.seqmax AS max,
    CASE
        WHEN a.attnum IS NOT NULL
        THEN ARRAY[current_database(), tn.nspname, t.relname, a.attname]::text[]
    END AS owned_by_path,
    '#' AS owned_by_kind,
    jsonb_strip_nulls(jsonb_build_object(
        'cache', q.seqcache,
        'cycle', NULLIF(q.seqcycle, FALSE),
        'extension', e.extname,
        'identity', CASE WHEN d.deptype = 'i' THEN TRUE END,
        'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END
    )) AS extra
FROM pg_catalog.pg_sequence AS q
INNER JOIN pg_catalog.pg_class AS c ON c.oid = q.seqrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
-- Owned by a column: automatically (serial, OWNED BY) or internally (identity).
LEFT JOIN pg_catalog.pg_depend AS d
    ON d.classid = 'pg_catalog.pg_class'::regclass
   AND d.objid = c.oid
   AND d.objsubid = 0
   AND d.refclassid = 'pg_catalog.pg_class'::regclass
   AND d.refobjsubid > 0
   AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
LEFT JOIN extension_member AS e ON e.objid = c.oid
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = c.oid AND s.classoid = c.tableoid AND s.objsubid = 0
WHERE NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C";
