-- What ran in the database, where the SYS views are missing; STL keeps no rows and no type.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERY.html
SELECT
    DATE_TRUNC('day', starttime) AS window_start,
    TRIM(querytxt) AS text,
    CAST(NULL AS varchar) AS statement_type,
    userid AS user_id,
    COUNT(*) AS runs,
    CAST(SUM(EXTRACT(EPOCH FROM endtime) - EXTRACT(EPOCH FROM starttime)) * 1000000 AS bigint)
        AS microseconds,
    CAST(NULL AS bigint) AS returned_rows
FROM pg_catalog.stl_query
WHERE TRIM("database") = %(database)s
  AND aborted = 0
  AND userid > 1
  AND starttime >= %(since)s
  AND starttime < %(until)s
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4;
