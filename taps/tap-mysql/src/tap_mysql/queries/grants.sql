-- Privileges on the server, its databases, their tables and columns.
SELECT
    g.grantee,
    NULL AS table_schema,
    NULL AS table_name,
    NULL AS column_name,
    g.privilege_type,
    g.is_grantable
FROM information_schema.user_privileges AS g
WHERE g.privilege_type <> 'USAGE'

UNION ALL

SELECT g.grantee, g.table_schema, NULL, NULL, g.privilege_type, g.is_grantable
FROM information_schema.schema_privileges AS g
WHERE g.privilege_type <> 'USAGE'

UNION ALL

SELECT g.grantee, g.table_schema, g.table_name, NULL, g.privilege_type, g.is_grantable
FROM information_schema.table_privileges AS g
WHERE CAST(g.table_schema AS BINARY) IN %(databases)s
  AND g.privilege_type <> 'USAGE'

UNION ALL

SELECT g.grantee, g.table_schema, g.table_name, g.column_name, g.privilege_type, g.is_grantable
FROM information_schema.column_privileges AS g
WHERE CAST(g.table_schema AS BINARY) IN %(databases)s
ORDER BY
    CAST(grantee AS BINARY),
    CAST(table_schema AS BINARY),
    CAST(table_name AS BINARY),
    CAST(column_name AS BINARY),
    privilege_type;
