-- Which tables were scanned by statements that wrote into which others.
-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
SELECT DISTINCT w.table_id AS downstream_id, r.table_id AS upstream_id
FROM pg_catalog.sys_query_detail AS w
INNER JOIN pg_catalog.sys_query_detail AS r ON r.query_id = w.query_id
INNER JOIN pg_catalog.sys_query_history AS h ON h.query_id = w.query_id
WHERE TRIM(h.database_name) = %(database)s
  AND TRIM(w.step_name) = 'insert'
  AND TRIM(r.step_name) = 'scan'
  AND w.table_id > 0
  AND r.table_id > 0
  AND w.table_id <> r.table_id
  AND w.user_id > 1
  AND w.start_time >= %(since)s
  AND w.start_time < %(until)s
ORDER BY 1, 2;
