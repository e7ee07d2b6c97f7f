-- Events of the event scheduler.
SELECT SQL_BUFFER_RESULT
    e.event_schema,
    e.event_name,
    e.definer,
    e.time_zone,
    e.event_definition,
    e.event_type,
    e.execute_at,
    e.interval_value,
    e.interval_field,
    e.sql_mode,
    e.starts,
    e.ends,
    e.status,
    e.on_completion,
    e.created,
    e.last_altered,
    e.event_comment
FROM information_schema.events AS e
WHERE e.event_schema IN %(databases)s
  AND CAST(e.event_schema AS BINARY) IN %(databases)s
ORDER BY CAST(e.event_schema AS BINARY), CAST(e.event_name AS BINARY);
