-- Views; MariaDB also has their algorithm.
SELECT SQL_BUFFER_RESULT v.*
FROM information_schema.views AS v
WHERE v.table_schema IN %(databases)s
  AND CAST(v.table_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(v.table_name), %(tables)s))
ORDER BY CAST(v.table_schema AS BINARY), CAST(v.table_name AS BINARY);
