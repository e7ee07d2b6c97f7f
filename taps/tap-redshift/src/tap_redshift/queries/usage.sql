-- How often statements scanned tables and wrote to them, by day.
-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
SELECT
    DATE_TRUNC('day', d.start_time) AS window_start,
    d.table_id,
    COUNT(DISTINCT CASE WHEN TRIM(d.step_name) = 'scan' THEN d.query_id END) AS reads,
    COUNT(DISTINCT CASE WHEN TRIM(d.step_name) IN ('insert', 'delete') THEN d.query_id END)
        AS writes,
    COUNT(DISTINCT d.user_id) AS unique_users
FROM pg_catalog.sys_query_detail AS d
INNER JOIN pg_catalog.sys_query_history AS h ON h.query_id = d.query_id
WHERE TRIM(h.database_name) = %(database)s
  AND TRIM(d.step_name) IN ('scan', 'insert', 'delete')
  AND d.table_id > 0
  AND d.user_id > 1
  AND d.start_time >= %(since)s
  AND d.start_time < %(until)s
GROUP BY 1, 2
ORDER BY 1, 2;
