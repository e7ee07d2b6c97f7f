-- Columns of tables, views and foreign tables: one row a column that was not dropped.
WITH RECURSIVE known_type (typname, type_class) AS (
    VALUES
    ('bool', 'boolean'),
    ('int2', 'integer'), ('int4', 'integer'), ('int8', 'integer'), ('oid', 'integer'),
    ('float4', 'float'), ('float8', 'float'), ('numeric', 'decimal'), ('money', 'decimal'),
    ('date', 'date'), ('time', 'time'), ('timetz', 'time'), ('interval', 'interval'),
    ('timestamp', 'timestamp'), ('timestamptz', 'timestamp'),
    ('bytea', 'binary'), ('bit', 'binary'), ('varbit', 'binary'),
    ('char', 'string'), ('json', 'json'), ('jsonb', 'json'), ('uuid', 'uuid'), ('hstore', 'map'),
    ('geometry', 'geo'), ('geography', 'geo'), ('record', 'struct')
),
-- A domain can stand on a domain: follow it down to what is none.
domain_step (oid, base_oid, base_typmod, not_null) AS (
    SELECT t.oid, t.typbasetype, t.typtypmod, t.typnotnull
    FROM pg_catalog.pg_type AS t
    WHERE t.typtype = 'd'

    UNION ALL

    SELECT d.oid, t.typbasetype, t.typtypmod, d.not_null OR t.typnotnull
    FROM domain_step AS d
    INNER JOIN pg_catalog.pg_type AS t ON t.oid = d.base_oid AND t.typtype = 'd'
),
domain_base AS (
    SELECT d.oid, d.base_oid, d.base_typmod, d.not_null
    FROM domain_step AS d
    INNER JOIN pg_catalog.pg_type AS b ON b.oid = d.base_oid AND b.typtype <> 'd'
),
data_type AS (
    SELECT
        t.oid,
        t.typcollation,
        t.typstorage,
        b.typname AS base_name,
        d.base_oid,
        d.base_typmod,
        COALESCE(d.not_null, FALSE) AS not_null,
        CASE
            WHEN b.typtype = 'e' THEN 'enum'
            WHEN b.typtype = 'c' THEN 'struct'
            WHEN b.typcategory = 'A' THEN 'array'
            WHEN k.type_class IS NOT NULL THEN k.type_class
            WHEN b.typcategory = 'S' THEN 'string'
            WHEN b.typcategory = 'G' THEN 'geo'
            ELSE 'other'
        END AS type_class,
        CASE
            WHEN en.nspname <> 'pg_catalog'
            THEN jsonb_build_object('schema', en.nspname, 'name', e.typname)
        END AS user_type
    FROM pg_catalog.pg_type AS t
    LEFT JOIN domain_base AS d ON d.oid = t.oid
    INNER JOIN pg_catalog.pg_type AS b ON b.oid = COALESCE(d.base_oid, t.oid)
    LEFT JOIN known_type AS k ON k.typname = b.typname AND b.typtype IN ('b', 'p')
    INNER JOIN pg_catalog.pg_type AS e
        ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
    INNER JOIN pg_catalog.pg_namespace AS en ON en.oid = e.typnamespace
),
identity AS (
    SELECT d.refobjid, d.refobjsubid, s.seqstart, s.seqincrement
    FROM pg_catalog.pg_sequence AS s
    INNER JOIN pg_catalog.pg_depend AS d
        ON d.classid = 'pg_catalog.pg_class'::regclass
       AND d.objid = s.seqrelid
       AND d.refclassid = 'pg_catalog.pg_class'::regclass
       AND d.deptype = 'i'
)
SELECT
    ARRAY[current_database(), n.nspname, c.relname, a.attname]::text[] AS path,
    a.attname::text AS name,
    ARRAY[current_database(), n.nspname, c.relname]::text[] AS table_path,
    a.attname::text AS field_path,
    a.attnum AS ordinal,
    s.description,
    format_type(a.atttypid, a.atttypmod) AS data_type,
    t.type_class,
    CASE
        WHEN m.typmod < 0 THEN NULL
        WHEN t.base_name IN ('varchar', 'bpchar') THEN m.typmod - 4
        WHEN t.base_name IN ('bit', 'varbit') THEN m.typmod
    END AS length,
    CASE
        WHEN m.typmod < 0 THEN NULL
        WHEN t.base_name = 'numeric' THEN ((m.typmod - 4) >> 16) & 65535
        WHEN t.base_name IN ('time', 'timetz', 'timestamp', 'timestamptz') THEN m.typmod
        -- The high half holds the fields (YEAR TO MONTH ...); 65535: no precision was declared.
        WHEN t.base_name = 'interval' THEN NULLIF(m.typmod & 65535, 65535)
    END AS precision,
    -- Eleven bits with a sign: since PostgreSQL 15 a scale can be negative.
    CASE
        WHEN m.typmod >= 0 AND t.base_name = 'numeric' THEN (((m.typmod - 4) & 2047) # 1024) - 1024
    END AS scale,
    NOT (a.attnotnull OR t.not_null) AS nullable,
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(ad.adbin, ad.adrelid) END AS default,
    CASE
        WHEN a.attidentity <> '' THEN jsonb_build_object(
            'start', i.seqstart,
            'increment', i.seqincrement,
            'mode', CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by_default' END
        )
    END AS identity,
    CASE
        WHEN a.attgenerated <> '' THEN pg_get_expr(ad.adbin, ad.adrelid)
    END AS generation_expression,
    CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
    co.collname::text AS collation,
    -- Most columns have nothing special: for them no document is built.
    CASE
        WHEN t.user_type IS NULL
         AND t.base_oid IS NULL
         AND co.oid IS NULL
         AND a.attstorage = t.typstorage
         AND a.compression = ''
         AND COALESCE(a.attstattarget, -1) = -1
         AND a.attfdwoptions IS NULL
        THEN '{}'
        ELSE jsonb_strip_nulls(jsonb_build_object(
            'type', t.user_type,
            'base_type', CASE WHEN t.base_oid <> 0 THEN format_type(t.base_oid, t.base_typmod) END,
            'collation_schema', NULLIF(cn.nspname, 'pg_catalog'),
            'storage', CASE
                WHEN a.attstorage = t.typstorage THEN NULL
                WHEN a.attstorage = 'p' THEN 'plain'
                WHEN a.attstorage = 'e' THEN 'external'
                WHEN a.attstorage = 'm' THEN 'main'
                WHEN a.attstorage = 'x' THEN 'extended'
            END,
            'compression', CASE a.compression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
            'statistics_target', NULLIF(a.attstattarget, -1),
            'foreign_name', (
                SELECT o.option_value
                FROM pg_options_to_table(a.attfdwoptions) AS o
                WHERE o.option_name = 'column_name'
            )
        ))
    END AS extra
-- PostgreSQL 12 and 13 have no attcompression: there the name means this column instead.
FROM (SELECT ''::"char" AS attcompression) AS older_server
CROSS JOIN LATERAL (
    SELECT p.*, attcompression AS compression FROM pg_catalog.pg_attribute AS p
) AS a
INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN data_type AS t ON t.oid = a.atttypid
CROSS JOIN LATERAL (SELECT COALESCE(t.base_typmod, a.atttypmod) AS typmod) AS m
LEFT JOIN pg_catalog.pg_attrdef AS ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
LEFT JOIN identity AS i ON i.refobjid = a.attrelid AND i.refobjsubid = a.attnum
LEFT JOIN pg_catalog.pg_collation AS co
    ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace AS cn ON cn.oid = co.collnamespace
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = a.attrelid
   AND s.classoid = c.tableoid
   AND s.objsubid = a.attnum
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
  AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum;
