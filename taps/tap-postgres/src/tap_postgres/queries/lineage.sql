-- Views and materialized views: their rule trees, and the names of the relations and columns that stand in these as numbers.
SELECT
    ARRAY[current_database(), n.nspname, c.relname]::text[] AS path,
    r.ev_action::text AS tree,
    (
        SELECT json_agg(json_build_array(a.attnum, a.attname) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS columns,
    u.relations
FROM pg_catalog.pg_rewrite AS r
INNER JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object(
        'relid', uc.oid::bigint,
        'path', ARRAY[current_database(), un.nspname, uc.relname]::text[],
        'relkind', uc.relkind,
        'columns', (
            SELECT json_agg(json_build_array(a.attnum, a.attname) ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = uc.oid AND a.attnum > 0 AND NOT a.attisdropped
        )
    )) AS relations
    FROM (
        -- What the tree names, system catalogs included: no dependency on those is recorded.
        SELECT m.match[1]::oid AS relid
        FROM regexp_matches(r.ev_action::text, ':relid ([0-9]+)', 'g') AS m (match)
        UNION
        -- What is recorded, should the tree be written in an unknown way; types and sequences in
        -- expressions are recorded too, but are not read.
        SELECT d.refobjid
        FROM pg_catalog.pg_depend AS d
        INNER JOIN pg_catalog.pg_class AS dc
            ON dc.oid = d.refobjid AND dc.relkind IN ('r', 'p', 'v', 'm', 'f')
        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
          AND d.objid = r.oid
          AND d.refclassid = 'pg_catalog.pg_class'::regclass
    ) AS named
    INNER JOIN pg_catalog.pg_class AS uc ON uc.oid = named.relid AND uc.oid <> c.oid
    INNER JOIN pg_catalog.pg_namespace AS un ON un.oid = uc.relnamespace
) AS u
WHERE r.ev_type = '1'
  AND c.relkind IN ('v', 'm')
  AND NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
  AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C";
