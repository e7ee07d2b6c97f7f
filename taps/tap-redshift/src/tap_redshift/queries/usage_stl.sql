-- How often statements scanned tables and wrote to them, where the SYS views are missing.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_SCAN.html,
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_INSERT.html
SELECT
    DATE_TRUNC('day', s.starttime) AS window_start,
    s.tbl AS table_id,
    COUNT(DISTINCT s.reader) AS reads,
    COUNT(DISTINCT s.writer) AS writes,
    COUNT(DISTINCT s.userid) AS unique_users
FROM (
    SELECT query, tbl, userid, starttime, query AS reader, CAST(NULL AS integer) AS writer
    FROM pg_catalog.stl_scan

    UNION ALL

    SELECT query, tbl, userid, starttime, NULL, query
    FROM pg_catalog.stl_insert
) AS s
INNER JOIN pg_catalog.stl_query AS q ON q.query = s.query
WHERE TRIM(q."database") = %(database)s
  AND s.tbl > 0
  AND s.userid > 1
  AND s.starttime >= %(since)s
  AND s.starttime < %(until)s
GROUP BY 1, 2
ORDER BY 1, 2;
