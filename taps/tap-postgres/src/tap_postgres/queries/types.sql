-- Enums, domains, composites, ranges, multiranges and base types that somebody defined.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_type'::regclass
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
enum_label AS (
    SELECT e.enumtypid, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
    FROM pg_catalog.pg_enum AS e
    GROUP BY e.enumtypid
),
domain_check AS (
    SELECT
        k.contypid,
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'name', k.conname,
            'expression', pg_get_constraintdef(k.oid),
            'validated', NULLIF(k.convalidated, TRUE)
        )) ORDER BY k.conname COLLATE "C") AS checks,
        string_agg(
            format('CONSTRAINT %%I %%s', k.conname, pg_get_constraintdef(k.oid)),
            ' ' ORDER BY k.conname COLLATE "C"
        ) AS definition
    FROM pg_catalog.pg_constraint AS k
    WHERE k.contypid <> 0 AND k.contype = 'c'
    GROUP BY k.contypid
),
composite AS (
    SELECT
        c.oid,
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'name', a.attname,
            'data_type', format_type(a.atttypid, a.atttypmod),
            'collation', co.name,
            'description', s.description
        )) ORDER BY a.attnum) AS attributes,
        string_agg(
            concat_ws(
                ' ',
                quote_ident(a.attname),
                format_type(a.atttypid, a.atttypmod),
                'COLLATE ' || co.name
            ),
            ', ' ORDER BY a.attnum
        ) AS definition
    FROM pg_catalog.pg_class AS c
    INNER JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    INNER JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN collation_name AS co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
    LEFT JOIN pg_catalog.pg_description AS s
        ON s.objoid = c.oid
       AND s.classoid = c.tableoid
       AND s.objsubid = a.attnum
    WHERE c.relkind = 'c'
    GROUP BY c.oid
),
-- Ranges, and the multirange that each has since PostgreSQL 14: older catalogs have no column for it.
ranged AS (
    SELECT
        t.oid,
        m.rngmultitypid,
        r.rngsubtype,
        r.rngcollation,
        NULLIF(r.rngcanonical, 0)::regproc::text AS canonical,
        NULLIF(r.rngsubdiff, 0)::regproc::text AS subtype_diff
    FROM pg_catalog.pg_range AS r
    CROSS JOIN LATERAL (
        SELECT (to_jsonb(r) ->> 'rngmultitypid')::oid AS rngmultitypid
    ) AS m
    CROSS JOIN LATERAL (VALUES (r.rngtypid), (m.rngmultitypid)) AS t (oid)
)
SELECT
    ARRAY[current_database(), n.nspname, t.typname]::text[] AS path,
    t.typname::text AS name,
    s.description,
    jsonb_build_array(jsonb_build_object(
        'principal', pg_get_userbyid(t.typowner), 'kind', 'role', 'source', 'pg_type.typowner'
    )) AS owners,
    CASE t.typtype
        WHEN 'e' THEN 'enum'
        WHEN 'd' THEN 'domain'
        WHEN 'c' THEN 'composite'
        WHEN 'r' THEN 'range'
        WHEN 'm' THEN 'multirange'
        WHEN 'b' THEN 'base'
    END AS type_type,
    COALESCE(l.labels, '{}') AS labels,
    CASE
        WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
        WHEN t.typtype IN ('r', 'm') THEN format_type(r.rngsubtype, NULL)
    END AS base_type,
    CASE t.typtype
        WHEN 'c' THEN '(' || COALESCE(m.definition, '') || ')'
        WHEN 'd' THEN concat_ws(
            ' ',
            format_type(t.typbasetype, t.typtypmod),
            'COLLATE ' || co.name,
            'DEFAULT ' || t.typdefault,
            CASE WHEN t.typnotnull THEN 'NOT NULL' END,
            k.definition
        )
        WHEN 'r' THEN concat_ws(
            ', ',
            'subtype = ' || format_type(r.rngsubtype, NULL),
            'multirange_type_name = ' || format_type(r.rngmultitypid, NULL),
            'collation = ' || rco.name,
            'canonical = ' || r.canonical,
            'subtype_diff = ' || r.subtype_diff
        )
    END AS definition,
    jsonb_strip_nulls(jsonb_build_object(
        'attributes', m.attributes,
        'checks', k.checks,
        'default', t.typdefault,
        'extension', x.extname,
        'not_null', NULLIF(t.typnotnull, FALSE)
    )) AS extra
FROM pg_catalog.pg_type AS t
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
LEFT JOIN pg_catalog.pg_type AS element ON element.oid = t.typelem
LEFT JOIN pg_catalog.pg_type AS base ON base.oid = t.typbasetype
LEFT JOIN collation_name AS co
    ON co.oid = t.typcollation AND t.typtype = 'd' AND t.typcollation <> base.typcollation
LEFT JOIN ranged AS r ON r.oid = t.oid
LEFT JOIN pg_catalog.pg_type AS subtype ON subtype.oid = r.rngsubtype
LEFT JOIN collation_name AS rco
    ON rco.oid = r.rngcollation AND r.rngcollation <> subtype.typcollation
LEFT JOIN enum_label AS l ON l.enumtypid = t.oid
LEFT JOIN domain_check AS k ON k.contypid = t.oid
LEFT JOIN composite AS m ON m.oid = t.typrelid
LEFT JOIN extension_member AS x ON x.objid = t.oid
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = t.oid AND s.classoid = t.tableoid AND s.objsubid = 0
WHERE t.typtype IN ('e', 'd', 'c', 'r', 'm', 'b')
  AND t.typisdefined
  -- Neither the row types of relations nor arrays, which the server makes by itself.
  AND (t.typrelid = 0 OR c.relkind = 'c')
  AND element.typarray IS DISTINCT FROM t.oid
  AND NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C";
