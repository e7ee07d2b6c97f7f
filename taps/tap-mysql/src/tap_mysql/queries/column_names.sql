-- Names of the columns of some tables, in their order.
SELECT SQL_BUFFER_RESULT c.table_schema, c.table_name, c.column_name
FROM information_schema.columns AS c
WHERE (c.table_schema, c.table_name) IN %(tables)s
ORDER BY
    CAST(c.table_schema AS BINARY),
    CAST(c.table_name AS BINARY),
    c.ordinal_position;
