-- Tables that views read, which MySQL 8.0.13 and later know.
SELECT DISTINCT
    u.view_schema,
    u.view_name,
    u.table_schema,
    u.table_name
FROM information_schema.view_table_usage AS u
WHERE u.view_schema IN %(databases)s
  AND CAST(u.view_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(u.view_name), %(tables)s))
ORDER BY
    CAST(u.view_schema AS BINARY),
    CAST(u.view_name AS BINARY),
    CAST(u.table_schema AS BINARY),
    CAST(u.table_name AS BINARY);
