-- Databases; MariaDB also has a comment.
SELECT SQL_BUFFER_RESULT s.*
FROM information_schema.schemata AS s
WHERE CAST(s.schema_name AS BINARY) IN %(databases)s
ORDER BY CAST(s.schema_name AS BINARY);
