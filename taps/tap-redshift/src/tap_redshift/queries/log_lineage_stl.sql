-- Which tables were scanned by statements that wrote into which others, without the SYS views.
SELECT DISTINCT w.tbl AS downstream_id, r.tbl AS upstream_id
FROM pg_catalog.stl_insert AS w
INNER JOIN pg_catalog.stl_scan AS r ON r.query = w.query
INNER JOIN pg_catalog.stl_query AS q ON q.query = w.query
WHERE TRIM(q."database") = %(database)s
  AND w.tbl > 0
  AND r.tbl > 0
  AND w.tbl <> r.tbl
  AND w.userid > 1
  AND w.starttime >= %(since)s
  AND w.starttime < %(until)s
ORDER BY 1, 2;
