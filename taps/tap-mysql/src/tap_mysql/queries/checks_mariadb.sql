-- Check constraints, as MariaDB shows them: its newer versions say whether a column has it.
SELECT SQL_BUFFER_RESULT
    c.constraint_schema AS table_schema,
    c.*
FROM information_schema.check_constraints AS c
WHERE c.constraint_schema IN %(databases)s
  AND CAST(c.constraint_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(c.table_name), %(tables)s))
ORDER BY
    CAST(c.constraint_schema AS BINARY),
    CAST(c.table_name AS BINARY),
    CAST(c.constraint_name AS BINARY);
