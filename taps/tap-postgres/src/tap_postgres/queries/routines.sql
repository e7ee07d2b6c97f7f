-- Functions, procedures, aggregates and window functions: one row an overload.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      AND d.deptype = 'e'
),
-- The types of the input arguments tell overloads apart.
signature AS (
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
argument AS (
    SELECT
        p.oid,
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'name', NULLIF(u.name, ''),
            'data_type', format_type(u.type_oid, NULL),
            'mode', CASE u.mode
                WHEN 'o' THEN 'out'
                WHEN 'b' THEN 'inout'
                WHEN 'v' THEN 'variadic'
                WHEN 't' THEN 'table'
                ELSE 'in'
            END,
            'default', CASE
                WHEN p.pronargdefaults > 0
                THEN pg_get_function_arg_default(p.oid, u.position::integer)
            END
        )) ORDER BY u.position) AS arguments
    FROM pg_catalog.pg_proc AS p
    CROSS JOIN LATERAL unnest(
        COALESCE(p.proallargtypes, p.proargtypes), p.proargmodes, p.proargnames
    ) WITH ORDINALITY AS u (type_oid, mode, name, position)
    GROUP BY p.oid
)
SELECT
    ARRAY[
        current_database(), n.nspname, p.proname || '(' || COALESCE(g.types, '') || ')'
    ]::text[] AS path,
    p.proname::text AS name,
    s.description,
    jsonb_build_array(jsonb_build_object(
        'principal', pg_get_userbyid(p.proowner), 'kind', 'role', 'source', 'pg_proc.proowner'
    )) AS owners,
    CASE p.prokind
        WHEN 'f' THEN 'function'
        WHEN 'p' THEN 'procedure'
        WHEN 'a' THEN 'aggregate'
        WHEN 'w' THEN 'window'
    END AS routine_type,
    l.lanname::text AS language,
    COALESCE(r.arguments, '[]') AS arguments,
    pg_get_function_result(p.oid) AS return_type,
    -- The server writes no statement for an aggregate: `extra` says what it is made of.
    CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS definition,
    CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END AS security,
    CASE p.provolatile
        WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' WHEN 'v' THEN 'volatile'
    END AS volatility,
    jsonb_strip_nulls(jsonb_build_object(
        'aggregate', CASE WHEN a.aggfnoid IS NOT NULL THEN jsonb_build_object(
            'state_function', a.aggtransfn::regprocedure::text,
            'state_type', format_type(a.aggtranstype, NULL),
            'initial_state', a.agginitval,
            'final_function', NULLIF(a.aggfinalfn, 0)::regprocedure::text
        ) END,
        'config', to_jsonb(p.proconfig),
        'cost', p.procost,
        'extension', e.extname,
        'leakproof', NULLIF(p.proleakproof, FALSE),
        'parallel', CASE p.proparallel
            WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' WHEN 'u' THEN 'unsafe'
        END,
        'rows', NULLIF(p.prorows, 0),
        'strict', NULLIF(p.proisstrict, FALSE)
    )) AS extra
FROM pg_catalog.pg_proc AS p
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
INNER JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
LEFT JOIN signature AS g ON g.oid = p.oid
LEFT JOIN argument AS r ON r.oid = p.oid
LEFT JOIN pg_catalog.pg_aggregate AS a ON a.aggfnoid = p.oid
LEFT JOIN extension_member AS e ON e.objid = p.oid
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = p.oid AND s.classoid = p.tableoid AND s.objsubid = 0
WHERE NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", COALESCE(g.types, '') COLLATE "C";
