-- Indexes of tables and materialized views, those of partitions and constraints included.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      AND d.deptype = 'e'
),
-- Collations as SQL writes them: their schema stands before the name unless it is pg_catalog.
collation_name AS (
    SELECT
        c.oid,
        CASE WHEN n.nspname <> 'pg_catalog' THEN quote_ident(n.nspname) || '.' ELSE '' END
            || quote_ident(c.collname) AS name
    FROM pg_catalog.pg_collation AS c
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
),
index_part AS (
    SELECT
        x.indexrelid,
        u.position,
        u.position <= x.indnkeyatts AS is_key,
        a.attname::text AS column_name,
        CASE
            WHEN u.attnum = 0 THEN pg_get_indexdef(x.indexrelid, u.position::integer, FALSE)
        END AS expression,
        -- Bit 1: descending. Bit 2: nulls first, which is the default of descending order.
        CASE u.option
            WHEN 0 THEN 'ASC'
            WHEN 1 THEN 'DESC NULLS LAST'
            WHEN 2 THEN 'ASC NULLS FIRST'
            WHEN 3 THEN 'DESC'
        END AS sort_order,
        CASE WHEN NOT o.opcdefault THEN o.opcname END AS operator_class,
        -- The catalog does not say which collation an expression has by itself: there all but the
        -- database's own stand.
        CASE
            WHEN u.collation_oid IS DISTINCT FROM a.attcollation AND co.name <> '"default"'
            THEN co.name
        END AS collation
    FROM pg_catalog.pg_index AS x
    CROSS JOIN LATERAL unnest(x.indkey, x.indoption, x.indclass, x.indcollation) WITH ORDINALITY
        AS u (attnum, option, opclass, collation_oid, position)
    LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = x.indrelid AND a.attnum = u.attnum AND u.attnum <> 0
    LEFT JOIN pg_catalog.pg_opclass AS o ON o.oid = u.opclass
    LEFT JOIN collation_name AS co ON co.oid = u.collation_oid
),
access_method AS (
    SELECT m.oid, m.amname, pg_indexam_has_property(m.oid, 'can_order') AS can_order
    FROM pg_catalog.pg_am AS m
    WHERE m.amtype = 'i'
),
index_columns AS (
    SELECT
        i.oid,
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'field_path', p.column_name,
            'expression', p.expression,
            'order', CASE WHEN m.can_order THEN p.sort_order END
        )) ORDER BY p.position) FILTER (WHERE p.is_key) AS keys,
        array_agg(p.column_name ORDER BY p.position) FILTER (WHERE NOT p.is_key) AS included,
        jsonb_object_agg(p.position, p.operator_class)
            FILTER (WHERE p.operator_class IS NOT NULL) AS operator_classes,
        jsonb_object_agg(p.position, p.collation)
            FILTER (WHERE p.collation IS NOT NULL) AS collations
    FROM index_part AS p
    INNER JOIN pg_catalog.pg_class AS i ON i.oid = p.indexrelid
    INNER JOIN access_method AS m ON m.oid = i.relam
    GROUP BY i.oid
)
SELECT
    ARRAY[current_database(), n.nspname, c.relname, i.relname]::text[] AS path,
    i.relname::text AS name,
    ARRAY[current_database(), n.nspname, c.relname]::text[] AS table_path,
    s.description,
    k.keys AS columns,
    x.indisunique AS unique,
    m.amname::text AS method,
    pg_get_expr(x.indpred, x.indrelid) AS predicate,
    COALESCE(k.included, '{}') AS include_columns,
    CASE
        WHEN i.relkind = 'i' THEN i.relpages::bigint * current_setting('block_size')::bigint
    END AS size_bytes,
    jsonb_strip_nulls(jsonb_build_object(
        'clustered', NULLIF(x.indisclustered, FALSE),
        'collations', k.collations,
        'exclusion', NULLIF(x.indisexclusion, FALSE),
        'extension', e.extname,
        'nulls_not_distinct', NULLIF(x.nulls_not_distinct, FALSE),
        'operator_classes', k.operator_classes,
        'options', to_jsonb(i.reloptions),
        'partition_of', CASE
            WHEN w.oid IS NOT NULL THEN jsonb_build_object('schema', wn.nspname, 'name', w.relname)
        END,
        'primary', NULLIF(x.indisprimary, FALSE),
        'replica_identity', NULLIF(x.indisreplident, FALSE),
        'tablespace', ts.spcname,
        'valid', NULLIF(x.indisvalid, TRUE)
    )) AS extra
-- PostgreSQL 15 brought indnullsnotdistinct: on older servers the name means this column.
FROM (SELECT FALSE AS indnullsnotdistinct) AS older_server
CROSS JOIN LATERAL (
    SELECT p.*, indnullsnotdistinct AS nulls_not_distinct FROM pg_catalog.pg_index AS p
) AS x
INNER JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
INNER JOIN access_method AS m ON m.oid = i.relam
INNER JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN index_columns AS k ON k.oid = x.indexrelid
LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = i.oid
LEFT JOIN pg_catalog.pg_class AS w ON w.oid = h.inhparent
LEFT JOIN pg_catalog.pg_namespace AS wn ON wn.oid = w.relnamespace
LEFT JOIN pg_catalog.pg_tablespace AS ts ON ts.oid = i.reltablespace
LEFT JOIN extension_member AS e ON e.objid = i.oid
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = i.oid AND s.classoid = i.tableoid AND s.objsubid = 0
WHERE NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
  AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", i.relname COLLATE "C";
