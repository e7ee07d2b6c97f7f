-- Columns of tables and views; MySQL 8 also has the spatial reference system.
SELECT SQL_BUFFER_RESULT c.*
FROM information_schema.columns AS c
WHERE c.table_schema IN %(databases)s
  AND CAST(c.table_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(c.table_name), %(tables)s))
ORDER BY
    CAST(c.table_schema AS BINARY),
    CAST(c.table_name AS BINARY),
    c.ordinal_position;
