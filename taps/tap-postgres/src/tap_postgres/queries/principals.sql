-- Roles of the server and what they are members of; passwords are out of reach.
-- Since PostgreSQL 16 a membership stands once for each role that granted it.
WITH membership AS (
    SELECT DISTINCT m.member, g.rolname
    FROM pg_catalog.pg_auth_members AS m
    INNER JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
),
member AS (
    SELECT
        m.member AS oid,
        jsonb_agg(jsonb_build_array(m.rolname) ORDER BY m.rolname COLLATE "C") AS groups
    FROM membership AS m
    GROUP BY m.member
)
SELECT
    ARRAY[r.rolname]::text[] AS path,
    r.rolname::text AS name,
    s.description,
    CASE WHEN r.rolcanlogin THEN 'user' ELSE 'role' END AS principal_type,
    COALESCE(m.groups, '[]') AS member_of_paths,
    'principal' AS member_of_kind,
    jsonb_strip_nulls(jsonb_build_object(
        'bypass_row_security', NULLIF(r.rolbypassrls, FALSE),
        'connection_limit', NULLIF(r.rolconnlimit, -1),
        'create_database', NULLIF(r.rolcreatedb, FALSE),
        'create_role', NULLIF(r.rolcreaterole, FALSE),
        'inherit', NULLIF(r.rolinherit, TRUE),
        'replication', NULLIF(r.rolreplication, FALSE),
        'superuser', NULLIF(r.rolsuper, FALSE),
        'valid_until', r.rolvaliduntil
    )) AS extra
FROM pg_catalog.pg_roles AS r
LEFT JOIN member AS m ON m.oid = r.oid
LEFT JOIN pg_catalog.pg_shdescription AS s
    ON s.objoid = r.oid AND s.classoid = 'pg_catalog.pg_authid'::regclass
ORDER BY r.rolname COLLATE "C";
