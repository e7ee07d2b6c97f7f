-- Accounts of MySQL 8 and later: a row for each role that one has, or one without. A role is an
-- account that was granted to another.
SELECT SQL_BUFFER_RESULT
    u.user,
    u.host,
    CASE WHEN g.from_user IS NULL THEN 'N' ELSE 'Y' END AS is_role,
    r.from_user AS role,
    r.from_host AS role_host
FROM mysql.user AS u
LEFT JOIN mysql.role_edges AS r ON r.to_user = u.user AND r.to_host = u.host
LEFT JOIN (SELECT DISTINCT e.from_user, e.from_host FROM mysql.role_edges AS e) AS g
    ON g.from_user = u.user AND g.from_host = u.host
ORDER BY
    CAST(u.user AS BINARY),
    CAST(u.host AS BINARY),
    CAST(r.from_user AS BINARY),
    CAST(r.from_host AS BINARY);
