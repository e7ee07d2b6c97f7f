-- Triggers; a table may have several for one event, and then an order. Newer versions of MariaDB
-- let one trigger watch several events.
SELECT SQL_BUFFER_RESULT t.*
FROM information_schema.triggers AS t
WHERE t.trigger_schema IN %(databases)s
  AND CAST(t.trigger_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(t.event_object_table), %(tables)s))
ORDER BY
    CAST(t.trigger_schema AS BINARY),
    CAST(t.event_object_table AS BINARY),
    CAST(t.trigger_name AS BINARY);
