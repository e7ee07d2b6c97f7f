-- Sequences of MariaDB before 11.5, which shows only that they are there.
SELECT SQL_BUFFER_RESULT
    t.table_schema AS sequence_schema,
    t.table_name AS sequence_name,
    t.create_time,
    t.table_comment
FROM information_schema.tables AS t
WHERE t.table_schema IN %(databases)s
  AND CAST(t.table_schema AS BINARY) IN %(databases)s
  AND t.table_type = 'SEQUENCE'
ORDER BY CAST(t.table_schema AS BINARY), CAST(t.table_name AS BINARY);
