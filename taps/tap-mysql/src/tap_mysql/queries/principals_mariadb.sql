-- Accounts and roles of MariaDB: a row for each role that one has, or one without.
SELECT SQL_BUFFER_RESULT
    u.user,
    u.host,
    u.is_role,
    r.role,
    '' AS role_host
FROM mysql.user AS u
LEFT JOIN mysql.roles_mapping AS r
    ON CAST(r.user AS BINARY) = CAST(u.user AS BINARY) AND r.host = u.host
ORDER BY CAST(u.user AS BINARY), CAST(u.host AS BINARY), CAST(r.role AS BINARY);
