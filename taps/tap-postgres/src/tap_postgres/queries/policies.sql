-- Row level security: which rows of a table a role sees and may write.
SELECT
    ARRAY[current_database(), n.nspname, c.relname, p.polname]::text[] AS path,
    p.polname::text AS name,
    s.description,
    'rls' AS policy_type,
    NULLIF(concat_ws(
        ' ',
        'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
        'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
    ), '') AS expression,
    jsonb_build_array(
        jsonb_build_array(current_database(), n.nspname, c.relname)
    ) AS applies_to_paths,
    jsonb_build_object(
        'command', CASE p.polcmd
            WHEN 'r' THEN 'SELECT'
            WHEN 'a' THEN 'INSERT'
            WHEN 'w' THEN 'UPDATE'
            WHEN 'd' THEN 'DELETE'
            ELSE 'ALL'
        END,
        'permissive', p.polpermissive,
        'roles', (
            SELECT jsonb_agg(u.role_name ORDER BY u.role_name COLLATE "C")
            FROM (
                SELECT CASE WHEN r.oid = 0 THEN 'public' ELSE pg_get_userbyid(r.oid)::text END
                FROM unnest(p.polroles) AS r (oid)
            ) AS u (role_name)
        ),
        'enabled', c.relrowsecurity
    ) AS extra
FROM pg_catalog.pg_policy AS p
INNER JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = p.oid AND s.classoid = p.tableoid AND s.objsubid = 0
WHERE NOT starts_with(n.nspname, 'pg_')
  AND n.nspname <> 'information_schema'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
  AND (%(tables)s::text[] IS NULL OR c.relname = ANY (%(tables)s::text[]))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", p.polname COLLATE "C";
