-- Accounts of MySQL 5.7, which has no roles.
SELECT SQL_BUFFER_RESULT
    u.user,
    u.host,
    'N' AS is_role,
    NULL AS role,
    NULL AS role_host
FROM mysql.user AS u
ORDER BY CAST(u.user AS BINARY), CAST(u.host AS BINARY);
