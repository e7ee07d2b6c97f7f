-- Sequences with their numbers, which MariaDB 11.5 and later show; their current value is data.
SELECT SQL_BUFFER_RESULT s.*
FROM information_schema.sequences AS s
WHERE s.sequence_schema IN %(databases)s
  AND CAST(s.sequence_schema AS BINARY) IN %(databases)s
ORDER BY CAST(s.sequence_schema AS BINARY), CAST(s.sequence_name AS BINARY);
