-- Check constraints, as MySQL 8.0.16 and later show them: their names are unique in a database.
SELECT SQL_BUFFER_RESULT
    t.table_schema,
    t.table_name,
    t.constraint_name,
    t.enforced,
    c.check_clause
FROM information_schema.table_constraints AS t
INNER JOIN information_schema.check_constraints AS c
    ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
WHERE t.table_schema IN %(databases)s
  AND CAST(t.table_schema AS BINARY) IN %(databases)s
  AND t.constraint_type = 'CHECK'
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(t.table_name), %(tables)s))
ORDER BY
    CAST(t.table_schema AS BINARY),
    CAST(t.table_name AS BINARY),
    CAST(t.constraint_name AS BINARY);
