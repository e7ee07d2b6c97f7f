-- What ran in the database, by day, user and text.
-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_HISTORY.html
SELECT
    DATE_TRUNC('day', start_time) AS window_start,
    TRIM(query_text) AS text,
    TRIM(query_type) AS statement_type,
    user_id,
    COUNT(*) AS runs,
    CAST(SUM(elapsed_time) AS bigint) AS microseconds,
    CAST(SUM(returned_rows) AS bigint) AS returned_rows
FROM pg_catalog.sys_query_history
WHERE TRIM(database_name) = %(database)s
  AND TRIM(status) = 'success'
  -- 1 is the server itself.
  AND user_id > 1
  AND start_time >= %(since)s
  AND start_time < %(until)s
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4;
