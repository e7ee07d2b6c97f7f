-- Privileges on what the other streams show; an object without a list has the defaults of its type.
WITH signature AS (
    SELECT
        s.oid,
        -- A URN is a key in the catalog, and keys have a limit.
        CASE
            WHEN octet_length(s.types) <= 300 THEN s.types
            ELSE left(s.types, 60) || '...'
                || left(encode(sha256(convert_to(s.types, getdatabaseencoding())), 'hex'), 32)
        END AS types
    FROM (
        SELECT p.oid, string_agg(format_type(u.type_oid, NULL), ',' ORDER BY u.position) AS types
        FROM pg_catalog.pg_proc AS p
        CROSS JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY AS u (type_oid, position)
        GROUP BY p.oid
    ) AS s
),
visible_schema AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
    FROM pg_catalog.pg_namespace AS n
    WHERE NOT starts_with(n.nspname, 'pg_')
      AND n.nspname <> 'information_schema'
      AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
),
object (path, kind, acl, default_acl) AS (
    SELECT ARRAY[d.datname]::text[], NULL, d.datacl, acldefault('d', d.datdba)
    FROM pg_catalog.pg_database AS d
    WHERE d.datname = current_database()

    UNION ALL

    SELECT ARRAY[current_database(), n.nspname]::text[], NULL, n.nspacl, acldefault('n', n.nspowner)
    FROM visible_schema AS n

    UNION ALL

    SELECT
        ARRAY[current_database(), n.nspname, c.relname]::text[],
        CASE WHEN c.relkind = 'S' THEN 'sequence' END,
        c.relacl,
        acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner)
    FROM pg_catalog.pg_class AS c
    INNER JOIN visible_schema AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')

    UNION ALL

    SELECT
        ARRAY[current_database(), n.nspname, c.relname, a.attname]::text[], '#', a.attacl, NULL
    FROM pg_catalog.pg_attribute AS a
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    INNER JOIN visible_schema AS n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL
      AND a.attnum > 0
      AND NOT a.attisdropped
      AND c.relkind IN ('r', 'p', 'v', 'm', 'f')

    UNION ALL

    SELECT
        ARRAY[
            current_database(), n.nspname, p.proname || '(' || COALESCE(g.types, '') || ')'
        ]::text[],
        'routine',
        p.proacl,
        acldefault('f', p.proowner)
    FROM pg_catalog.pg_proc AS p
    INNER JOIN visible_schema AS n ON n.oid = p.pronamespace
    LEFT JOIN signature AS g ON g.oid = p.oid

    UNION ALL

    SELECT
        ARRAY[current_database(), n.nspname, t.typname]::text[],
        'type',
        t.typacl,
        acldefault('T', t.typowner)
    FROM pg_catalog.pg_type AS t
    INNER JOIN visible_schema AS n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
    LEFT JOIN pg_catalog.pg_type AS element ON element.oid = t.typelem
    WHERE t.typtype IN ('e', 'd', 'c', 'r', 'm', 'b')
      AND t.typisdefined
      AND (t.typrelid = 0 OR c.relkind = 'c')
      AND element.typarray IS DISTINCT FROM t.oid

    UNION ALL

    SELECT
        ARRAY[current_database(), f.srvname]::text[],
        'location',
        f.srvacl,
        acldefault('S', f.srvowner)
    FROM pg_catalog.pg_foreign_server AS f
),
privilege AS (
    SELECT
        o.path,
        o.kind,
        CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END AS grantee,
        pg_get_userbyid(a.grantor)::text AS grantor,
        a.privilege_type,
        a.is_grantable,
        o.acl IS NULL AS is_default
    FROM object AS o
    CROSS JOIN LATERAL aclexplode(COALESCE(o.acl, o.default_acl)) AS a
)
-- Several grantors can give the same privilege: it is one grant.
SELECT
    ARRAY[p.grantee] AS grantee_path,
    'principal' AS grantee_kind,
    p.path AS object_path,
    p.kind AS object_kind,
    p.privilege_type AS privilege,
    bool_or(p.is_grantable) AS grantable,
    min(p.grantor COLLATE "C") AS grantor,
    jsonb_strip_nulls(jsonb_build_object(
        'default', NULLIF(bool_or(p.is_default), FALSE),
        'grantors', CASE
            WHEN count(*) > 1 THEN jsonb_agg(p.grantor ORDER BY p.grantor COLLATE "C")
        END
    )) AS extra
FROM privilege AS p
GROUP BY p.path, p.kind, p.grantee, p.privilege_type
ORDER BY p.path COLLATE "C", p.kind, p.grantee COLLATE "C", p.privilege_type;
