-- Indexes: a row for each part of one. MySQL 8 also has expressions and visibility, MariaDB 10.6
-- whether the optimizer ignores an index.
SELECT SQL_BUFFER_RESULT s.*
FROM information_schema.statistics AS s
WHERE s.table_schema IN %(databases)s
  AND CAST(s.table_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(s.table_name), %(tables)s))
ORDER BY
    CAST(s.table_schema AS BINARY),
    CAST(s.table_name AS BINARY),
    CAST(s.index_name AS BINARY),
    s.seq_in_index;
